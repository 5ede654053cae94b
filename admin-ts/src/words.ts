import { __ } from '@wordpress/i18n';
import type {
	ChurnSign,
	CompanyStatus,
	ConnectionState,
	DomainFlag,
	JobState,
	Label,
	ListSource,
	MatchKind,
	NoticeRhythm,
	Reason,
	RunChange,
	RunSchedule,
	RunState,
	Transport,
	UserSource,
} from '../../companion/src/contract/vocabulary.ts';

/** Type of an address, as people read it. */
export function labelText( label: Label ): string {
	const words: Record< Label, string > = {
		invalid: __( 'Not a usable domain', 'rollcall' ),
		special_use: __( 'Reserved domain', 'rollcall' ),
		own_site: __( 'Your own domain', 'rollcall' ),
		excluded: __( 'Excluded by you', 'rollcall' ),
		core_mail: __( 'Personal mail', 'rollcall' ),
		company: __( 'Company', 'rollcall' ),
		platform: __( 'Shared host', 'rollcall' ),
		free_mail: __( 'Personal mail', 'rollcall' ),
		disposable: __( 'Throw-away mail', 'rollcall' ),
		relay: __( 'Mail relay', 'rollcall' ),
		education_government: __( 'Education or government', 'rollcall' ),
		unmatched: __( 'Other organisation', 'rollcall' ),
	};
	return words[ label ];
}

export function reasonText( reason: Reason ): string {
	const words: Record< Reason, string > = {
		no_at: __( 'There is no @ in it', 'rollcall' ),
		empty: __( 'It is empty', 'rollcall' ),
		empty_local: __( 'Nothing stands before the @', 'rollcall' ),
		multiple_at: __( 'There is more than one @', 'rollcall' ),
		display_name: __( 'It contains a name', 'rollcall' ),
		comment: __( 'It contains a comment', 'rollcall' ),
		whitespace: __( 'It contains a space', 'rollcall' ),
		control: __( 'It contains a control character', 'rollcall' ),
		invisible: __( 'It contains an invisible character', 'rollcall' ),
		bidi: __( 'It changes the direction of writing', 'rollcall' ),
		ip_literal: __( 'It is an IP address in brackets', 'rollcall' ),
		bad_char: __( 'It contains a character that domains do not have', 'rollcall' ),
		too_long: __( 'It is too long', 'rollcall' ),
		not_string: __( 'It is no text', 'rollcall' ),
		numeric_tld: __( 'It ends with a number', 'rollcall' ),
		empty_label: __( 'A part between two dots is empty', 'rollcall' ),
		bad_hyphen: __( 'A part begins or ends with a hyphen', 'rollcall' ),
		underscore: __( 'It contains an underscore', 'rollcall' ),
		label_too_long: __( 'A part is longer than 63 characters', 'rollcall' ),
		bad_punycode: __( 'An encoded part cannot be read', 'rollcall' ),
		public_suffix: __( 'It is a suffix under which anyone can register', 'rollcall' ),
		special_use: __( 'It is reserved for other uses', 'rollcall' ),
		no_dot: __( 'It has no dot', 'rollcall' ),
		unlisted_tld: __( 'Its ending does not exist', 'rollcall' ),
		bad_url: __( 'It is no usable address', 'rollcall' ),
	};
	return words[ reason ];
}

export function statusText( status: CompanyStatus ): string {
	const words: Record< CompanyStatus, string > = {
		active: __( 'Active', 'rollcall' ),
		inactive: __( 'Inactive', 'rollcall' ),
		acquired: __( 'Acquired', 'rollcall' ),
		public: __( 'Public', 'rollcall' ),
		unknown: __( 'Unknown', 'rollcall' ),
	};
	return words[ status ];
}

export function matchKindText( kind: MatchKind ): string {
	const words: Record< MatchKind, string > = {
		current: __( 'Current website', 'rollcall' ),
		former: __( 'Former website', 'rollcall' ),
		alias: __( 'Alias', 'rollcall' ),
		manual: __( 'Added by hand', 'rollcall' ),
		subdomain: __( 'Subdomain', 'rollcall' ),
	};
	return words[ kind ];
}

export function flagText( flag: DomainFlag ): string {
	const words: Record< DomainFlag, string > = {
		mapped: __( 'Written in another form, which was converted.', 'rollcall' ),
		mixed_script: __( 'Mixes letters of several alphabets.', 'rollcall' ),
		confusable: __( 'Looks like another domain.', 'rollcall' ),
		not_idna2008: __( 'Uses characters that newer registries refuse.', 'rollcall' ),
		long_local: __( 'The part before the @ is unusually long.', 'rollcall' ),
		suspected_typo: __( 'Looks like a mistyped mail provider.', 'rollcall' ),
	};
	return words[ flag ];
}

