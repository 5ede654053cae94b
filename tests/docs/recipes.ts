import { join } from 'node:path';
import type { Scratch } from './scratch.ts';

const FIXTURES = join( import.meta.dirname, '../fixtures/recipes' );

/** A column `note` of the lists: its line in the contract, its migration, its writer and its reader. */
function column( scratch: Scratch ): void {
	scratch.add( join( FIXTURES, 'column' ) );
	scratch.insert(
		'companion/src/contract/list.ts',
		"error_message: nullable( text( 500, 'Why the last look failed.' ) ),",
		"\n\tnote: nullable( text( 200, 'What the owner noted of it.' ) ),"
	);
	const rows = 'plugin/src/Database/Lists.php';
	scratch.insert( rows, 'fetched_at_ms: int|null, checked_at_ms: int|null, ', 'note: string|null, ' );
	scratch.insert( rows, "$stored_list['error_message'],", "\n\t\t\t'note'              => $stored_list['note']," );
	scratch.insert( rows, "'error_message'        => $row['error_message'],", "\n\t\t\t'note'                 => $row['note']," );
	scratch.insert(
		rows,
		'/** Companies in use over all lists. */',
		`
	public static function set_note( string $list_uid, string $note ): void {
		Sql::run( 'UPDATE {lists} SET note = %s WHERE list_uid = %s', $note, $list_uid );
	}

	/** The same as a number. */`
	);
	scratch.insert( 'tests/admin/fixtures.ts', 'removed: 1 },', "\n\t\tnote: 'Checked by hand.'," );
	scratch.insert( 'tests/admin/fixtures.ts', 'changes: null,', '\n\t\tnote: null,' );
}

/** A screen with the notes. */
function screen( scratch: Scratch ): void {
	scratch.add( join( FIXTURES, 'screen' ) );
	const screens = 'admin-ts/src/screens/index.ts';
	scratch.insert( screens, 'import( /* webpackChunkName: "screen-settings" */ \'./settings/index.tsx\' ) ) },', LINES.screens );
	scratch.insert(
		'plugin/src/Admin/Page.php',
		"'settings'  => array( __( 'Settings', 'rollcall' ), Capabilities::SETTINGS ),",
		LINES.menu
	);
	scratch.insert(
		'admin-ts/src/data/queries.ts',
		'/** The lists, read every 3 s while one of them is being updated. A new version makes the companies stale. */',
		`
export function useNotedLists(): Loading< Rows< CompanyList > > {
	return useQuery< Rows< CompanyList >, ApiError >( {
		queryKey: [ 'lists', 'noted' ],
		queryFn: async ( { signal } ) => {
			const lists = await requestRows< CompanyList >( restPath( '/lists' ), signal );
			const items = lists.items.filter( ( list ) => list.note !== null );
			return { items, total: items.length, pages: 1 };
		},
	} );
}
`
	);
	scratch.insert(
		'tests/admin/screens/faces.test.tsx',
		'const CASES: Record< string, Case > = {',
		"\n\tnotes: { place: '&screen=notes', main: 'GET /lists', empty: 'No notes yet.', filled: 'Checked by hand.' },"
	);
	scratch.insert(
		'tests/plugin/Admin/PageTest.php',
		"'admin.php?page=rollcall&screen=settings' => 'Settings',",
		"\n\t\t\t\t'admin.php?page=rollcall&screen=notes' => 'Notes',"
	);
	scratch.insert(
		'tests/e2e/support/screens.ts',
		"settings: [ 'admin.php?page=rollcall&screen=settings', 'Settings' ],",
		"\n\tnotes: [ 'admin.php?page=rollcall&screen=notes', 'Notes' ],"
	);
}

/** A shortcode with the notes. */
function shortcode( scratch: Scratch ): void {
	scratch.add( join( FIXTURES, 'shortcode' ) );
	scratch.insert( 'plugin/src/Shortcodes/Shortcode.php', 'Companies::TAG => Companies::class,', LINES.shortcode );
}

/** A check type that asks nothing, with a reason of its own. */
function checkType( scratch: Scratch ): void {
	scratch.add( join( FIXTURES, 'check-type' ) );
	const registry = 'companion/src/probes/index.ts';
	scratch.insert( registry, "import { push } from './push.ts';", "\nimport { nothing } from './nothing.ts';" );
	scratch.insert( registry, 'export const probes = {', ' nothing,' );
	scratch.insert( 'companion/src/contract/vocabulary.ts', 'rdap: 6', ', nothing: 7' );
	scratch.insert(
		'companion/src/contract/check-types.ts',
		'CHECK_FORMS: Readonly< Record< CheckType, CheckForm > > = {',
		"\n\tnothing: { schemes: [], example: '', interval_seconds: 60, fields: [], usual: [] },"
	);
	const words = 'admin-ts/src/screens/monitors/words.ts';
	scratch.insert( words, "rdap: __( 'Domain registration', 'rollcall' ),", "\n\t\tnothing: __( 'Nothing', 'rollcall' )," );
	scratch.insert(
		words,
		"rdap: __( 'Looks up when the registration of a domain ends.', 'rollcall' ),",
		"\n\t\tnothing: __( 'Asks nothing.', 'rollcall' ),"
	);
	scratch.insert( 'admin-ts/src/screens/monitors/form-fields.tsx', "rdap: [ '[DOMAIN_DAYS] > 30' ],", '\n\tnothing: [],' );
	scratch.insert( 'companion/src/probes/classify-error.ts', 'const REASONS = {', "\n\tnothing_there: 'unreachable'," );
}

/** An error code; its hint has what PHP and Markdown could trip over. */
function errorCode( scratch: Scratch ): void {
	scratch.insert( 'companion/src/contract/error-codes.ts', 'export const ERROR_CODES = {', LINES.error_code );
}

/** The lines of registries, which a test leaves out. */
export const LINES = {
	screens:
		"\n\t{ name: 'notes', component: lazyScreen( () => import( /* webpackChunkName: \"screen-notes\" */ './notes/index.tsx' ) ) },",
	menu: "\n\t\t\t'notes'     => array( __( 'Notes', 'rollcall' ), Capabilities::SETTINGS ),",
	shortcode: '\n\t\tNotes::TAG     => Notes::class,',
	error_code: "\n\tnote_lost: row( 409, true, 'The note was lost.', \"Write it again; it wasn't kept in C:\\\\notes.\" ),",
};

/** How each recipe of CONTRIBUTING is carried out, in its smallest true form, by its heading. */
export const RECIPES: Record< string, ( scratch: Scratch ) => void > = {
	'A check type': checkType,
	'A column': column,
	'A screen': screen,
	'A shortcode': shortcode,
	'An error code': errorCode,
};
