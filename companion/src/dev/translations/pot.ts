import { existsSync, globSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { po, type GetTextTranslations } from 'gettext-parser';
import { ROOT } from '../paths.ts';
import { DevError } from '../run.ts';
import { DOMAIN, messagesOf, type Found, type Message } from './messages.ts';
import { phpCalls } from './php-calls.ts';
import { scriptCalls } from './script-calls.ts';

export const POT = join( ROOT, 'plugin/languages', `${ DOMAIN }.pot` );

/** Scripts whose translations WordPress or Admin\Page asks for. */
const TRANSLATED = /^build\/((admin|screen-[a-z]+)\.js|blocks\/)/;

/** Fields of the plugin's header that WordPress translates. */
const HEADER = [ 'Plugin Name', 'Plugin URI', 'Description', 'Author', 'Author URI' ];

/** Fields of block.json that WordPress translates, with its context of each. */
const BLOCK: Record< string, string > = { title: 'block title', description: 'block description', keywords: 'block keyword' };

const keyOf = ( { text, plural, context }: Pick< Message, 'text' | 'plural' | 'context' > ): string =>
	JSON.stringify( [ text, plural, context ] );

function filesOf( folder: string, pattern: string ): string[] {
	return globSync( pattern, { cwd: join( ROOT, folder ) } ).toSorted();
}

function merge( parts: readonly Found[] ): Found {
	return { messages: parts.flatMap( ( part ) => part.messages ), faults: parts.flatMap( ( part ) => part.faults ) };
}

/** Texts of the PHP files and of the plugin's header. */
function phpMessages(): Found {
	const files = filesOf( 'plugin', '{*.php,{src,contract,templates}/**/*.php}' );
	const parts = files.map( ( file ) => messagesOf( phpCalls( readFileSync( join( ROOT, 'plugin', file ), 'utf8' ), file ), file ) );
	const main = readFileSync( join( ROOT, 'plugin/rollcall.php' ), 'utf8' );
	const header = HEADER.flatMap( ( field ): Message[] => {
		const text = new RegExp( `^[ \\t/*#@]*${ field }:(.*)$`, 'm' ).exec( main )?.[ 1 ]?.trim();
		return text === undefined
			? []
			: [ { text, plural: null, context: null, comment: `translators: ${ field } of the plugin.`, reference: 'rollcall.php:3' } ];
	} );
	return merge( [ { messages: header, faults: [] }, ...parts ] );
}

/** Whether a script holds a text, told by its longest part that every way of writing a literal leaves as it is. */
function isIn( code: string, text: string ): boolean {
	const [ longest = '' ] = text.split( /[^ -~]|["'`\\$]/ ).toSorted( ( one, other ) => other.length - one.length );
	const looked_for = longest === text ? [ `"${ text }"`, `'${ text }'` ] : [ longest ];
	return longest.length >= 12 && looked_for.some( ( part ) => code.includes( part ) );
}

/** Texts of the admin page and the blocks. Each is read in the source, where its comment stands, and named where the build
 *  has it: WordPress finds the translations of a script by the script's path. */
function scriptMessages(): Found {
	const source = merge(
		filesOf( 'admin-ts/src', '**/*.{ts,tsx}' ).map( ( file ) =>
			messagesOf( scriptCalls( readFileSync( join( ROOT, 'admin-ts/src', file ), 'utf8' ), file ), `admin-ts/src/${ file }` )
		)
	);
	const built = new Map< string, string[] >();
	let code = '';
	for ( const file of filesOf( 'plugin', 'build/**/*.js' ) ) {
		const text = readFileSync( join( ROOT, 'plugin', file ), 'utf8' );
		code += text;
		const found = messagesOf( scriptCalls( text, file ), file, true );
		new Set( found.messages.map( keyOf ) ).forEach( ( key ) => built.set( key, [ ...( built.get( key ) ?? [] ), `${ file }:1` ] ) );
	}
	// A text that nothing uses is not in the build at all; a short word may be there as something else.
	const lost = source.messages.filter( ( message ) => ! built.has( keyOf( message ) ) && isIn( code, message.text ) );
	return {
		messages: source.messages.flatMap( ( message ) =>
			( built.get( keyOf( message ) ) ?? [] ).map( ( reference ) => ( { ...message, reference } ) )
		),
		faults: [
			...source.faults,
			...[ ...built ].flatMap( ( [ key, files ] ) =>
				files
					.filter( ( file ) => ! TRANSLATED.test( file ) )
					.map( ( file ) => `${ file } has ${ key }, but nothing loads the translations of that file` )
			),
			...lost.map(
				( { reference, text } ) => `${ reference } has "${ text }", which was not found in plugin/build as a text to translate`
			),
		],
	};
}

/** Texts of the blocks' descriptions. */
function blockMessages(): Found {
	const messages = filesOf( 'plugin', 'build/**/block.json' ).flatMap( ( file ) => {
		const block: Record< string, unknown > = JSON.parse( readFileSync( join( ROOT, 'plugin', file ), 'utf8' ) );
		return Object.entries( BLOCK ).flatMap( ( [ field, context ] ) =>
			[ block[ field ] ?? [] ]
				.flat()
				.map( ( text ): Message => ( { text: String( text ), plural: null, context, comment: null, reference: `${ file }:1` } ) )
		);
	} );
	return { messages, faults: [] };
}

/** All texts of the plugin as the build has it. Throws when one cannot be translated. */
export function allMessages(): Message[] {
	if ( ! existsSync( join( ROOT, 'plugin/build/admin.js' ) ) ) {
		throw new DevError( 'plugin/build/admin.js is not there: npm run build' );
	}
	const { messages, faults } = merge( [ phpMessages(), scriptMessages(), blockMessages() ] );
	if ( faults.length > 0 ) {
		throw new DevError( `Not all texts can be translated:\n${ faults.join( '\n' ) }` );
	}
	return messages;
}

/** The template of all translations, in gettext's format. */
export function potOf( messages: readonly Message[], version: string ): string {
	const translations: GetTextTranslations[ 'translations' ] = {};
	for ( const message of messages ) {
		const context = ( translations[ message.context ?? '' ] ??= {} );
		const entry = ( context[ message.text ] ??= { msgid: message.text, msgstr: [ '' ] } );
		if ( message.context !== null ) {
			entry.msgctxt = message.context;
		}
		if ( message.plural !== null ) {
			entry.msgid_plural = message.plural;
			entry.msgstr = [ '', '' ];
		}
		const lines = ( text: string | undefined, more: string | null ): string =>
			[ ...new Set( [ ...( text ? text.split( '\n' ) : [] ), ...( more ? [ more ] : [] ) ] ) ].join( '\n' );
		entry.comments = {
			...entry.comments,
			reference: lines( entry.comments?.reference, message.reference ),
			extracted: lines( entry.comments?.extracted, message.comment ),
		};
	}
	const headers = {
		'Project-Id-Version': `Rollcall ${ version }`,
		'MIME-Version': '1.0',
		'Content-Type': 'text/plain; charset=UTF-8',
		'Content-Transfer-Encoding': '8bit',
		'X-Domain': DOMAIN,
	};
	return `${ po.compile( { charset: 'utf-8', headers, translations }, { foldLength: 0 } ).toString() }\n`;
}

/** Writes plugin/languages/rollcall.pot from the sources and the build; how many messages it has. */
export function writePot( version: string ): number {
	const text = potOf( allMessages(), version );
	mkdirSync( dirname( POT ), { recursive: true } );
	writeFileSync( POT, text );
	return [ ...text.matchAll( /^msgid "/gm ) ].length - 1;
}
