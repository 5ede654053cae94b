import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { mo, po, type GetTextTranslation } from 'gettext-parser';
import { POT } from '../../../companion/src/dev/translations/pot.ts';
import type { Site } from './site.ts';

/** A third longer than English, as German is, and known by its umlauts; placeholders and spaces at the ends stay. */
export const german = ( text: string ): string =>
	text.replace( /\S(?:[\s\S]*\S)?/, ( inner ) => `Ü ${ inner }${ ' äöß'.repeat( Math.max( 1, Math.round( inner.length / 14 ) ) ) }` );

/** Installs a language pack as WordPress does, in which every text of the template is translated. */
export function installPseudoGerman( site: Site ): void {
	const { translations } = po.parse( readFileSync( POT ) );
	const entries = Object.values( translations )
		.flatMap( ( context ) => Object.values( context ) )
		.filter( ( { msgid } ) => msgid !== '' );
	for ( const entry of entries ) {
		entry.msgstr = [ entry.msgid, ...( entry.msgid_plural ? [ entry.msgid_plural ] : [] ) ].map( german );
	}
	const folder = join( site.stack.site, 'wp-content/languages/plugins' );
	mkdirSync( folder, { recursive: true } );
	const headers = { 'Content-Type': 'text/plain; charset=UTF-8', 'Plural-Forms': 'nplurals=2; plural=(n != 1);', Language: 'de_DE' };
	writeFileSync( join( folder, 'rollcall-de_DE.mo' ), mo.compile( { charset: 'utf-8', headers, translations } ) );
	// WordPress takes only a language of which it has a pack of its own; this one has no texts.
	writeFileSync( join( folder, '../de_DE.mo' ), mo.compile( { charset: 'utf-8', headers, translations: {} } ) );
	for ( const [ script, texts ] of byScript( entries ) ) {
		const data = Object.fromEntries(
			texts.map( ( { msgctxt, msgid, msgstr } ) => [ msgctxt ? `${ msgctxt }\u0004${ msgid }` : msgid, msgstr ] )
		);
		const meta = { '': { domain: 'rollcall', lang: 'de_DE', plural_forms: headers[ 'Plural-Forms' ] } };
		const name = `rollcall-de_DE-${ createHash( 'md5' ).update( script ).digest( 'hex' ) }.json`;
		writeFileSync( join( folder, name ), JSON.stringify( { locale_data: { rollcall: { ...meta, ...data } } } ) );
	}
}

/** Texts by the script that has them, as the references of the template say. */
function byScript( entries: readonly GetTextTranslation[] ): Map< string, GetTextTranslation[] > {
	const scripts = new Map< string, GetTextTranslation[] >();
	for ( const entry of entries ) {
		for ( const reference of ( entry.comments?.reference ?? '' ).split( '\n' ) ) {
			const script = reference.replace( /:\d+$/, '' );
			if ( script.endsWith( '.js' ) ) {
				scripts.set( script, [ ...( scripts.get( script ) ?? [] ), entry ] );
			}
		}
	}
	return scripts;
}

/** Texts of the template as English has them, without those that are names or numbers in any language. */
export function englishTexts(): Set< string > {
	const { translations } = po.parse( readFileSync( POT ) );
	const texts = Object.values( translations ).flatMap( ( context ) => Object.keys( context ) );
	return new Set( texts.filter( ( text ) => /\p{L}{3,}/u.test( text ) && text !== 'Rollcall' ) );
}
