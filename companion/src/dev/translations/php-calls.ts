import { Engine } from 'php-parser';
import { forTranslators, translates, type Call } from './messages.ts';

/** A node of php-parser's tree, as far as it is read here. */
export type PhpNode = { kind: string; loc?: { start?: { line: number; offset: number } } } & Record< string, unknown >;

export const isNode = ( value: unknown ): value is PhpNode =>
	typeof value === 'object' && value !== null && 'kind' in value && typeof value.kind === 'string';

export const lineOf = ( node: PhpNode ): number => node.loc?.start?.line ?? 0;

export const nodesIn = ( value: unknown ): PhpNode[] => ( Array.isArray( value ) ? value.filter( isNode ) : [] );

/** The tree of a file of PHP; a file that PHP could not read throws. */
export function phpTree( code: string, file: string ): PhpNode {
	const engine = new Engine( { parser: { extractDoc: true, version: 801 }, ast: { withPositions: true } } );
	const tree: unknown = engine.parseCode( code, file );
	if ( ! isNode( tree ) ) {
		throw new TypeError( `${ file } has no tree` );
	}
	return tree;
}

/** Each node of a tree, in the order of the text. */
export function* walk( node: PhpNode ): Generator< PhpNode > {
	yield node;
	for ( const [ key, value ] of Object.entries( node ) ) {
		if ( key === 'loc' || key === 'leadingComments' || key === 'comments' ) {
			continue;
		}
		for ( const child of Array.isArray( value ) ? value : [ value ] ) {
			if ( isNode( child ) ) {
				yield* walk( child );
			}
		}
	}
}

/** Name of the function that a call names, without its namespace's backslash; null for methods. */
export function calledName( call: PhpNode ): string | null {
	const what = call.what;
	return isNode( what ) && what.kind === 'name' ? String( what.name ).replace( /^\\/, '' ) : null;
}

/** The text of a literal or of literals joined by dots; null of anything else. */
export function literal( node: unknown ): string | null {
	if ( ! isNode( node ) ) {
		return null;
	}
	if ( node.kind === 'string' ) {
		return String( node.value );
	}
	if ( node.kind === 'bin' && node.type === '.' ) {
		const [ left, right ] = [ literal( node.left ), literal( node.right ) ];
		return left === null || right === null ? null : left + right;
	}
	return null;
}

/** Calls of WordPress's translating functions in PHP. */
export function phpCalls( code: string, file: string ): Call[] {
	const tree = phpTree( code, file );
	const comments = nodesIn( tree.comments )
		.map( ( comment ) => ( { offset: Number( comment.offset ), text: forTranslators( String( comment.value ).trim() ) } ) )
		.filter( ( comment ) => comment.text !== null );
	const calls: Call[] = [];
	let next_comment = 0;
	for ( const node of walk( tree ) ) {
		const name = node.kind === 'call' ? calledName( node ) : null;
		if ( name === null || ! translates( name ) ) {
			continue;
		}
		let comment: string | null = null;
		while ( next_comment < comments.length && ( comments[ next_comment ]?.offset ?? 0 ) < ( node.loc?.start?.offset ?? 0 ) ) {
			comment = comments[ next_comment++ ]?.text ?? null;
		}
		const args = nodesIn( node.arguments ).map( ( argument ) => {
			const text = literal( argument );
			return text === null ? null : [ text ];
		} );
		calls.push( { name, args, line: lineOf( node ), comment } );
	}
	return calls;
}
