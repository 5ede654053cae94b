import { cleanup, configure } from '@testing-library/react';
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

// The first page of a run takes longer than the usual second when the machine is busy.
configure( { asyncUtilTimeout: 10_000 } );

beforeEach( () => {
	window.rollcall_settings = allowed();
} );

afterEach( () => {
	cleanup();
	vi.useRealTimers();
	window.history.replaceState( null, '', '/' );
	expect( unanswered.splice( 0 ) ).toEqual( [] );
} );
