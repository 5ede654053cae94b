import { __ } from '@wordpress/i18n';
import { Frame } from '../../components/frame.tsx';
import { ScreenLink, useRouter } from '../../router.tsx';
import { Comparison } from './comparison.tsx';
import { RunList } from './run-list.tsx';
import { OneRun } from './one-run.tsx';

/** The runs that an address names: none for the list, one, or two to compare. */
export function runsOf( view: string ): number[] {
	return /^\d{1,15}(-\d{1,15})?$/.test( view ) ? view.split( '-' ).map( Number ) : [];
}

function View( { view }: { view: string } ) {
	const [ first, second ] = runsOf( view );
	if ( first === undefined ) {
		return <RunList />;
	}
	return (
		<div className="rollcall-stack">
			<p>
				<ScreenLink to="runs">{ __( 'All runs', 'rollcall' ) }</ScreenLink>
			</p>
			{ second === undefined ? (
				<OneRun key={ first } run_id={ first } />
			) : (
				<Comparison key={ view } before={ Math.min( first, second ) } after={ Math.max( first, second ) } />
			) }
		</div>
	);
}

/** Every run, and any two of them beside each other. */
export default function Runs() {
	const { view } = useRouter();
	return (
		<Frame title={ __( 'Runs', 'rollcall' ) } subtitle={ __( 'What the matcher found over time.', 'rollcall' ) } wide>
			<View view={ view } />
		</Frame>
	);
}
