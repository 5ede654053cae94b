import { cleanup } from '@testing-library/react';
import { afterEach, beforeEach, expect, vi } from 'vitest';
import { allowed } from './fixtures.ts';
import { unanswered } from './page.tsx';

// jsdom has neither; DataViews and Modal only want them to exist.
window.matchMedia ??= ( query: string ) =>
	Object.assign( new EventTarget(), {
		matches: false,
		media: query,
		onchange: null,
		addListener: () => undefined,
		removeListener: () => undefined,
	} );
window.ResizeObserver ??= class {
	observe() {}
	unobserve() {}
	disconnect() {}
};
window.scrollTo = () => undefined;
Element.prototype.scrollIntoView = () => undefined;

beforeEach( () => {
	window.rollcall_settings = allowed();
} );

afterEach( () => {
	cleanup();
	vi.useRealTimers();
	window.history.replaceState( null, '', '/' );
	expect( unanswered.splice( 0 ) ).toEqual( [] );
} );
