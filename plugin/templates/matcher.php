<?php
/**
 * The matcher for visitors, drawn by Shortcodes\Matcher for the shortcode and the block.
 *
 * @package Rollcall
 *
 * @var bool                                    $is_open    Whether there is a list to look into.
 * @var bool                                    $show_steps Whether it is explained in three steps.
 * @var string                                  $title      What the lists are called.
 * @var string                                  $updated    Date of the oldest of them; empty when unknown.
 * @var list<array{text: string, url: string}> $links Where the lists come from.
 * @var string                                  $context    Attribute with what the script begins with.
 */

declare( strict_types = 1 );

if ( ! defined( 'ABSPATH' ) ) {
	return;
}
?>
<div <?php echo get_block_wrapper_attributes( array( 'class' => 'rollcall-matcher' ) ); // phpcs:ignore WordPress.Security.EscapeOutput.OutputNotEscaped -- Core escapes each attribute. ?>
	data-wp-interactive="rollcall/matcher" <?php echo $context; // phpcs:ignore WordPress.Security.EscapeOutput.OutputNotEscaped -- Core escapes it. ?> data-wp-init="callbacks.ready">
<?php if ( ! $is_open ) : ?>
	<p><?php esc_html_e( 'The list of companies is not ready yet. Please come back later.', 'rollcall' ); ?></p>
<?php else : ?>
	<?php if ( $show_steps ) : ?>
	<ol class="rollcall-matcher__steps">
		<li><?php esc_html_e( 'Your browser takes the e-mail domains out of your list. Addresses never leave this page.', 'rollcall' ); ?></li>
		<li>
			<?php
			/* translators: %s: name of a list of companies. */
			echo esc_html( sprintf( __( 'We match these domains against our database: %s', 'rollcall' ), $title ) );
			foreach ( $links as $link ) {
				printf( ' (<a href="%s">%s</a>)', esc_url( $link['url'], array( 'http', 'https' ) ), esc_html( $link['text'] ) );
			}
			?>
		</li>
		<li><?php esc_html_e( 'You see which companies are in your list, with what is known of them.', 'rollcall' ); ?></li>
	</ol>
	<?php endif; ?>
	<noscript><p><?php esc_html_e( 'This needs JavaScript: your list is read in your browser, so that it does not have to be sent.', 'rollcall' ); ?></p></noscript>
	<form class="rollcall-matcher__form" hidden data-wp-bind--hidden="context.is_waiting" data-wp-on--submit="actions.submit" data-wp-on--dragover="actions.dragOver" data-wp-on--drop="actions.drop">
		<label class="rollcall-matcher__text">
			<span><?php esc_html_e( 'Paste addresses or domains, or drop a CSV or text file here', 'rollcall' ); ?></span>
			<textarea rows="6" spellcheck="false" autocomplete="off" autocapitalize="off" data-wp-bind--readonly="context.is_busy"></textarea>
		</label>
		<div class="rollcall-matcher__actions">
			<button type="submit" class="wp-element-button" data-wp-bind--aria-disabled="context.is_busy"><?php esc_html_e( 'Find companies', 'rollcall' ); ?></button>
			<label class="rollcall-matcher__file">
				<span><?php esc_html_e( 'or choose a file', 'rollcall' ); ?></span>
				<input type="file" accept=".csv,.tsv,.txt,text/csv,text/plain" data-wp-on--change="actions.choose" data-wp-bind--disabled="context.is_busy">
			</label>
		</div>
	</form>
	<div class="rollcall-matcher__progress" hidden data-wp-bind--hidden="!context.is_busy">
		<progress max="100" value="0" data-wp-bind--value="context.progress" aria-label="<?php esc_attr_e( 'Progress', 'rollcall' ); ?>"></progress>
		<button type="button" class="wp-element-button" data-wp-on--click="actions.cancel"><?php esc_html_e( 'Cancel', 'rollcall' ); ?></button>
	</div>
	<p class="rollcall-matcher__message" role="status" tabindex="-1" data-wp-text="context.message"></p>
	<p class="rollcall-matcher__error" role="alert" data-wp-text="context.error"></p>
	<div class="rollcall-matcher__results" hidden data-wp-bind--hidden="!context.has_matches">
		<div class="rollcall-matcher__scroll" role="region" tabindex="0" aria-label="<?php esc_attr_e( 'Companies in your list', 'rollcall' ); ?>">
			<table>
				<thead>
					<tr>
						<th scope="col"><?php esc_html_e( 'Company', 'rollcall' ); ?></th>
						<th scope="col"><?php esc_html_e( 'Domain', 'rollcall' ); ?></th>
						<th scope="col" class="rollcall-matcher__number"><?php esc_html_e( 'In your list', 'rollcall' ); ?></th>
					</tr>
				</thead>
				<tbody>
					<template data-wp-each--row="context.rows" data-wp-each-key="context.row.domain">
						<tr>
							<th scope="row">
								<a data-wp-bind--href="context.row.website" data-wp-text="context.row.name" rel="noopener noreferrer nofollow"></a>
								<span class="rollcall-matcher__standing" data-wp-text="context.row.standing"></span>
								<span class="rollcall-matcher__about" data-wp-text="context.row.about"></span>
							</th>
							<td class="rollcall-matcher__domain" data-wp-text="context.row.domain"></td>
							<td class="rollcall-matcher__number" data-wp-text="context.row.count"></td>
						</tr>
					</template>
				</tbody>
			</table>
		</div>
		<?php if ( '' !== $updated ) : ?>
		<p class="rollcall-matcher__as-of">
			<?php
			/* translators: 1: name of a list of companies, 2: a date. */
			echo esc_html( sprintf( __( '%1$s, as of %2$s.', 'rollcall' ), $title, $updated ) );
			?>
		</p>
		<?php endif; ?>
	</div>
<?php endif; ?>
</div>
