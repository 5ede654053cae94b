<?php
/**
 * The status of the public monitors, drawn by Shortcodes\Status for the shortcode and the block.
 *
 * @package Rollcall
 *
 * @var list<array{name: string, state: string, mark: string, word: string, since: array{iso: string, text: string}|null, uptime: string, response_time: string, checked: array{iso: string, text: string}|null}> $rows By name.
 * @var int                                    $left_out  Monitors that are not shown.
 * @var bool                                   $is_known  Whether anything could be read.
 * @var bool                                   $is_silent Whether the checks have stopped coming.
 * @var array<string, string>                  $stats     Text by name of the figure; empty to show none.
 * @var array{iso: string, text: string}|null  $known     Until when anything is known.
 * @var array{iso: string, text: string}|null  $as_of     When this was made.
 */

declare( strict_types = 1 );

if ( ! defined( 'ABSPATH' ) ) {
	return;
}
// Prints a sentence with an instant in the place of its %s.
$print = static function ( string $sentence, string $iso, string $text ): void {
	[ $before, $after ] = array_pad( explode( '%s', $sentence, 2 ), 2, '' );
	echo esc_html( $before );
	echo '<time datetime="' . esc_attr( $iso ) . '">' . esc_html( $text ) . '</time>';
	echo esc_html( $after );
};
?>
<div <?php echo get_block_wrapper_attributes( array( 'class' => 'rollcall-status' ) ); // phpcs:ignore WordPress.Security.EscapeOutput.OutputNotEscaped -- Core escapes each attribute. ?>>
<?php if ( ! $is_known ) : ?>
	<p class="rollcall-status__notice"><?php esc_html_e( 'Status data is not available yet.', 'rollcall' ); ?></p>
<?php elseif ( array() === $rows ) : ?>
	<p class="rollcall-status__notice"><?php esc_html_e( 'No monitor is public yet.', 'rollcall' ); ?></p>
<?php elseif ( $is_silent ) : ?>
	<p class="rollcall-status__notice">
	<?php
	if ( null === $known ) {
		esc_html_e( 'There is no data at present.', 'rollcall' );
	} else {
		/* translators: %s: date and time. */
		$print( __( 'No data since %s. What happened later is not known.', 'rollcall' ), ...$known );
	}
	?>
	</p>
<?php endif; ?>
<?php if ( array() !== $stats ) : ?>
	<dl class="rollcall-status__stats">
	<?php foreach ( $stats as $label => $figure ) : ?>
		<div>
			<dt><?php echo esc_html( $label ); ?></dt>
			<dd><?php echo esc_html( $figure ); ?></dd>
		</div>
	<?php endforeach; ?>
	</dl>
<?php endif; ?>
<?php if ( array() !== $rows ) : ?>
	<h2><?php esc_html_e( 'Monitors', 'rollcall' ); ?></h2>
	<ul class="rollcall-status__list">
	<?php foreach ( $rows as $row ) : ?>
		<li class="rollcall-status__<?php echo esc_attr( $row['state'] ); ?>">
			<h3><?php echo esc_html( $row['name'] ); ?></h3>
			<p>
				<strong><span aria-hidden="true"><?php echo esc_html( $row['mark'] ); ?></span> <?php echo esc_html( $row['word'] ); ?></strong>
				<?php
				if ( null !== $row['since'] ) {
					/* translators: %s: date and time. */
					$print( __( 'since %s', 'rollcall' ), ...$row['since'] );
				}
				?>
			</p>
			<dl>
				<div><dt><?php esc_html_e( 'Uptime, 30 days', 'rollcall' ); ?></dt><dd><?php echo esc_html( $row['uptime'] ); ?></dd></div>
				<div><dt><?php esc_html_e( 'Response time', 'rollcall' ); ?></dt><dd><?php echo esc_html( $row['response_time'] ); ?></dd></div>
				<div><dt><?php esc_html_e( 'Last checked', 'rollcall' ); ?></dt><dd><?php null === $row['checked'] ? esc_html_e( 'Never', 'rollcall' ) : $print( '%s', ...$row['checked'] ); ?></dd></div>
			</dl>
		</li>
	<?php endforeach; ?>
	</ul>
	<?php if ( $left_out > 0 ) : ?>
	<p>
		<?php
		/* translators: %s: number of monitors. */
		echo esc_html( sprintf( _n( '%s more monitor is not shown here.', '%s more monitors are not shown here.', $left_out, 'rollcall' ), number_format_i18n( $left_out ) ) );
		?>
	</p>
	<?php endif; ?>
<?php endif; ?>
<?php if ( null !== $as_of ) : ?>
	<p class="rollcall-status__as-of">
	<?php
	/* translators: %s: date and time. */
	$print( __( 'As of %s.', 'rollcall' ), ...$as_of );
	?>
	</p>
<?php endif; ?>
</div>
