export type Sample = { name: string; labels: Record< string, string >; value: number };
export type ReadFamily = { type: string; help: string; samples: Sample[] };

const NAME = '[a-zA-Z_:][a-zA-Z0-9_:]*';
const SAMPLE = new RegExp( `^(${ NAME })(?:\\{(.*)\\})? (\\S+)$`, 's' );

/** Reads Prometheus's text format 0.0.4 and throws at whatever `promtool check metrics` would complain of: a family without
 *  help or type, or in two places; a sample twice; a label that is not escaped; a unit that is no base unit. */
export function readMetrics( text: string ): Map< string, ReadFamily > {
	const families = new Map< string, ReadFamily >();
	const seen = new Set< string >();
	let current = '';
	if ( ! text.endsWith( '\n' ) ) {
		throw new Error( 'The last line has no end.' );
	}
	for ( const line of text.slice( 0, -1 ).split( '\n' ) ) {
		const [ , help_name, help ] = new RegExp( `^# HELP (${ NAME }) (.+)$` ).exec( line ) ?? [];
		const [ , type_name, type ] = new RegExp( `^# TYPE (${ NAME }) (gauge|counter)$` ).exec( line ) ?? [];
		if ( help_name !== undefined ) {
			refuse( families.has( help_name ), `${ help_name } is there twice` );
			families.set( help_name, { type: '', help: help ?? '', samples: [] } );
			current = help_name;
		} else if ( type_name !== undefined ) {
			refuse( type_name !== current, `the type of ${ type_name } is not behind its help` );
			refuse( ( type === 'counter' ) !== type_name.endsWith( '_total' ), `${ type_name } is a ${ type }` );
			refuse( /_(ms|milliseconds|minutes|kilobytes|percent)(_|$)/.test( type_name ), `${ type_name } has no base unit` );
			Object.assign( families.get( current ) ?? {}, { type } );
		} else {
			const sample = sampleOf( line );
			refuse( sample.name !== current || families.get( current )?.type === '', `${ sample.name } is not below its type` );
			const key = `${ sample.name } ${ JSON.stringify( Object.entries( sample.labels ).toSorted() ) }`;
			refuse( seen.has( key ), `${ key } is there twice` );
			seen.add( key );
			families.get( current )?.samples.push( sample );
		}
	}
	return families;
}

function sampleOf( line: string ): Sample {
	const [ , name = '', labels = '', value = '' ] = SAMPLE.exec( line ) ?? [];
	refuse( name === '' || ! /^-?\d+(\.\d+)?(e[+-]?\d+)?$/.test( value ), `no sample: ${ line }` );
	const read: Record< string, string > = {};
	const pairs = /([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\]|\\["\\n])*)"(,|$)/gy;
	let end = 0;
	for ( const [ pair, label = '', escaped = '' ] of labels.matchAll( pairs ) ) {
		refuse( label in read, `the label ${ label } twice: ${ line }` );
		read[ label ] = escaped.replace( /\\(["\\n])/g, ( _, character: string ) => ( character === 'n' ? '\n' : character ) );
		end += pair.length;
	}
	refuse( end !== labels.length || labels.endsWith( ',' ), `labels that cannot be read: ${ line }` );
	return { name, labels: read, value: Number( value ) };
}

function refuse( is_wrong: boolean, why: string ): void {
	if ( is_wrong ) {
		throw new Error( why );
	}
}
