import type { ComponentType } from 'react';
import { lazyScreen } from '../components/lazily.tsx';
import Overview from './overview/index.tsx';

type Screen = { name: string; component: ComponentType };

/** The screens by the name that the address carries; the first one opens when it carries none.
 *  Their titles in the admin menu stand in Admin\Page, which also looks for their code as `screen-<name>.js`. */
export const screens: readonly [ Screen, ...Screen[] ] = [
	{ name: 'overview', component: Overview },
	{ name: 'matcher', component: lazyScreen( () => import( /* webpackChunkName: "screen-matcher" */ './matcher/index.tsx' ) ) },
	{ name: 'runs', component: lazyScreen( () => import( /* webpackChunkName: "screen-runs" */ './runs/index.tsx' ) ) },
	{ name: 'companies', component: lazyScreen( () => import( /* webpackChunkName: "screen-companies" */ './companies/index.tsx' ) ) },
	{ name: 'rules', component: lazyScreen( () => import( /* webpackChunkName: "screen-rules" */ './rules/index.tsx' ) ) },
	{ name: 'monitors', component: lazyScreen( () => import( /* webpackChunkName: "screen-monitors" */ './monitors/index.tsx' ) ) },
	{ name: 'connect', component: lazyScreen( () => import( /* webpackChunkName: "screen-connect" */ './connect/index.tsx' ) ) },
	{ name: 'payloads', component: lazyScreen( () => import( /* webpackChunkName: "screen-payloads" */ './payloads/index.tsx' ) ) },
	{ name: 'settings', component: lazyScreen( () => import( /* webpackChunkName: "screen-settings" */ './settings/index.tsx' ) ) },
];
