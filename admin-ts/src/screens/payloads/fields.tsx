import { __ } from '@wordpress/i18n';
import type { Payload } from '../../../../companion/src/contract/site.ts';
import { column } from '../../components/data-table.tsx';
import { Badge } from '../../components/frame.tsx';
import { formatBytes, formatInstant } from '../../format.ts';

/** Columns of the list of texts that left the site. */
export function columns() {
	return [
		column< Payload >( {
			id: 'sent_at',
			label: __( 'Sent', 'rollcall' ),
			value: ( row ) => row.sent_at,
			show: ( row ) => formatInstant( row.sent_at ),
			always: true,
		} ),
		column< Payload >( {
			id: 'route',
			label: __( 'Where', 'rollcall' ),
			value: ( row ) => row.route,
			show: ( row ) => <code className="rollcall-code">{ row.route }</code>,
		} ),
		column< Payload >( {
			id: 'bytes',
			label: __( 'Size', 'rollcall' ),
			value: ( row ) => row.bytes,
			show: ( row ) => (
				<>
					{ formatBytes( row.bytes ) }
					{ row.truncated ? <Badge>{ __( 'Cut', 'rollcall' ) }</Badge> : null }
				</>
			),
			is_number: true,
		} ),
	];
}
