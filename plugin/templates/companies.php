<?php
/**
 * The wall of companies, drawn by Shortcodes\Companies for the shortcode and the block.
 *
 * @package Rollcall
 *
 * @var list<array{name: string, batch: string}> $companies  Most users first.
 * @var bool                                      $show_batch Whether batches are shown.
 * @var int                                       $as_of_ms   When the figures were made.
 * @var string                                    $as_of      The same in the site's own format.
 */

declare( strict_types = 1 );

if ( ! defined( 'ABSPATH' ) ) {
	return;
}
?>
<div <?php echo get_block_wrapper_attributes( array( 'class' => 'rollcall-companies' ) ); // phpcs:ignore WordPress.Security.EscapeOutput.OutputNotEscaped -- Core escapes each attribute. ?>>
	<ul class="rollcall-companies__list">
	<?php foreach ( $companies as $company ) : ?>
		<li class="rollcall-companies__item">
			<span class="rollcall-companies__name"><?php echo esc_html( $company['name'] ); ?></span>
			<?php if ( $show_batch && '' !== $company['batch'] ) : ?>
				<span class="rollcall-companies__batch"><?php echo esc_html( $company['batch'] ); ?></span>
			<?php endif; ?>
		</li>
	<?php endforeach; ?>
	</ul>
	<p class="rollcall-companies__as-of">
		<?php
		printf(
			/* translators: %s: a date. */
			esc_html__( 'As of %s.', 'rollcall' ),
			'<time datetime="' . esc_attr( gmdate( 'Y-m-d', intdiv( $as_of_ms, 1000 ) ) ) . '">' . esc_html( $as_of ) . '</time>'
		);
		?>
	</p>
</div>
