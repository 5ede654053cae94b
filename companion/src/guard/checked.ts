import { networkInterfaces } from 'node:os';
import { parseAddress } from './address.ts';

/** Whether a socket went to one of the checked addresses, however either side writes it. */
export function isChecked( remote_address: string | undefined, addresses: readonly string[] ): boolean {
	if ( remote_address !== undefined && addresses.includes( remote_address ) ) {
		return true;
	}
	const remote = parseAddress( remote_address ?? '' )?.toString();
	return remote !== undefined && addresses.some( ( address ) => parseAddress( address )?.toString() === remote );
}

/** Addresses of this machine now. */
export function interfaceAddresses(): string[] {
	return Object.values( networkInterfaces() ).flatMap( ( list ) => ( list ?? [] ).map( ( { address } ) => address ) );
}
