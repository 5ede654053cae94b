import { calledName, isNode, lineOf, literal, nodesIn, phpTree, walk, type PhpNode } from './php-calls.ts';

/** Keys of arrays whose values people read. */
const SHOWN = new Set( [
	'title',
	'label',
	'hint',
	'help',
	'placeholder',
	'group_label',
	'exporter_friendly_name',
	'eraser_friendly_name',
] );

/** Functions of WordPress, and of the plugin, that show what they are given. */
const SHOWING =
	/^(esc_html|esc_attr|wp_die|add_(sub)?menu_page|add_settings_error|wp_add_dashboard_widget|wp_admin_notice|_deprecated_argument)$/;

const WORDS = /\p{L}{2,}/u;

/** Names are the same in every language. */
const NAMES = new Set( [ 'Rollcall', 'Y Combinator companies' ] );

/** A text with a space or a capital is for people; a lone lower-case word is a name in the code. */
const isProse = ( text: string ): boolean =>
	! NAMES.has( text ) && WORDS.test( text ) && /\s|^\p{Lu}/u.test( text.trim() ) && ! /^[A-Z0-9_]+$/.test( text );

/** What stands outside of tags, and the attributes that are read out. */
function visible( html: string ): string {
	const attributes = [ ...html.matchAll( /\s(?:title|alt|placeholder|aria-label)="([^"\0]*)"/g ) ].map( ( [ , text ] ) => text ?? '' );
	return [
		html
			.replace( /<(style|script)\b[\s\S]*?<\/\1>/g, '' )
			.replace( /<[^>]*>/g, ' ' )
			.replace( /&[a-z]+;/g, ' ' ),
		...attributes,
	].join( ' ' );
}

/** A text of which parts are not literals: those are a NUL. */
function pieces( node: unknown ): string {
	if ( isNode( node ) && node.kind === 'bin' && node.type === '.' ) {
		return pieces( node.left ) + pieces( node.right );
	}
	return literal( node ) ?? '\0';
}

/** Texts in a PHP file that people would see in English whatever their language: one line each. */
export function untranslated( code: string, file: string ): string[] {
	const tree = phpTree( code, file );
	const faults: string[] = [];
	const fault = ( node: PhpNode, text: string ): void =>
		void faults.push( `${ file }:${ lineOf( node ) } shows "${ text.trim().replace( /[\s\0]+/g, ' ' ) }"` );
	let html = '';
	for ( const node of walk( tree ) ) {
		if ( node.kind === 'inline' ) {
			html += `${ String( node.value ) }\0`;
		} else if ( node.kind === 'echo' ) {
			nodesIn( node.expressions )
				.map( ( expression ) => visible( pieces( expression ) ) )
				.filter( ( text ) => WORDS.test( text ) )
				.forEach( ( text ) => fault( node, text ) );
		} else if ( node.kind === 'call' && SHOWING.test( calledName( node ) ?? '' ) ) {
			nodesIn( node.arguments )
				.map( ( argument ) => literal( argument ) ?? '' )
				.filter( isProse )
				.forEach( ( text ) => fault( node, text ) );
		} else if ( node.kind === 'entry' && SHOWN.has( literal( node.key ) ?? '' ) && isProse( literal( node.value ) ?? '' ) ) {
			fault( node, literal( node.value ) ?? '' );
		}
	}
	if ( WORDS.test( visible( html ) ) ) {
		fault( tree, visible( html ) );
	}
	return faults;
}
