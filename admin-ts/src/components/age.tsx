import { useEffect, useState } from 'react';
import { formatAge, formatInstant } from '../format.ts';

/** The current time, read again every `interval_ms`, so that ages and countdowns move on. */
export function useNow( interval_ms: number ): number {
	const [ now_ms, setNow ] = useState( Date.now );
	useEffect( () => {
		const timer = setInterval( () => setNow( Date.now() ), interval_ms );
		return () => clearInterval( timer );
	}, [ interval_ms ] );
	return now_ms;
}

/** "3 minutes ago", with the full date and time as its title. */
export function Age( { instant }: { instant: string } ) {
	useNow( 10_000 );
	return (
		<time dateTime={ instant } title={ formatInstant( instant ) }>
			{ formatAge( instant ) }
		</time>
	);
}
