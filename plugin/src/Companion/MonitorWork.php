<?php
declare( strict_types = 1 );

namespace Rollcall\Companion;

use Rollcall\Database\Monitors;
use Rollcall\Settings;

/**
 * What an exchange hands to the companion for monitoring.
 *
 * @phpstan-import-type MonitorWork from \Rollcall\Contract\Shapes as MonitorRow
 * @phpstan-import-type StoredMonitor from Monitors
 * @phpstan-type Beat array{monitor_uid: string, beat_at_ms: int}
 * @phpstan-type MonitorPage array{after: int, revision: int, has_more: bool, rows: list<MonitorRow>}
 */
final class MonitorWork {
	/** Monitors of a page, and how much text they may be: an answer holds at most 4 MiB. */
	private const PAGE       = 500;
	private const PAGE_BYTES = 1_000_000;

	/** Beats of an answer. */
	private const BEATS = 500;

	/** A beat is stored by then, or the answer of the request that brought it is not out yet. */
	private const SETTLED_MS = 2000;

	/** Beats are told again for so long: one that had to wait for a lock is older than those that were told before it. */
	private const AGAIN_MS = 60_000;

	/**
	 * The monitoring part of `work`.
	 *
	 * @param array{monitors_revision: int, beats_after_ms: int} $cursors
	 * @return array{monitors: MonitorPage|null, beats: list<Beat>, heard_until_ms: int, dead_man_url: string, contact_url: string}
	 */
	public static function of( array $cursors, int $now_ms ): array {
		return array(
			'monitors'       => self::page( $cursors['monitors_revision'] ),
			'beats'          => self::beats( $cursors['beats_after_ms'], $now_ms - self::SETTLED_MS ),
			'heard_until_ms' => $now_ms - self::SETTLED_MS,
			'dead_man_url'   => Settings::get()['dead_man_url'],
			'contact_url'    => self::contact_url(),
		);
	}

	/** Where those who are asked find out who asks: named in the User-Agent of polite checks. */
	public static function contact_url(): string {
		return home_url( '/' );
	}

	/**
	 * The next page of monitors; null when nothing has changed. From 0 there is always one, also an empty one: it says that
	 * there is nothing. A cursor that we have not come to yet is from before a backup was restored, and begins again.
	 *
	 * @return MonitorPage|null
	 */
	private static function page( int $cursor ): ?array {
		$newest = Monitors::revision();
		$after  = $cursor > $newest ? 0 : $cursor;
		$rows   = Monitors::changed_since( $after, self::PAGE + 1 );
		if ( array() === $rows && $after > 0 ) {
			return null;
		}
		$page  = array();
		$bytes = 0;
		foreach ( array_slice( $rows, 0, self::PAGE ) as $monitor ) {
			$row    = self::row( $monitor );
			$bytes += strlen( (string) wp_json_encode( $row ) );
			if ( $bytes > self::PAGE_BYTES && array() !== $page ) {
				break;
			}
			$page[] = $row;
		}
		return array(
			'after'    => $after,
			'revision' => array() === $page ? $newest : $page[ count( $page ) - 1 ]['revision'],
			'has_more' => count( $page ) < count( $rows ),
			'rows'     => $page,
		);
	}

	/**
	 * Beats after the cursor, oldest first; as far as there is room also those of the minute before it.
	 *
	 * @return list<Beat>
	 */
	private static function beats( int $cursor_ms, int $until_ms ): array {
		$fresh = Monitors::beats( $cursor_ms, PHP_INT_MAX, self::BEATS );
		// One less than fit: 500 of them say that more wait.
		$room  = self::BEATS - 1 - count( $fresh );
		$again = $room > 0 ? Monitors::beats( min( $cursor_ms, $until_ms ) - self::AGAIN_MS, $cursor_ms, $room, newest: true ) : array();
		return array_merge( $again, $fresh );
	}

	/**
	 * @param StoredMonitor $monitor
	 * @return MonitorRow
	 */
	private static function row( array $monitor ): array {
		/** @var MonitorRow $row */
		$row = array(
			'monitor_uid'      => $monitor['monitor_uid'],
			'revision'         => $monitor['revision'],
			'active'           => $monitor['active'],
			'deleted'          => null !== $monitor['deleted_at_ms'],
			'type'             => $monitor['type'],
			'url'              => $monitor['url'],
			'name'             => $monitor['name'],
			'interval_seconds' => $monitor['interval_seconds'],
			'is_polite'        => $monitor['is_polite'],
			'options'          => $monitor['options'],
			'created_at_ms'    => $monitor['created_at_ms'],
			'known_until_ms'   => 0 === $monitor['known_until_ms'] ? null : $monitor['known_until_ms'],
			'last_beat_at_ms'  => $monitor['last_beat_at_ms'],
		);
		return $row;
	}
}
