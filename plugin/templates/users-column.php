<?php
/**
 * A cell of the column Company in the Users screen, made by Users\UsersScreen.
 *
 * @package Rollcall
 *
 * @var array{name: string, batch: string, website: string|null, others: int}|null $company    Null for a user at none.
 * @var string                                                                      $batch_link Users of the same batch; empty when it has none.
 */

declare( strict_types = 1 );

if ( ! defined( 'ABSPATH' ) ) {
	return;
}
?>
<?php if ( null === $company ) : ?>
<span aria-hidden="true">&#8212;</span><span class="screen-reader-text"><?php esc_html_e( 'No listed company', 'rollcall' ); ?></span>
<?php else : ?>
	<?php if ( null !== $company['website'] && '' !== esc_url( $company['website'], array( 'http', 'https' ) ) ) : ?>
<a href="<?php echo esc_url( $company['website'], array( 'http', 'https' ) ); ?>" rel="noopener noreferrer nofollow"><?php echo esc_html( $company['name'] ); ?></a>
	<?php else : ?>
		<?php echo esc_html( $company['name'] ); ?>
	<?php endif; ?>
	<?php if ( $company['others'] > 0 ) : ?>
		<?php
		/* translators: %d: how many more companies claim the domain. */
		echo esc_html( sprintf( _n( 'or %d other', 'or %d others', $company['others'], 'rollcall' ), $company['others'] ) );
		?>
	<?php endif; ?>
	<?php if ( '' !== $batch_link ) : ?>
<br><a href="<?php echo esc_url( $batch_link ); ?>"><?php echo esc_html( $company['batch'] ); ?></a>
	<?php endif; ?>
<?php endif; ?>
