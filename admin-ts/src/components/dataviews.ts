/** The part of the page that is fetched only when a table is shown: DataViews is two thirds of all bytes.
 *  It holds no text of ours, because WordPress loads translations for the main script only. */
export { DataForm, DataViews } from '@wordpress/dataviews';
