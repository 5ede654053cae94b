/** What the page is told by WordPress before its script runs. Written by Admin\Page. */
export type PageSettings = {
	/** Address of the admin page without `screen`. */
	page_url: string;
	/** Root of the REST interface, ends with a slash or `?rest_route=/`. */
	rest_url: string;
	/** Nonce for links that download a file; requests take theirs from api-fetch. */
	nonce: string;
	/** BCP 47 tag of the user's language, for numbers. */
	locale: string;
	/** Path of the companion program on this server; empty without the right to connect one. */
	companion_path: string;
	can: { view: boolean; manage: boolean; settings: boolean; list_users: boolean };
	/** Hosts of the site itself: whoever has an address there is staff. */
	own_hosts: readonly string[];
	/** Title and hint of each error code, from the contract. */
	errors: Record< string, { title: string; hint: string } >;
};

declare global {
	interface Window {
		rollcall_settings?: PageSettings;
	}
}

const NOTHING: PageSettings = {
	page_url: '',
	rest_url: '/wp-json/',
	nonce: '',
	locale: 'en-US',
	companion_path: '',
	can: { view: false, manage: false, settings: false, list_users: false },
	own_hosts: [],
	errors: {},
};

/** The settings of this page; without rights when WordPress printed none. */
export function pageSettings(): PageSettings {
	return window.rollcall_settings ?? NOTHING;
}
