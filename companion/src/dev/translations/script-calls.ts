import ts from 'typescript';
import { forTranslators, translates, type Call } from './messages.ts';

/** Calls of WordPress's translating functions in TypeScript, TSX or built JavaScript. */
export function scriptCalls( code: string, file: string ): Call[] {
	const source = ts.createSourceFile(
		file,
		code,
		ts.ScriptTarget.Latest,
		true,
		file.endsWith( 'x' ) ? ts.ScriptKind.TSX : ts.ScriptKind.TS
	);
	const comments = [ ...code.matchAll( /\/\*[\s\S]*?\*\/|\/\/[^\n]*/g ) ]
		.map( ( match ) => ( { end: match.index + match[ 0 ].length, text: forTranslators( match[ 0 ] ) } ) )
		.filter( ( comment ) => comment.text !== null );
	const calls: Call[] = [];
	let next_comment = 0;
	const visit = ( node: ts.Node ): void => {
		const name = ts.isCallExpression( node ) ? nameOf( node.expression ) : null;
		if ( ts.isCallExpression( node ) && name !== null && translates( name ) ) {
			const start = node.getStart( source );
			let comment: string | null = null;
			// A comment belongs to the first call after it.
			while ( next_comment < comments.length && ( comments[ next_comment ]?.end ?? 0 ) <= start ) {
				comment = comments[ next_comment++ ]?.text ?? null;
			}
			calls.push( {
				name,
				args: node.arguments.map( textsOf ),
				line: source.getLineAndCharacterOfPosition( start ).line + 1,
				comment,
			} );
		}
		ts.forEachChild( node, visit );
	};
	visit( source );
	return calls;
}

/** `__`, `i18n.__` and the `(0, i18n.__)` of bundlers. */
function nameOf( callee: ts.Expression ): string | null {
	if ( ts.isParenthesizedExpression( callee ) ) {
		return nameOf( callee.expression );
	}
	if ( ts.isBinaryExpression( callee ) && callee.operatorToken.kind === ts.SyntaxKind.CommaToken ) {
		return nameOf( callee.right );
	}
	if ( ts.isPropertyAccessExpression( callee ) ) {
		return callee.name.text;
	}
	return ts.isIdentifier( callee ) ? callee.text : null;
}

/** A literal, a sum of literals, or a choice of two: minifiers make one call of the two calls of a choice. */
function textsOf( node: ts.Expression ): string[] | null {
	if ( ts.isStringLiteralLike( node ) ) {
		return [ node.text ];
	}
	if ( ts.isParenthesizedExpression( node ) ) {
		return textsOf( node.expression );
	}
	if ( ts.isConditionalExpression( node ) ) {
		const [ yes, no ] = [ textsOf( node.whenTrue ), textsOf( node.whenFalse ) ];
		return yes === null || no === null ? null : [ ...yes, ...no ];
	}
	if ( ts.isBinaryExpression( node ) && node.operatorToken.kind === ts.SyntaxKind.PlusToken ) {
		const [ left, right ] = [ textsOf( node.left ), textsOf( node.right ) ];
		return left?.length === 1 && right?.length === 1 ? [ `${ left[ 0 ] }${ right[ 0 ] }` ] : null;
	}
	return null;
}
