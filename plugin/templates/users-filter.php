<?php
/**
 * The filter by company above the table of the Users screen, printed by Users\UsersScreen inside the form of WordPress.
 *
 * @package Rollcall
 *
 * @var list<string> $batches Newest first.
 * @var string       $chosen  Value that is chosen; empty for all users.
 * @var string       $prefix  What the value of a batch begins with.
 */

declare( strict_types = 1 );

if ( ! defined( 'ABSPATH' ) ) {
	return;
}
?>
<div class="alignleft actions">
<label class="screen-reader-text" for="rollcall_company_filter"><?php esc_html_e( 'Filter by company', 'rollcall' ); ?></label>
<select name="rollcall_company" id="rollcall_company_filter">
	<option value=""><?php esc_html_e( 'All companies', 'rollcall' ); ?></option>
	<option value="listed" <?php selected( $chosen, 'listed' ); ?>><?php esc_html_e( 'At a listed company', 'rollcall' ); ?></option>
	<option value="unlisted" <?php selected( $chosen, 'unlisted' ); ?>><?php esc_html_e( 'At no listed company', 'rollcall' ); ?></option>
	<?php if ( array() !== $batches ) : ?>
	<optgroup label="<?php esc_attr_e( 'Batch', 'rollcall' ); ?>">
		<?php foreach ( $batches as $batch ) : ?>
		<option value="<?php echo esc_attr( $prefix . $batch ); ?>" <?php selected( $chosen, $prefix . $batch ); ?>><?php echo esc_html( $batch ); ?></option>
		<?php endforeach; ?>
	</optgroup>
	<?php endif; ?>
</select>
<?php submit_button( __( 'Filter', 'rollcall' ), '', 'rollcall_filter', false ); ?>
</div>
