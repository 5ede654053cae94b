/** C0 and C1 controls, invisible and bidirectional format characters (UTS #39): they change how the text
 *  around them is shown. Joiners (U+200C, U+200D) stay, because words and emoji need them. */
const UNSAFE = /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g;

/** An e-mail address inside a text. The bounds keep it linear on hostile input. */
const ADDRESS = /[\p{L}\p{N}.!#$%&'*+/=?^_`{|}~-]{1,64}@(?:[\p{L}\p{N}-]{1,63}\.){1,8}[\p{L}\p{N}-]{2,63}/gu;

/** Remote text as one line of at most `maximum` UTF-16 units, never cut inside a character.
 *  Markup is kept: it is data, and whoever prints it escapes it. */
export function cleanText( text: string, maximum: number ): string {
	const line = text
		.slice( 0, maximum * 4 )
		.toWellFormed()
		.replace( /[\t\n\v\f\r\u2028\u2029]+/g, ' ' )
		.replace( UNSAFE, '' )
		.trim();
	return line.length <= maximum
		? line
		: line
				.slice( 0, maximum )
				.toWellFormed()
				.replace( /\ufffd$/, '' )
				.trimEnd();
}

/** The same without e-mail addresses: nothing that Rollcall stores holds one. */
export function cleanSentence( text: string, maximum: number ): string {
	return cleanText(
		cleanText( text, maximum * 4 )
			.replace( ADDRESS, '' )
			.replace( / {2,}/g, ' ' ),
		maximum
	);
}
