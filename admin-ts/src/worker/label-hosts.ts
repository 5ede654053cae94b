import type { LabelRow } from '../../../companion/src/contract/exchange.ts';
import { buildCompanyIndex } from '../../../companion/src/match/company-index.ts';
import { labelHost, labelRules } from '../../../companion/src/match/label.ts';
import type { Tasks } from './protocol.ts';

/** Verdicts without companies and exclusions: WordPress has these, and decides by them over what it is told. */
export function labelHosts( { data_version, rows, own_hosts }: Tasks[ 'label_hosts' ][ 'input' ] ): LabelRow[] {
	const rules = labelRules( { index: buildCompanyIndex( [] ), own_hosts, exclusions: [] } );
	return rows.map( ( { domain_id, host } ) => ( { domain_id, data_version, verdict: labelHost( host, rules ) } ) );
}
