import { Button, ProgressBar } from '@wordpress/components';
import type { JobRow } from '../../../companion/src/contract/report.ts';
import { useCancelJob } from '../data/queries.ts';
import { formatNumber } from '../format.ts';
import { pageSettings } from '../page-settings.ts';
import { jobStateText } from '../words.ts';
import { ErrorFace } from './faces.tsx';

/** How far an open job is, with a button that stops it for those who may. */
export function JobProgress( { job, label, stop }: { job: JobRow; label: string; stop: string } ) {
	const cancel = useCancelJob();
	return (
		<div className="rollcall-stack is-tight">
			<ProgressBar
				className="rollcall-progress"
				value={ job.total > 0 ? ( 100 * job.done ) / job.total : undefined }
				aria-label={ label }
			/>
			<div className="rollcall-actions is-spread">
				<span role="status">
					{ jobStateText( job.state ) }
					{ job.total > 0 ? `: ${ formatNumber( job.done ) } / ${ formatNumber( job.total ) }` : '…' }
				</span>
				{ pageSettings().can.manage ? (
					<Button
						variant="tertiary"
						size="compact"
						isDestructive
						isBusy={ cancel.isPending }
						onClick={ () => cancel.mutate( job.job_uid ) }
					>
						{ stop }
					</Button>
				) : null }
			</div>
			{ cancel.error ? <ErrorFace error={ cancel.error } /> : null }
		</div>
	);
}
