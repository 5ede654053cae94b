import type { Static } from 'typebox';
import { errorCode } from './identity.ts';
import { kid, pairingCode } from './pairing.ts';
import { jobRow, run, userSource } from './report.ts';
import { count, flag, hex, instantIso, listOf, nullable, oneOf, record, text } from './schema.ts';
import { CONNECTION_STATES, NOTICE_RHYTHMS, RUN_SCHEDULES, TRANSPORTS, wordsOf } from './vocabulary.ts';

export const companionId = hex( 8, 'Companion.' );

export const companion = record( 'A companion that is paired.', {
	companion_id: companionId,
	is_judge: flag( 'It decides; the others check along.' ),
	is_silent: flag( 'It did not call when it should have.' ),
	paired_at: instantIso( 'Pairing.' ),
	last_seen_at: nullable( instantIso( 'Last exchange.' ) ),
	companion_version: text( 32, 'Version.' ),
	companion_url: nullable( text( 2048, 'Where WordPress may reach it.' ) ),
} );
export type Companion = Static< typeof companion >;

export const connection = record( 'The companion as the Connect screen shows it.', {
	state: oneOf( wordsOf( CONNECTION_STATES ), 'State.' ),
	kid: nullable( kid ),
	paired_at: nullable( instantIso( 'Pairing.' ) ),
	last_seen_at: nullable( instantIso( 'Last exchange.' ) ),
	next_expected_at: nullable( instantIso( 'When it should call again.' ) ),
	companion_version: nullable( text( 32, 'Version of the companion.' ) ),
	companion_contract_version: nullable( count( 'Contract of the companion.' ) ),
	companion_url: nullable( text( 2048, 'Where WordPress may reach it.' ) ),
	reachable: nullable( flag( 'The newest call from WordPress got through; null when never tried.' ) ),
	plugin_version: text( 32, 'Version of the plugin.' ),
	contract_version: count( 'Contract of the plugin.' ),
	clock_offset_seconds: nullable(
		Object.assign( count( '' ), { minimum: -Number.MAX_SAFE_INTEGER, description: 'Clock of WordPress minus that of the companion.' } )
	),
	transport: nullable( oneOf( wordsOf( TRANSPORTS ), 'How its calls arrive.' ) ),
	error_code: nullable( errorCode ),
	error_message: nullable( text( 500, 'Why not.' ) ),
	error_hint: nullable( text( 500, 'What to do.' ) ),
	code_expires_at: nullable( instantIso( 'End of the open pairing code.' ) ),
	companions: listOf( companion, 255, 'All that are paired: the judge, then those that stand by, longest paired first.' ),
	site_url: text( 2048, 'Address of the site, as the companion needs it.' ),
	contact_url: text( 2048, 'Address that polite checks name in their User-Agent.' ),
	download_url: text( 2048, 'Where the companion can be downloaded.' ),
} );
export type Connection = Static< typeof connection >;

/** Answer of POST /rollcall/v1/connection/code: shown once, never stored. */
export const connectionCode = record( 'A pairing code.', {
	code: pairingCode,
	expires_at: instantIso( 'Ten minutes from now.' ),
} );
export type ConnectionCode = Static< typeof connectionCode >;

/** Body of POST /rollcall/v1/connection/site: after a copy or a move of the site. */
export const siteDecision = record( 'Says what a changed site is.', {
	decision: oneOf( [ 'moved', 'copy' ], 'moved goes on with the pairing; copy forgets it.' ),
} );

export const payload = record( 'Something that left the site.', {
	payload_id: count( 'Number.' ),
	sent_at: instantIso( 'When.' ),
	route: text( 200, 'Method and route.' ),
	bytes: count( 'Size.' ),
	truncated: flag( 'The text is cut at 64 KiB.' ),
	body: nullable( text( 65536, 'The text; null in the list.' ) ),
} );
export type Payload = Static< typeof payload >;

export const settings = record( 'Settings of the plugin.', {
	delete_data_on_uninstall: flag( 'Deleting the plugin deletes its tables.' ),
	companies_public: flag( '/companies.json answers anyone.' ),
	companies_wall_enabled: flag( '[rollcall_companies] shows companies.' ),
	companies_wall_minimum: Object.assign( count( 'Users that a company needs to be shown.' ), { minimum: 1, maximum: 1000000 } ),
	threshold: Object.assign( count( 'Domains with fewer users than this are never sent to the companion.' ), {
		minimum: 1,
		maximum: 1000000,
	} ),
	run_schedule: oneOf( wordsOf( RUN_SCHEDULES ), 'When runs start by themselves.' ),
	run_sources: listOf( userSource, 50, 'Sources of runs that start by themselves.' ),
	run_retention_days: Object.assign( count( 'Days for which runs are kept.' ), { minimum: 30, maximum: 3650 } ),
	signup_notices: oneOf( wordsOf( NOTICE_RHYTHMS ), 'When mail about sign-ups from listed companies is sent.' ),
	signup_notice_recipients: listOf( text( 320, 'Address.' ), 20, "Who gets it; empty is the site's administration address." ),
	webhook_url: text( 2048, 'Address that is told of finished runs; empty when none.' ),
	dead_man_url: text( 2048, 'Address that the companion calls while monitoring goes on; empty when none.' ),
	webhook_secret: text( 200, 'Secret that the calls are signed with, `whsec_<base64>`; WordPress makes it.' ),
} );
export type Settings = Static< typeof settings >;

export const overview = record( 'What the Overview screen opens with.', {
	next_step: oneOf( [ 'connect', 'wait_for_list', 'run', 'look' ], 'What to do next.' ),
	connection,
	newest_run: nullable( run ),
	open_run: nullable( run ),
	open_jobs: listOf( jobRow, 50, 'Jobs.' ),
	run_schedule: oneOf( wordsOf( RUN_SCHEDULES ), 'When runs start by themselves.' ),
	user_count: count( 'Users of this blog.' ),
	company_count: count( 'Companies on the lists.' ),
	list_source: nullable( text( 32, 'Source of the rows in use; sample is made up.' ) ),
} );
export type Overview = Static< typeof overview >;
