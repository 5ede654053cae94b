import type { ComponentType } from 'react';
import Companies from './companies/index.tsx';
import Connect from './connect/index.tsx';
import Matcher from './matcher/index.tsx';
import Overview from './overview/index.tsx';
import PayloadsScreen from './payloads/index.tsx';
import SettingsScreen from './settings/index.tsx';

type Screen = { name: string; component: ComponentType };

/** The screens by the name that the address carries; the first one opens when it carries none.
 *  Their titles in the admin menu stand in Admin\Page. */
export const screens: readonly [ Screen, ...Screen[] ] = [
	{ name: 'overview', component: Overview },
	{ name: 'matcher', component: Matcher },
	{ name: 'companies', component: Companies },
	{ name: 'connect', component: Connect },
	{ name: 'payloads', component: PayloadsScreen },
	{ name: 'settings', component: SettingsScreen },
];
