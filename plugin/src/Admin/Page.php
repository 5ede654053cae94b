<?php
declare( strict_types = 1 );

namespace Rollcall\Admin;

use Rollcall\Capabilities;
use Rollcall\Errors;
use Rollcall\Matching\OwnHosts;

/** The one admin page: its entries in the menu, its script, and what the script is told before it runs. */
final class Page {
	public const SLUG   = 'rollcall';
	public const HANDLE = 'rollcall-admin';

	/** REST answers that a screen opens with, so that it shows figures at once. */
	private const PRELOADED = array(
		'overview'  => array( '/rollcall/v1/overview' ),
		'matcher'   => array( '/rollcall/v1/report', '/rollcall/v1/lists', '/rollcall/v1/sources' ),
		'companies' => array( '/rollcall/v1/lists', '/rollcall/v1/companies/facets' ),
		'monitors'  => array( '/rollcall/v1/monitoring' ),
		'connect'   => array( '/rollcall/v1/connection' ),
		'settings'  => array( '/rollcall/v1/settings' ),
	);

	/** Adds the page and one entry for each screen that the user may open. */
	public static function menu(): void {
		$name = __( 'Rollcall', 'rollcall' );
		add_menu_page( $name, $name, Capabilities::VIEW, self::SLUG, array( self::class, 'render' ), 'dashicons-id-alt', 58 );
		foreach ( self::screens() as $screen => list( $title, $capability ) ) {
			add_submenu_page( self::SLUG, $title, $title, $capability, self::entry( $screen ), '' );
		}
	}

	/**
	 * Leads from the Plugins screen, where an activation ends, to the page.
	 *
	 * @param array<array-key, string> $links
	 * @return array<array-key, string>
	 */
	public static function action_links( array $links ): array {
		if ( ! current_user_can( Capabilities::VIEW ) ) {
			return $links;
		}
		$link = sprintf( '<a href="%s">%s</a>', esc_url( admin_url( 'admin.php?page=' . self::SLUG ) ), esc_html__( 'Open Rollcall', 'rollcall' ) );
		return array( 'rollcall' => $link ) + $links;
	}

	/** Marks the entry of the screen that the address names. */
	public static function current_entry( ?string $entry ): ?string {
		return self::SLUG === ( $GLOBALS['plugin_page'] ?? '' ) ? self::entry( self::screen() ) : $entry;
	}

	/** Puts the screen first in the title of the browser's window, where WordPress names the first entry of the menu. */
	public static function window_title( string $window_title, string $page_title ): string {
		if ( self::SLUG !== ( $GLOBALS['plugin_page'] ?? '' ) || ! str_starts_with( $window_title, $page_title ) ) {
			return $window_title;
		}
		return self::screens()[ self::screen() ][0] . ' ‹ ' . __( 'Rollcall', 'rollcall' ) . substr( $window_title, strlen( $page_title ) );
	}

	/** Loads the script and style of the page, and nothing on any other page. */
	public static function enqueue( string $hook ): void {
		$asset = self::asset();
		if ( 'toplevel_page_' . self::SLUG !== $hook || null === $asset ) {
			return;
		}
		$parts = self::parts( $asset['version'] );
		wp_enqueue_script( self::HANDLE, plugins_url( 'build/admin.js', ROLLCALL_FILE ), array( ...$asset['dependencies'], ...$parts ), $asset['version'], true );
		wp_set_script_translations( self::HANDLE, 'rollcall', dirname( ROLLCALL_FILE ) . '/languages' );
		wp_add_inline_script( self::HANDLE, 'window.rollcall_settings = ' . self::json( self::settings() ) . ';', 'before' );
		wp_add_inline_script(
			'wp-api-fetch',
			'wp.apiFetch.use( wp.apiFetch.createPreloadingMiddleware( ' . self::json( self::preloaded() ) . ' ) );',
			'after'
		);
		wp_enqueue_style( self::HANDLE, plugins_url( 'build/style-admin.css', ROLLCALL_FILE ), array( 'wp-components' ), $asset['version'] );
		wp_style_add_data( self::HANDLE, 'rtl', 'replace' );
	}

	/**
	 * Registers the code of each screen that the script fetches by itself, so that WordPress prints its translations: it
	 * knows them by script, and the script could not ask for them later.
	 *
	 * @return list<non-empty-string> Handles that go before the script: the one of the screen that opens.
	 */
	private static function parts( string $version ): array {
		$first = array();
		foreach ( array_keys( self::screens() ) as $screen ) {
			$file   = "build/screen-$screen.js";
			$handle = self::HANDLE . '-' . $screen;
			if ( ! is_file( dirname( ROLLCALL_FILE ) . '/' . $file ) ) {
				continue;
			}
			/** @var non-empty-string $url */
			$url = plugins_url( $file, ROLLCALL_FILE );
			wp_register_script( $handle, $url, array( 'wp-i18n' ), $version, true );
			if ( self::screen() === $screen ) {
				wp_set_script_translations( $handle, 'rollcall', dirname( ROLLCALL_FILE ) . '/languages' );
				$first[] = $handle;
				continue;
			}
			$texts = load_script_textdomain( $handle, 'rollcall', dirname( ROLLCALL_FILE ) . '/languages' );
			if ( is_string( $texts ) ) {
				wp_add_inline_script( 'wp-i18n', "( texts => wp.i18n.setLocaleData( texts.locale_data.rollcall || texts.locale_data.messages, 'rollcall' ) )( " . self::json( json_decode( $texts ) ) . ' );', 'after' );
			}
		}
		return $first;
	}

