/** One row an error code: HTTP status, whether trying again is useless, title, and what the user can do. */
export type ErrorRow = { http_status: number; permanent: boolean; title: string; hint: string };

const row = ( http_status: number, permanent: boolean, title: string, hint: string ): ErrorRow => ( {
	http_status,
	permanent,
	title,
	hint,
} );

export const ERROR_CODES = {
	bad_request: row( 400, true, 'The request is not valid.', 'Check the value that the message names.' ),
	not_allowed: row( 403, true, 'You are not allowed to do this.', 'Ask an administrator for the right.' ),
	not_found: row( 404, true, 'There is no such thing.', 'It may have been removed; reload the page.' ),
	too_large: row( 413, true, 'The request is too large.', 'Send less at a time.' ),
	rate_limited: row( 429, false, 'Too many requests.', 'Wait for the time that Retry-After names.' ),
	unauthorized: row( 401, true, 'The signature was not accepted.', 'Pair the companion again on the Connect screen.' ),
	clock_skew: row(
		401,
		false,
		'The clocks differ too much.',
		'Set the clock of the companion or of the server; more than 24 hours cannot be bridged.'
	),
	batch_conflict: row( 409, true, 'Another batch has this id.', 'Restart the companion; nothing is lost.' ),
	stale_data_version: row( 409, false, 'The verdict was made on an older version.', 'The domain is sent again by itself.' ),
	database_busy: row(
		503,
		false,
		'The database did not take the change.',
		'It is tried again by itself; look at the database server when it stays.'
	),
	database_full: row(
		507,
		false,
		'The database has no room left.',
		'Free room on the disk of the database server. Nothing is lost: it is tried again by itself.'
	),
	tables_missing: row(
		503,
		false,
		'The tables of the plugin are not ready.',
		'Open any page of the plugin as an administrator, which creates them.'
	),
	migration_failed: row(
		503,
		false,
		'The tables could not be brought up to date.',
		'Give the database user the rights CREATE and ALTER, then reload the page.'
	),
	pairing_refused: row(
		401,
		true,
		'The pairing code was not accepted.',
		'Codes last ten minutes and work once: make a new one on the Connect screen.'
	),
	pairing_code_invalid: row( 400, true, 'This is no pairing code.', 'Copy the whole code from the Connect screen.' ),
	key_unreadable: row(
		503,
		true,
		'The stored key cannot be read.',
		'The salts of WordPress were changed: pair the companion again. Data is kept.'
	),
	site_changed: row(
		409,
		true,
		'This site is a copy or was moved.',
		'Say on the Connect screen whether it is the moved site or a copy.'
	),
	contract_unsupported: row(
		426,
		true,
		'Plugin and companion are too far apart.',
		'Update the older one; the Connect screen says which.'
	),
	not_paired: row( 409, true, 'No companion is connected.', 'Connect one on the Connect screen.' ),
	companion_unreachable: row(
		502,
		false,
		'The companion could not be called.',
		'Nothing is lost: it calls WordPress by itself. Start it when it is stopped.'
	),
	companion_silent: row(
		503,
		false,
		'The companion has not called for a while.',
		'Start the companion, or look at its output for the reason.'
	),
	site_unreachable: row( 502, false, 'WordPress did not answer.', 'Check the address of the site and that it is up.' ),
	rest_blocked: row(
		502,
		false,
		'The REST interface of the site is closed to the companion.',
		'Allow the routes rollcall/v1/pair and rollcall/v1/exchange in the security plugin or firewall.'
	),
	answer_invalid: row(
		502,
		false,
		'The answer is not a signed answer of the plugin.',
		'A cache, login page or firewall answered instead of WordPress: exclude the routes rollcall/v1 from it.'
	),
	consent_missing: row(
		409,
		true,
		'Sending domains was not agreed to yet.',
		'Open the Matcher screen, look at what will be sent, and agree.'
	),
	below_threshold: row(
		409,
		true,
		'Too few users have this domain to ask the companion.',
		'Lower the threshold in the settings, or match in this browser: then nothing leaves.'
	),
	run_open: row( 409, false, 'A run is already under way.', 'Wait for it or cancel it.' ),
	run_failed: row( 500, false, 'The run could not go on.', 'Start it again; labels that were made are kept.' ),
	list_unreachable: row( 502, false, 'The list could not be fetched.', 'Check the address; the last good version stays in use.' ),
	list_timeout: row( 504, false, 'The list took too long.', 'It is tried again by itself; the last good version stays in use.' ),
	list_too_large: row( 413, true, 'The list is too large.', 'At most 20 MiB and 50,000 companies are read.' ),
	list_not_json: row(
		422,
		true,
		'The list is not JSON.',
		'Check that the address answers the list itself, not a web page or a login form.'
	),
	list_shape: row(
		422,
		true,
		'The list does not have the expected form.',
		'It must be an array of companies with id, name and website.'
	),
	list_empty: row( 422, true, 'The list is empty.', 'The last good version stays in use.' ),
	list_shrunk: row(
		422,
		false,
		'The list lost more than a fifth of its companies.',
		'It is kept aside; the last good version stays in use.'
	),
	list_outdated: row(
		409,
		false,
		'The list was fetched before the one in use.',
		'The companion fetches it again by itself; the newer version stays in use.'
	),
	list_not_ready: row( 503, false, 'There is no list yet.', 'Connect a companion; it fetches the list.' ),
	list_not_table: row(
		422,
		true,
		'The list is not a table.',
		'Give a CSV file or a published Google Sheet; a web page or a login form was answered instead.'
	),
	list_no_website: row( 422, true, 'No column holds websites.', 'Name one column website, domain or url, and one name or company.' ),
	list_not_yours: row(
		409,
		true,
		'The list is kept on the other side.',
		'Fetched lists are written by the companion, uploaded and typed ones on the Companies screen.'
	),
	rule_no_company: row( 404, true, 'The company of the alias is not on the list.', 'Choose a company that the list holds.' ),
	source_unavailable: row( 409, true, 'There are no addresses of this kind.', 'Choose another source.' ),
	source_failed: row(
		500,
		false,
		'A source of addresses failed.',
		'The run went on without the rest of it; look at the plugin that offers the source.'
	),
	stale_lease: row( 409, true, 'Another companion judges by now.', 'Nothing is lost: this one begins anew with what it finds now.' ),
	monitor_url: row( 400, true, 'This cannot be monitored.', 'Write the target as the form shows it, such as https://www.example.com/.' ),
	monitor_interval: row(
		400,
		true,
		'It would be asked too often.',
		'Choose 60 minutes or more: the site belongs to a company of the report.'
	),
	run_elsewhere: row( 409, true, 'The run is carried out elsewhere.', 'Labels of a run are made where it was started.' ),
	website_unreachable: row( 502, false, 'The website did not answer.', 'It may be down, or nobody uses the domain any more.' ),
	webhook_failed: row( 502, false, 'The webhook was not taken.', 'Check its address; it is tried again for an hour.' ),
	target_refused: row(
		403,
		true,
		'The address is not allowed.',
		'Only public addresses are fetched. To allow this one, start the companion with --allow and its address.'
	),
	bad_url: row( 400, true, 'This is not a usable URL.', 'Give a full http(s) URL without user name and password.' ),
	file_unreadable: row( 400, true, 'The file cannot be read.', 'Check its path and rights.' ),
	node_too_old: row( 500, true, 'Node is too old.', 'The companion needs Node 24: npx -y -p node@24 node rollcall-companion.mjs' ),
	port_in_use: row( 500, true, 'The port is taken.', 'Stop the program that uses it, or give another one.' ),
	state_folder: row( 500, true, 'The state folder cannot be used.', 'Give a folder that only this user can read, with --state.' ),
	cancelled: row( 409, true, 'It was cancelled.', 'Start it again when you want it.' ),
	internal: row( 500, false, 'Something went wrong inside.', 'Look at the log; report it with the message.' ),
} as const satisfies Record< string, ErrorRow >;
export type ErrorCode = keyof typeof ERROR_CODES;
