<?php
declare( strict_types = 1 );

namespace Rollcall\Matching;

use Rollcall\Clock;
use Rollcall\Database\Companions;
use Rollcall\Database\Jobs;
use Rollcall\Database\RunChanges;
use Rollcall\Database\Runs;
use Rollcall\Settings;

/**
 * Tells an address of the owner that a run is finished. WordPress signs, the companion delivers. Totals of companies
 * only: no user, no count of users, no domain. Source: https://www.standardwebhooks.com.
 *
 * @phpstan-import-type WebhookCall from \Rollcall\Contract\Shapes
 * @phpstan-import-type StoredRun from Runs
 */
final class Webhook {
	/** Queues the call for a run that has just ended; runs inside the caller's transaction. Nothing without an address or a companion. */
	public static function queue( int $run_id, int $now_ms ): void {
		$settings = Settings::get();
		$run      = Runs::find( $run_id );
		if ( '' === $settings['webhook_url'] || null === $run || null === Companions::current() ) {
			return;
		}
		$call = array(
			'url'               => $settings['webhook_url'],
			'webhook_id'        => 'msg_' . bin2hex( random_bytes( 16 ) ),
			'webhook_timestamp' => 0,
			'webhook_signature' => '',
			'body'              => (string) wp_json_encode( self::body( $run, $now_ms ), JSON_UNESCAPED_SLASHES ),
		);
		Jobs::add( 'webhook', null, null, $now_ms, array( 'webhook' => self::signed( $call, $now_ms ) ) );
	}

	/** Cancels calls that wait to be made to another address than the present one. */
	public static function cancel_others( int $now_ms ): void {
		$url = Settings::get()['webhook_url'];
		foreach ( Jobs::open() as $job ) {
			if ( null !== $job['webhook'] && $url !== $job['webhook']['url'] ) {
				Jobs::cancel( $job['job_uid'], $now_ms );
			}
		}
	}

	/**
	 * The same call, signed now: receivers refuse a signature that is older than a few minutes.
	 *
	 * @param WebhookCall $call
	 * @return WebhookCall
	 */
	public static function signed( array $call, int $now_ms ): array {
		$secret    = (string) base64_decode( substr( Settings::get()['webhook_secret'], strlen( 'whsec_' ) ), true );
		$timestamp = intdiv( $now_ms, 1000 );
		$signature = base64_encode( hash_hmac( 'sha256', "$call[webhook_id].$timestamp.$call[body]", $secret, true ) );
		return array(
			'webhook_timestamp' => $timestamp,
			'webhook_signature' => "v1,$signature",
		) + $call;
	}

	/**
	 * What is told. New and gone companies are null when no earlier finished run has the same sources: nothing to compare with.
	 *
	 * @param StoredRun $run
	 * @return array{type: string, timestamp: string, data: array<string, mixed>}
	 */
	private static function body( array $run, int $now_ms ): array {
		$before = Runs::previous_done( $run );
		$counts = null === $before ? null : RunChanges::counts( 'companies', $before['run_id'], $run['run_id'], Comparison::EVERYTHING );
		return array(
			'type'      => 'run.finished',
			'timestamp' => Clock::iso( $now_ms ),
			'data'      => array(
				'run_id'            => $run['run_id'],
				'site_url'          => home_url(),
				'report_url'        => admin_url( 'admin.php?page=rollcall&screen=matcher&view=report' ),
				'sources'           => $run['sources'],
				'ran_in'            => $run['ran_in'],
				'started_at'        => Clock::iso( $run['started_at_ms'] ),
				'finished_at'       => Clock::iso_or_null( $run['finished_at_ms'] ),
				'matched_companies' => $run['matched_companies'],
				'new_companies'     => $counts['new'] ?? null,
				'gone_companies'    => $counts['gone'] ?? null,
			),
		);
	}
}
