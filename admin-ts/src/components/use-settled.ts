import { useEffect, useState } from 'react';

/** A value that has not changed for this long, so that what follows from it does not come and go while someone types. */
export function useSettled< Value >( value: Value, after_ms = 600 ): Value {
	const [ settled, setSettled ] = useState( value );
	useEffect( () => {
		const timer = setTimeout( () => setSettled( value ), after_ms );
		return () => clearTimeout( timer );
	}, [ value, after_ms ] );
	return settled;
}
