import { TYPO_TARGETS } from './data/core-mail.ts';

/** Real domains that a rule below would take for a misspelling. */
const REAL = new Set( [ 'gail.com', 'cloud.com', 'iclou.com', 'yaho.co' ] );
/** Misspellings that are typed often and that no rule below makes. */
const OFTEN: [ string, string ][] = [
	[ 'gnail.com', 'gmail.com' ],
	[ 'gmaik.com', 'gmail.com' ],
	[ 'gmaul.com', 'gmail.com' ],
	[ 'gmali.com', 'gmail.com' ],
	[ 'hotnail.com', 'hotmail.com' ],
	[ 'hotmai.com', 'hotmail.com' ],
	[ 'homtail.com', 'hotmail.com' ],
	[ 'outloo.com', 'outlook.com' ],
	[ 'outlok.com', 'outlook.com' ],
	[ 'yahho.com', 'yahoo.com' ],
	[ 'yahool.com', 'yahoo.com' ],
	[ 'yohoo.com', 'yahoo.com' ],
	[ 'icould.com', 'icloud.com' ],
	[ 'icoud.com', 'icloud.com' ],
];
/** Top-level domains that exist and are one slip away from com. */
const COM_SLIPS = [ 'co', 'cm', 'om', 'con', 'comm', 'cim', 'net' ];

const typos = new Map< string, string >( OFTEN );
for ( const target of TYPO_TARGETS ) {
	for ( const typo of slipsOf( target ) ) {
		if ( ! REAL.has( typo ) && ! TYPO_TARGETS.includes( typo ) && ! typos.has( typo ) ) {
			typos.set( typo, target );
		}
	}
}

/** The large mailbox provider that a domain looks like a misspelling of; null when it looks like none.
 *  Only a hint: two letters swapped, one dropped or doubled, or a slip in `com`. No fuzzy search. */
export function typoOf( registrable: string ): string | null {
	return typos.get( registrable ) ?? null;
}

function slipsOf( provider: string ): string[] {
	const name = provider.slice( 0, provider.indexOf( '.' ) );
	const letters = [ ...name ];
	const names = letters.flatMap( ( letter, at ) => [
		name.slice( 0, at ) + ( letters[ at + 1 ] ?? '' ) + letter + name.slice( at + 2 ),
		name.slice( 0, at + 1 ) + letter + name.slice( at + 1 ),
		...( at > 0 ? [ name.slice( 0, at ) + name.slice( at + 1 ) ] : [] ),
	] );
	return [
		...names.filter( ( typo ) => typo !== name ).map( ( typo ) => `${ typo }.com` ),
		...COM_SLIPS.map( ( tld ) => `${ name }.${ tld }` ),
	];
}
