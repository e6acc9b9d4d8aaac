<?php
/**
 * Plugin Name: Rapport
 * Description: Puts the feedback button of your Rapport on every page. It prints one script tag, and who is signed in if you tick that box.
 * Version: 1.0.0
 * Requires at least: 5.7
 * Requires PHP: 7.2
 * License: MIT
 * License URI: https://opensource.org/license/mit
 * Text Domain: rapport
 */

if ( ! defined( 'ABSPATH' ) ) {
	exit;
}

/** The address as pasted, if it is one of a site source: https, and a path of the form /w/KEY.js; else an empty text. */
function rapport_sanitize_address( $value ) {
	$value = trim( (string) $value );
	if ( preg_match( '#src=["\']([^"\']+)["\']#', $value, $found ) ) {
		$value = $found[1];
	}
	$address = esc_url_raw( $value, array( 'https' ) );
	if ( '' === $address || preg_match( '#^https://[A-Za-z0-9.-]+(:[0-9]+)?/w/[A-Za-z0-9_-]+\.js$#', $address ) ) {
		return $address;
	}
	add_settings_error( 'rapport_address', 'rapport_address', __( 'This is not the address of a Rapport script: it begins with https:// and ends with .js.', 'rapport' ) );
	return (string) get_option( 'rapport_address', '' );
}

function rapport_register_settings() {
	register_setting( 'rapport', 'rapport_address', array(
		'type'              => 'string',
		'sanitize_callback' => 'rapport_sanitize_address',
		'default'           => '',
	) );
	register_setting( 'rapport', 'rapport_identify', array(
		'type'              => 'boolean',
		'sanitize_callback' => 'rest_sanitize_boolean',
		'default'           => false,
	) );
}
add_action( 'admin_init', 'rapport_register_settings' );

function rapport_add_page() {
	add_options_page( 'Rapport', 'Rapport', 'manage_options', 'rapport', 'rapport_render_page' );
}
add_action( 'admin_menu', 'rapport_add_page' );

/** The settings page. settings_fields() prints the nonce, options.php checks it and the right to change options. */
function rapport_render_page() {
	if ( ! current_user_can( 'manage_options' ) ) {
		return;
	}
	?>
	<div class="wrap">
		<h1><?php echo esc_html( get_admin_page_title() ); ?></h1>
		<form action="options.php" method="post">
			<?php settings_fields( 'rapport' ); ?>
			<table class="form-table" role="presentation">
				<tr>
					<th scope="row"><label for="rapport_address"><?php esc_html_e( 'Address of the script', 'rapport' ); ?></label></th>
					<td>
						<input type="url" class="regular-text" id="rapport_address" name="rapport_address"
							value="<?php echo esc_attr( get_option( 'rapport_address', '' ) ); ?>"
							placeholder="https://feedback.example.com/w/KEY.js">
						<p class="description"><?php esc_html_e( 'It stands on the page of your source. Leave it empty to print nothing.', 'rapport' ); ?></p>
					</td>
				</tr>
				<tr>
					<th scope="row"><?php esc_html_e( 'Customers', 'rapport' ); ?></th>
					<td>
						<label for="rapport_identify">
							<input type="checkbox" id="rapport_identify" name="rapport_identify" value="1" <?php checked( (bool) get_option( 'rapport_identify', false ) ); ?>>
							<?php esc_html_e( 'Tell who is signed in', 'rapport' ); ?>
						</label>
					</td>
				</tr>
			</table>
			<?php submit_button(); ?>
		</form>
	</div>
	<?php
}

function rapport_enqueue() {
	$address = (string) get_option( 'rapport_address', '' );
	if ( '' === $address ) {
		return;
	}
	// No version: the address serves what is current, and caches by itself.
	wp_enqueue_script( 'rapport', $address, array(), null, true ); // phpcs:ignore WordPress.WP.EnqueuedResourceParameters.MissingVersion
	if ( ! get_option( 'rapport_identify', false ) || ! is_user_logged_in() ) {
		return;
	}
	$user = wp_get_current_user();
	$call = 'window.rapport=window.rapport||function(){(rapport.q=rapport.q||[]).push(arguments)};rapport("identify",'
		. wp_json_encode( (string) $user->ID, JSON_HEX_TAG | JSON_HEX_AMP ) . ','
		. wp_json_encode( array( 'email' => $user->user_email ), JSON_HEX_TAG | JSON_HEX_AMP ) . ');';
	wp_add_inline_script( 'rapport', $call, 'before' );
}
add_action( 'wp_enqueue_scripts', 'rapport_enqueue' );

/** Loads it beside the page, and keeps optimisers from holding it back until the visitor acts. */
function rapport_script_tag( $tag, $handle ) {
	if ( 'rapport' !== $handle ) {
		return $tag;
	}
	return preg_replace( '/<script(?= [^>]*\bsrc=)(?![^>]*\basync\b)/', '<script async nowprocket data-cfasync="false"', $tag, 1 );
}
add_filter( 'script_loader_tag', 'rapport_script_tag', 10, 2 );

function rapport_action_links( $links ) {
	$url = esc_url( admin_url( 'options-general.php?page=rapport' ) );
	array_unshift( $links, '<a href="' . $url . '">' . esc_html__( 'Settings', 'rapport' ) . '</a>' );
	return $links;
}
add_filter( 'plugin_action_links_' . plugin_basename( __FILE__ ), 'rapport_action_links' );
