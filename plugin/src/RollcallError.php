<?php
declare( strict_types = 1 );

namespace Rollcall;

/** Our own failure, with a code of the error table. The message says what was tried, on what, and what came back. */
final class RollcallError extends \RuntimeException {
	/**
	 * Makes the error; an unknown code becomes `internal`.
	 *
	 * @param array<string, mixed> $data Further data for the answer, such as retry_after_seconds.
	 */
	public function __construct(
		public readonly string $error_code,
		string $message,
		public readonly array $data = array(),
		?\Throwable $previous = null
	) {
		parent::__construct( $message, 0, $previous );
	}

	/** The same as WordPress's REST server answers it. */
	public function to_wp_error(): \WP_Error {
		return Errors::make( $this->error_code, $this->getMessage(), $this->data );
	}
}
