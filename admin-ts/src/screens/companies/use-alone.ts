import { useOverview } from '../../data/queries.ts';

/** Whether no companion is connected, so that nothing fetches lists by itself. False while it is not known. */
export function useAlone(): boolean {
	const state = useOverview().data?.connection.state;
	return state === 'not_paired' || state === 'waiting_for_pairing';
}
