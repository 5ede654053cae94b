<?php
/**
 * The dashboard widget, printed by Admin\DashboardWidget.
 *
 * @package Rollcall
 *
 * @var array<string, string>|null $figures Text by title; null before the first run.
 * @var string|null                $as_of   When they were made.
 * @var bool                       $is_open Whether a run is under way.
 * @var bool                       $may_run Whether the user may start one.
 * @var string                     $matcher Address of the Matcher screen.
 * @var string                     $watched States of the active monitors with their numbers; empty without monitors.
 * @var string                     $monitor Address of the Monitors screen.
 */

declare( strict_types = 1 );

if ( ! defined( 'ABSPATH' ) ) {
	return;
}
?>
<?php if ( null === $figures ) : ?>
	<p><?php esc_html_e( 'No run yet. The matcher tells which companies your users work at.', 'rollcall' ); ?></p>
<?php else : ?>
	<ul>
	<?php foreach ( $figures as $title => $figure ) : ?>
		<li><?php echo esc_html( $title ); ?>: <strong><?php echo esc_html( $figure ); ?></strong></li>
	<?php endforeach; ?>
	</ul>
	<?php if ( null !== $as_of ) : ?>
		<p class="description">
			<?php
			/* translators: %s: date and time. */
			echo esc_html( sprintf( __( 'As of %s.', 'rollcall' ), $as_of ) );
			?>
		</p>
	<?php endif; ?>
<?php endif; ?>
<?php if ( '' !== $watched ) : ?>
	<p><a href="<?php echo esc_url( $monitor ); ?>"><?php esc_html_e( 'Monitors', 'rollcall' ); ?></a>: <strong><?php echo esc_html( $watched ); ?></strong></p>
<?php endif; ?>
<p>
	<?php if ( $is_open ) : ?>
		<a class="button" href="<?php echo esc_url( $matcher ); ?>"><?php esc_html_e( 'See the run', 'rollcall' ); ?></a>
	<?php elseif ( $may_run ) : ?>
		<a class="button button-primary" href="<?php echo esc_url( $matcher ); ?>"><?php esc_html_e( 'Run matcher', 'rollcall' ); ?></a>
	<?php else : ?>
		<a class="button" href="<?php echo esc_url( $matcher ); ?>"><?php esc_html_e( 'See the report', 'rollcall' ); ?></a>
	<?php endif; ?>
</p>