	/** Prints the place of the page; says in words what is missing when the script cannot run. */
	public static function render(): void {
		$missing = self::missing( self::asset() );
		echo '<div class="wrap rollcall-wrap"><hr class="wp-header-end">';
		if ( null !== $missing ) {
			wp_admin_notice(
				esc_html( $missing ),
				array(
					'type'               => 'error',
					'additional_classes' => array( 'inline' ),
				)
			);
		}
		echo '<div id="rollcall-root"></div><noscript><p>' . esc_html__( 'Rollcall needs JavaScript on this page.', 'rollcall' ) . '</p></noscript></div>';
	}

	/**
	 * Why the script cannot run: WordPress skips a script without a word when one of its dependencies is not registered.
	 *
	 * @param array{dependencies: list<non-empty-string>, version: string}|null $asset What the build says; null when there is none.
	 */
	public static function missing( ?array $asset ): ?string {
		if ( null === $asset ) {
			return __( 'The files of this page are missing. Install Rollcall from its zip file, or run its build.', 'rollcall' );
		}
		$absent = array_filter( $asset['dependencies'], static fn ( string $handle ): bool => ! wp_script_is( $handle, 'registered' ) );
		if ( array() === $absent ) {
			return null;
		}
		return sprintf(
			/* translators: %s: names of scripts, such as wp-components. */
			__( 'This page needs scripts that WordPress does not have here: %s. Update WordPress, or switch off the plugin that removes them.', 'rollcall' ),
			implode( ', ', $absent )
		);
	}

	/**
	 * Title and right of each screen, by the name that the address carries.
	 *
	 * @return array<string, array{string, string}>
	 */
	private static function screens(): array {
		return array(
			'overview'  => array( __( 'Overview', 'rollcall' ), Capabilities::VIEW ),
			'matcher'   => array( __( 'Matcher', 'rollcall' ), Capabilities::VIEW ),
			'runs'      => array( __( 'Runs', 'rollcall' ), Capabilities::VIEW ),
			'companies' => array( __( 'Companies', 'rollcall' ), Capabilities::VIEW ),
			'rules'     => array( __( 'Rules', 'rollcall' ), Capabilities::VIEW ),
			'monitors'  => array( __( 'Monitors', 'rollcall' ), Capabilities::VIEW ),
			'connect'   => array( __( 'Connect', 'rollcall' ), Capabilities::VIEW ),
			'payloads'  => array( __( 'What left the site', 'rollcall' ), Capabilities::SETTINGS ),
			'settings'  => array( __( 'Settings', 'rollcall' ), Capabilities::SETTINGS ),
		);
	}

	/** Slug of a screen's entry in the menu; the first one is the page itself. */
	private static function entry( string $screen ): string {
		return 'overview' === $screen ? self::SLUG : 'admin.php?page=' . self::SLUG . '&screen=' . $screen;
	}

	/** The screen that the address names. */
	private static function screen(): string {
		// phpcs:ignore WordPress.Security.NonceVerification.Recommended -- It only chooses what is shown.
		$screen = isset( $_GET['screen'] ) && is_string( $_GET['screen'] ) ? sanitize_key( $_GET['screen'] ) : '';
		return isset( self::screens()[ $screen ] ) ? $screen : 'overview';
	}

	/**
	 * What the build says about the script; null when it was not built.
	 *
	 * @return array{dependencies: list<non-empty-string>, version: string}|null
	 */
	private static function asset(): ?array {
		$file = dirname( ROLLCALL_FILE ) . '/build/admin.asset.php';
		if ( ! is_file( $file ) ) {
			return null;
		}
		/** @var array{dependencies: list<non-empty-string>, version: string} $asset */
		$asset = require $file;
		return $asset;
	}

	/**
	 * What the script is told; the type PageSettings of the admin page names the same fields.
	 *
	 * @return array<string, mixed>
	 */
	private static function settings(): array {
		$may_set = current_user_can( Capabilities::SETTINGS );
		return array(
			'page_url'       => admin_url( 'admin.php?page=' . self::SLUG ),
			'rest_url'       => rest_url(),
			'nonce'          => wp_create_nonce( 'wp_rest' ),
			'locale'         => str_replace( '_', '-', (string) preg_replace( '/_(?:formal|informal)$|@.*$/', '', get_user_locale() ) ),
			'companion_path' => $may_set ? self::companion_path() : '',
			'can'            => array(
				'view'       => current_user_can( Capabilities::VIEW ),
				'manage'     => current_user_can( Capabilities::MANAGE ),
				'settings'   => $may_set,
				'list_users' => current_user_can( 'list_users' ),
			),
			'own_hosts'      => OwnHosts::current(),
			'errors'         => Errors::texts(),
		);
	}

	/** Path of the companion that came with the plugin; empty when it did not. */
	private static function companion_path(): string {
		$path = dirname( ROLLCALL_FILE ) . '/companion/rollcall-companion.mjs';
		return is_file( $path ) ? wp_normalize_path( $path ) : '';
	}

	/**
	 * Answers of the screen's first requests.
	 *
	 * @return array<string, mixed>
	 */
	private static function preloaded(): array {
		/** @var array<string, mixed> $answers */
		$answers = array_reduce( self::PRELOADED[ self::screen() ] ?? array(), 'rest_preload_api_request', array() );
		return $answers;
	}

	/** JSON that may stand inside a script element. */
	private static function json( mixed $value ): string {
		return (string) wp_json_encode( $value, JSON_HEX_TAG | JSON_HEX_AMP | JSON_UNESCAPED_SLASHES );
	}
}
