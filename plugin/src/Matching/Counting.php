<?php
declare( strict_types = 1 );

namespace Rollcall\Matching;

use Rollcall\Clock;
use Rollcall\Database\DataVersion;
use Rollcall\Database\Domains;
use Rollcall\Database\Kv;
use Rollcall\Database\Runs;
use Rollcall\Database\Transaction;
use Rollcall\Database\UserDomains as Rows;
use Rollcall\Users\UserDomains;

/**
 * Counts the users before the first run, so that the owner sees exactly what would be sent. Nothing leaves.
 *
 * @phpstan-import-type SendPreview from \Rollcall\Contract\Shapes
 * @phpstan-type CountState array{cursor: int, users_read: int, users_total: int, done: bool}
 */
final class Counting {
	/** Users in one transaction, at most and at the start: a small server needs 2 s for what a large one does in 0.1 s. */
	private const CHUNK = 10_000;
	private const FIRST = 1000;

	/** Time of a chunk that is aimed at. */
	private const CHUNK_MS = 700;

	/** Time after which no further chunk is begun; requests of a small server end after 30 s. */
	private const BUDGET_MS = 1500;

	/** Hosts on a page of the preview. */
	public const HOSTS = 200;

	private const STATE = 'counting';

	/** Counts for a second or two; does nothing when all users were read. */
	public static function step( int $now_ms ): void {
		self::in_chunks(
			static fn ( int $limit ): bool => Transaction::run(
				static function () use ( $limit, $now_ms ): bool {
					$state = self::state();
					if ( $state['done'] ) {
						return false;
					}
					$chunk = UserDomains::count_chunk( $state['cursor'], $limit, $now_ms );
					Kv::set(
						self::STATE,
						array(
							'cursor'      => $chunk['last_id'],
							'users_read'  => $state['users_read'] + $chunk['users_read'],
							'users_total' => $state['users_total'],
							'done'        => $chunk['done'],
						)
					);
					return ! $chunk['done'];
				}
			)
		);
	}

	/**
	 * Calls work with a number of users until it answers false or the time is up. The number grows with the speed.
	 *
	 * @param callable(int): bool $work
	 */
	public static function in_chunks( callable $work ): void {
		$begun = hrtime( true );
		$limit = self::FIRST;
		do {
			$started = hrtime( true );
			$goes_on = $work( $limit );
			$took_ms = max( 1, intdiv( hrtime( true ) - $started, 1_000_000 ) );
			$limit   = max( self::FIRST, min( self::CHUNK, intdiv( $limit * self::CHUNK_MS, $took_ms ) ) );
		} while ( $goes_on && hrtime( true ) - $begun < self::BUDGET_MS * 1_000_000 );
	}

	/** Remembers that every user was read; a run ends with it too. */
	public static function finished( int $users_read ): void {
		Kv::set(
			self::STATE,
			array(
				'cursor'      => 0,
				'users_read'  => $users_read,
				'users_total' => $users_read,
				'done'        => true,
			)
		);
	}

	/**
	 * What a run would send now: an open one with all its sources, else the next one with the users.
	 *
	 * @param int $page From 1.
	 * @return SendPreview
	 */
	public static function preview( int $page ): array {
		$version = DataVersion::current();
		return self::counts() + array(
			'host_count'     => Domains::stale_count( $version ),
			'companion_name' => Consent::companion_name(),
			'agreed_at'      => Clock::iso_or_null( Consent::agreed_at_ms() ),
			'hosts'          => Domains::stale_hosts( $version, ( $page - 1 ) * self::HOSTS, self::HOSTS ),
		);
	}

	/** @return array{counted: bool, users_total: int, users_read: int} */
	private static function counts(): array {
		$run = Runs::open();
		if ( null !== $run && 'counting' !== $run['state'] ) {
			return array(
				'counted'     => true,
				'users_total' => $run['users_read'],
				'users_read'  => $run['users_read'],
			);
		}
		$state = self::state();
		$users = $state['done'] ? Rows::counted() : $state['users_read'];
		return array(
			'counted'     => null === $run && $state['done'],
			'users_total' => $state['done'] ? $users : max( $users, $state['users_total'] ),
			'users_read'  => $users,
		);
	}

	/** @return CountState */
	private static function state(): array {
		$state = Kv::get( self::STATE );
		if ( ! is_array( $state ) || ! is_int( $state['cursor'] ?? null ) || ! is_int( $state['users_read'] ?? null ) || ! is_int( $state['users_total'] ?? null ) ) {
			return array(
				'cursor'      => 0,
				'users_read'  => 0,
				'users_total' => Rows::user_count(),
				'done'        => false,
			);
		}
		return array(
			'cursor'      => $state['cursor'],
			'users_read'  => $state['users_read'],
			'users_total' => $state['users_total'],
			'done'        => true === ( $state['done'] ?? null ),
		);
	}
}
