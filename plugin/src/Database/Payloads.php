<?php
declare( strict_types = 1 );

namespace Rollcall\Database;

use Rollcall\Clock;
use Rollcall\Status\MonitorRequest;

/**
 * What left the site for the companion. The newest 50 are kept, each with its text up to 64 KiB, without secrets of monitors.
 *
 * @phpstan-import-type Payload from \Rollcall\Contract\Shapes
 */
final class Payloads {
	private const MAXIMUM_BYTES = 65536;

	/** Pruning removes the others. */
	private const KEPT = 50;

	/** What each answer says anew: how far the exchange is. None of it is about users. */
	private const PASSING = array(
		'/^\{"accepted":\{"batch_id":"[^"]*","stored":\d+,"refused":\[[^\]]*\]\}/',
		'/^\{"accepted":null/',
		'/"store_generation":\{[^}]*\}/',
		'/"beats":\[[^\]]*\]/',
		'/"heard_until_ms":\d+/',
		'/"next_after_seconds":\d+\}$/',
	);

	/** Notes what leaves. An idle answer that only repeats the one before moves its time, or it would push the others out. */
	public static function note( string $route, string $text, int $now_ms ): void {
		$masked = self::masked( $text );
		$body   = self::cut( $masked );
		$newest = Sql::row( 'SELECT payload_id, route, body FROM {payloads} ORDER BY payload_id DESC LIMIT 1' );
		if ( null !== $newest && $newest['route'] === $route && self::is_repeated( (string) $newest['body'], $body ) && strlen( $body ) === strlen( $masked ) ) {
			Sql::run( 'UPDATE {payloads} SET sent_at_ms = %d, bytes = %d, body = %s WHERE payload_id = %d', $now_ms, strlen( $text ), $body, (int) $newest['payload_id'] );
			return;
		}
		$row = array(
			'sent_at_ms' => $now_ms,
			'route'      => mb_substr( $route, 0, 200 ),
			'bytes'      => strlen( $text ),
			'truncated'  => strlen( $body ) < strlen( $masked ),
			'body'       => $body,
		);
		Sql::insert( 'payloads', array( $row ) );
	}

	/** Whether two answers say the same but for what became of a batch, beats and times: with monitors no two are alike. */
	private static function is_repeated( string $one, string $other ): bool {
		$lasting = static fn ( string $body ): string => (string) preg_replace( self::PASSING, '', $body );
		return $lasting( $one ) === $lasting( $other );
	}

	/** The text without the values of headers, the bodies and the address that is called while monitoring goes on. */
	private static function masked( string $text ): string {
		if ( ! str_contains( $text, '"headers":[{' ) && 1 !== preg_match( '/"(?:dead_man_url|body)":"[^"]/', $text ) ) {
			return $text;
		}
		/** @var object{work?: \stdClass&object{monitors: object{rows: list<object{options: \stdClass&object{headers: list<\stdClass&object{value: string}>, body: string}}>}|null, dead_man_url: string}} $payload Work::payload() made it. */
		$payload = json_decode( $text );
		if ( ! isset( $payload->work ) ) {
			return $text;
		}
		foreach ( $payload->work->monitors->rows ?? array() as $monitor ) {
			foreach ( $monitor->options->headers as $header ) {
				$header->value = MonitorRequest::MASK;
			}
			$monitor->options->body = '' === $monitor->options->body ? '' : MonitorRequest::MASK;
		}
		$payload->work->dead_man_url = (string) preg_replace( '#^(https?://[^/?\#]*[/?\#]).+$#is', '$1' . MonitorRequest::MASK, $payload->work->dead_man_url );
		return (string) wp_json_encode( $payload, JSON_UNESCAPED_SLASHES | JSON_UNESCAPED_UNICODE );
	}

	/** The text up to the last whole character within the limit; mb_strcut() is missing where PHP has no mbstring. */
	private static function cut( string $text ): string {
		$end = min( self::MAXIMUM_BYTES, strlen( $text ) );
		while ( $end < strlen( $text ) && $end > 0 && 0x80 === ( ord( $text[ $end ] ) & 0xC0 ) ) {
			--$end;
		}
		return substr( $text, 0, $end );
	}

	/** How many are kept whose route holds a text. */
	public static function count( string $search ): int {
		return min( self::KEPT, (int) Sql::value( 'SELECT COUNT(*) FROM {payloads} WHERE route LIKE %s', '%' . Sql::like( $search ) . '%' ) );
	}

	/**
	 * A page of those whose route holds a text, without their own texts.
	 *
	 * @return list<Payload>
	 */
	public static function page( string $search, string $order, int $limit, int $offset ): array {
		$order = 'asc' === $order ? 'ASC' : 'DESC';
		$rows  = Sql::rows(
			"SELECT payload_id, sent_at_ms, route, bytes, truncated, NULL AS body FROM {payloads} WHERE route LIKE %s ORDER BY payload_id $order LIMIT %d OFFSET %d",
			'%' . Sql::like( $search ) . '%',
			min( $limit, max( 0, self::KEPT - $offset ) ),
			$offset
		);
		return array_map( array( self::class, 'item' ), $rows );
	}

	/**
	 * One, with its text.
	 *
	 * @return Payload|null
	 */
	public static function find( int $payload_id ): ?array {
		$row = Sql::row( 'SELECT payload_id, sent_at_ms, route, bytes, truncated, body FROM {payloads} WHERE payload_id = %d', $payload_id );
		return null === $row ? null : self::item( $row );
	}

	/**
	 * @param array<string, string|null> $row
	 * @return Payload
	 */
	private static function item( array $row ): array {
		return array(
			'payload_id' => (int) $row['payload_id'],
			'sent_at'    => Clock::iso( (int) $row['sent_at_ms'] ),
			'route'      => (string) $row['route'],
			'bytes'      => (int) $row['bytes'],
			'truncated'  => '1' === (string) $row['truncated'],
			'body'       => $row['body'],
		);
	}
}