export function sourceText( source: ListSource ): string {
	const words: Record< ListSource, string > = {
		yc: __( 'Public list of Y Combinator companies', 'rollcall' ),
		csv: __( 'CSV file', 'rollcall' ),
		google_sheet: __( 'Google Sheet', 'rollcall' ),
		upload: __( 'Uploaded file', 'rollcall' ),
		manual: __( 'Typed in by hand', 'rollcall' ),
		sample: __( 'Built-in sample of made-up companies', 'rollcall' ),
	};
	return words[ source ];
}

export function runStateText( state: RunState ): string {
	const words: Record< RunState, string > = {
		counting: __( 'Counting', 'rollcall' ),
		labelling: __( 'Matching', 'rollcall' ),
		reporting: __( 'Writing the report', 'rollcall' ),
		done: __( 'Done', 'rollcall' ),
		cancelled: __( 'Cancelled', 'rollcall' ),
		failed: __( 'Failed', 'rollcall' ),
	};
	return words[ state ];
}

/** Where addresses were read from. Names that other plugins give come with GET /sources. */
export function userSourceText( source: string ): string {
	const words: Record< UserSource, string > & Partial< Record< string, string > > = {
		users: __( 'WordPress users', 'rollcall' ),
		comments: __( 'Comment authors', 'rollcall' ),
		woocommerce: __( 'WooCommerce customers', 'rollcall' ),
		paste: __( 'Pasted or dropped list', 'rollcall' ),
	};
	return words[ source ] ?? source;
}

/** What labelled the domains of a run. */
export function runPlaceText( place: 'companion' | 'browser' ): string {
	return place === 'browser' ? __( 'A browser', 'rollcall' ) : __( 'The companion', 'rollcall' );
}

export function runChangeText( change: RunChange ): string {
	const words: Record< RunChange, string > = {
		new: __( 'New', 'rollcall' ),
		gone: __( 'Gone', 'rollcall' ),
		changed: __( 'Changed', 'rollcall' ),
	};
	return words[ change ];
}

export function churnText( sign: ChurnSign ): string {
	const words: Record< ChurnSign, string > = {
		turned_inactive: __( 'Turned inactive', 'rollcall' ),
		turned_acquired: __( 'Was acquired', 'rollcall' ),
		domain_gone: __( 'Domain no longer used', 'rollcall' ),
	};
	return words[ sign ];
}

export function noticeRhythmText( rhythm: NoticeRhythm ): string {
	const words: Record< NoticeRhythm, string > = {
		off: __( 'Never', 'rollcall' ),
		immediate: __( 'As it happens', 'rollcall' ),
		daily: __( 'Once a day', 'rollcall' ),
		weekly: __( 'Once a week', 'rollcall' ),
	};
	return words[ rhythm ];
}

export function runScheduleText( schedule: RunSchedule ): string {
	const words: Record< RunSchedule, string > = {
		off: __( 'Only when someone starts it', 'rollcall' ),
		daily: __( 'Every day', 'rollcall' ),
		weekly: __( 'Every week', 'rollcall' ),
		monthly: __( 'Every month', 'rollcall' ),
	};
	return words[ schedule ];
}

export function jobStateText( state: JobState ): string {
	const words: Record< JobState, string > = {
		queued: __( 'Waiting for the companion', 'rollcall' ),
		running: __( 'Under way', 'rollcall' ),
		done: __( 'Done', 'rollcall' ),
		failed: __( 'Failed', 'rollcall' ),
		cancelled: __( 'Cancelled', 'rollcall' ),
	};
	return words[ state ];
}

export function connectionStateText( state: ConnectionState ): string {
	const words: Record< ConnectionState, string > = {
		not_paired: __( 'Not connected', 'rollcall' ),
		waiting_for_pairing: __( 'Waiting for the companion', 'rollcall' ),
		connected: __( 'Connected', 'rollcall' ),
		silent: __( 'Silent', 'rollcall' ),
		companion_older: __( 'Connected, companion needs an update', 'rollcall' ),
		plugin_older: __( 'Connected, plugin needs an update', 'rollcall' ),
		clock_skew: __( 'Clocks differ too much', 'rollcall' ),
		key_unreadable: __( 'Stored key cannot be read', 'rollcall' ),
		site_changed: __( 'Site was copied or moved', 'rollcall' ),
	};
	return words[ state ];
}

export function transportText( transport: Transport ): string {
	const words: Record< Transport, string > = {
		rest: __( 'REST interface', 'rollcall' ),
		rest_route: __( 'REST interface without pretty permalinks', 'rollcall' ),
		admin_ajax: __( 'admin-ajax.php, because the REST interface is closed', 'rollcall' ),
	};
	return words[ transport ];
}
