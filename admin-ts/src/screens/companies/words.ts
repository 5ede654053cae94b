import { __, sprintf } from '@wordpress/i18n';
import type { CompanyList } from '../../../../companion/src/contract/list.ts';
import { REASONS, type ListChange, type ListSource, type Reason } from '../../../../companion/src/contract/vocabulary.ts';
import { formatDuration } from '../../format.ts';
import { reasonText } from '../../words.ts';
import type { RowVerdict } from '../../worker/protocol.ts';

/** Kind of a list where one is added. */
export function kindText( source: ListSource ): { label: string; description: string } {
	const words: Record< ListSource, { label: string; description: string } > = {
		yc: {
			label: __( 'JSON list', 'rollcall' ),
			description: __( 'In the form of the public list of Y Combinator companies: id, name and website of each.', 'rollcall' ),
		},
		csv: {
			label: __( 'CSV file on the web', 'rollcall' ),
			description: __( 'The companion fetches it by itself. Its first row names the columns.', 'rollcall' ),
		},
		google_sheet: {
			label: __( 'Google Sheet', 'rollcall' ),
			description: __( 'Everyone with the link must be able to view it. The tab that you have open is read.', 'rollcall' ),
		},
		upload: {
			label: __( 'Upload a CSV file', 'rollcall' ),
			description: __( 'It is read in your browser, and you see what becomes of each row before anything is stored.', 'rollcall' ),
		},
		manual: {
			label: __( 'By hand', 'rollcall' ),
			description: __( 'You type the companies. Good for customers and partners of your own.', 'rollcall' ),
		},
		sample: {
			label: __( 'Built-in sample', 'rollcall' ),
			description: __( 'Made-up companies, to try Rollcall out.', 'rollcall' ),
		},
	};
	return words[ source ];
}

/** Hours between two looks that the form offers; 0 is only when asked. */
export const SCHEDULES = [ 1, 6, 24, 168, 0 ];

export function scheduleText( hours: number ): string {
	switch ( hours ) {
		case 0:
			return __( 'Only when you ask', 'rollcall' );
		case 1:
			return __( 'Every hour', 'rollcall' );
		case 24:
			return __( 'Once a day', 'rollcall' );
		case 168:
			return __( 'Once a week', 'rollcall' );
		default:
			/* translators: %s: length of time, such as "6 hours". */
			return sprintf( __( 'Every %s', 'rollcall' ), formatDuration( hours * 3600 ) );
	}
}

export function ownerText( owner: CompanyList[ 'owner' ] ): string {
	return owner === 'companion' ? __( 'Fetched by the companion', 'rollcall' ) : __( 'Kept in WordPress', 'rollcall' );
}

export function changeText( change: ListChange ): string {
	const words: Record< ListChange, string > = {
		added: __( 'Added', 'rollcall' ),
		changed: __( 'Changed', 'rollcall' ),
		moved: __( 'Other domains', 'rollcall' ),
		removed: __( 'Removed', 'rollcall' ),
	};
	return words[ change ];
}

export function verdictText( verdict: RowVerdict ): string {
	const words: Record< RowVerdict, string > = {
		taken: __( 'Taken', 'rollcall' ),
		no_domain: __( 'Taken, without domain', 'rollcall' ),
		refused: __( 'Left out', 'rollcall' ),
	};
	return words[ verdict ];
}

/** What a column of a table is read as, by the field that the parser names. */
export function fieldText( field: string ): string {
	const words: Record< string, string > = {
		id: __( 'Number', 'rollcall' ),
		name: __( 'Name', 'rollcall' ),
		website: __( 'Website', 'rollcall' ),
		other_domains: __( 'Further domains', 'rollcall' ),
		former_domains: __( 'Former domains', 'rollcall' ),
		former_names: __( 'Former names', 'rollcall' ),
		slug: __( 'Short name', 'rollcall' ),
		status: __( 'Status', 'rollcall' ),
		batch: __( 'Batch', 'rollcall' ),
		team_size: __( 'Team', 'rollcall' ),
		industry: __( 'Industry', 'rollcall' ),
		subindustry: __( 'Sub-industry', 'rollcall' ),
		regions: __( 'Regions', 'rollcall' ),
		tags: __( 'Tags', 'rollcall' ),
		one_liner: __( 'What it does', 'rollcall' ),
		logo_url: __( 'Logo', 'rollcall' ),
		launched_at: __( 'On the list since', 'rollcall' ),
	};
	return words[ field ] ?? field;
}

function isReason( word: string ): word is Reason {
	return Object.hasOwn( REASONS, word );
}

/** Why a row was left out, or what was left out of it: a word, or a word and the host that it is about. */
export function rejectionText( rejection: string ): string {
	const [ word = '', host = '' ] = rejection.split( ': ', 2 );
	const words: Record< string, string > = {
		platform: __( 'A page on a shared host is no domain of the company', 'rollcall' ),
		core_mail: __( 'It is the domain of a mail provider', 'rollcall' ),
		no_name: __( 'It has no name', 'rollcall' ),
		bad_id: __( 'Its number cannot be read', 'rollcall' ),
		duplicate_id: __( 'Its number stands further up already', 'rollcall' ),
		duplicate_row: __( 'It stands further up already', 'rollcall' ),
		not_object: __( 'It is no company', 'rollcall' ),
		too_deep: __( 'It is nested too deep', 'rollcall' ),
		too_long: __( 'It is too long', 'rollcall' ),
		too_many_columns: __( 'It has more cells than the heading', 'rollcall' ),
	};
	const text = words[ word ] ?? ( isReason( word ) ? reasonText( word ) : word );
	return host === '' ? text : `${ text }: ${ host }`;
}
