import { __, sprintf } from '@wordpress/i18n';
import type { Settings } from '../../../../companion/src/contract/site.ts';
import { formatNumber } from '../../format.ts';

type Numbers = 'companies_wall_minimum' | 'threshold' | 'run_retention_days';

/** Settings while they are typed: a number may be missing, addresses are one text, one a line. */
export type Draft = Omit< Settings, Numbers | 'signup_notice_recipients' > & { [ name in Numbers ]?: number } & { recipients: string };

const RANGES: Record< Numbers, readonly [ number, number ] > = {
	companies_wall_minimum: [ 1, 1_000_000 ],
	threshold: [ 1, 1_000_000 ],
	run_retention_days: [ 30, 3650 ],
};

export function draftOf( { signup_notice_recipients, ...settings }: Settings ): Draft {
	return { ...settings, recipients: signup_notice_recipients.join( '\n' ) };
}

const linesOf = ( text: string ): string[] => [
	...new Set(
		text
			.split( /[\n,;]/ )
			.map( ( line ) => line.trim() )
			.filter( Boolean )
	),
];

function numberProblem( value: number | undefined, [ lowest, highest ]: readonly [ number, number ] ): string {
	return Number.isInteger( value ) && value !== undefined && value >= lowest && value <= highest
		? ''
		: sprintf(
				/* translators: 1: smallest number, 2: largest number. */
				__( 'Give a whole number from %1$s to %2$s.', 'rollcall' ),
				formatNumber( lowest ),
				formatNumber( highest )
			);
}

function urlProblem( url: string ): string {
	const is_web = URL.canParse( url ) && /^https?:$/.test( new URL( url ).protocol ) && new URL( url ).username === '';
	return url === '' || is_web ? '' : __( 'Give a full http(s) address without user name and password.', 'rollcall' );
}

/** What cannot be saved, in words, by field; empty when everything can. */
export function problemsOf( draft: Draft ): Partial< Record< keyof Draft, string > > {
	const wrong = linesOf( draft.recipients ).filter( ( line ) => ! /^[^\s@]+@[^\s@]+$/.test( line ) );
	const found: Partial< Record< keyof Draft, string > > = {
		companies_wall_minimum: numberProblem( draft.companies_wall_minimum, RANGES.companies_wall_minimum ),
		threshold: numberProblem( draft.threshold, RANGES.threshold ),
		run_retention_days: numberProblem( draft.run_retention_days, RANGES.run_retention_days ),
		webhook_url: urlProblem( draft.webhook_url.trim() ),
		dead_man_url: urlProblem( draft.dead_man_url.trim() ),
		/* translators: %s: text that is no e-mail address. */
		recipients: wrong.length > 0 ? sprintf( __( '%s is no e-mail address.', 'rollcall' ), wrong[ 0 ] ?? '' ) : '',
		run_sources: draft.run_schedule !== 'off' && draft.run_sources.length === 0 ? __( 'Choose at least one.', 'rollcall' ) : '',
	};
	return Object.fromEntries( Object.entries( found ).filter( ( [ , problem ] ) => problem !== '' ) );
}

/** The settings that a draft without problems stands for. */
export function settingsOf( { recipients, ...draft }: Draft, saved: Settings ): Settings {
	return {
		...draft,
		companies_wall_minimum: draft.companies_wall_minimum ?? saved.companies_wall_minimum,
		threshold: draft.threshold ?? saved.threshold,
		run_retention_days: draft.run_retention_days ?? saved.run_retention_days,
		run_sources: draft.run_sources.length > 0 ? draft.run_sources : saved.run_sources,
		signup_notice_recipients: linesOf( recipients ),
		webhook_url: draft.webhook_url.trim(),
		dead_man_url: draft.dead_man_url.trim(),
		webhook_secret: saved.webhook_secret,
	};
}
