import type { CompanyDomain, CompanyRow, ListChanges } from '../../../companion/src/contract/company.ts';
import type { LabelRow, ListPage } from '../../../companion/src/contract/exchange.ts';
import type { CompanyStatus, ListSource, Reason } from '../../../companion/src/contract/vocabulary.ts';

/** How far a long task is. `rows_read` stays 0 where nothing is counted by rows. */
export type Progress = { bytes_read: number; bytes_total: number; rows_read: number };

/** What a file of addresses or domains holds, as POST /runs/{run_id}/hosts takes it. Hosts with most people first. */
export type ScannedHosts = {
	rows_read: number;
	hosts: { host: string; user_count: number }[];
	reasons: { reason: Reason; user_count: number }[];
};

/** What became of a row. taken: matched by its domains; no_domain: kept without one; refused: not on the list. */
export type RowVerdict = 'taken' | 'no_domain' | 'refused';

export type PreviewRow = {
	/** From 1; the heading of a table is row 1. */
	row: number;
	/** Of a refused row, what stands there. */
	name: string;
	website: string;
	domains: string[];
	verdict: RowVerdict;
	/** Word of a refusal or remark, such as `public_suffix`; empty when there is nothing to say. */
	reason: string;
};

/** A list as it would be stored. `pages` is what POST /lists/{list_uid}/pages takes, one after the other. */
export type ListPreview = {
	/** Headings as they stand in the table and the field that each one fills; null when it is not used. */
	columns: { heading: string; field: string | null }[];
	rows: PreviewRow[];
	row_count: number;
	sha256: string;
	changes: ListChanges | null;
	pages: ListPage[];
};

/** The rows that a list has now; their domains stay as former ones. */
export type ListRows = { companies: CompanyRow[]; domains: CompanyDomain[] };

/** A company as a person types it. */
export type TypedRow = {
	/** Empty for a new row, which is known by its name then. */
	source_id: string;
	name: string;
	website: string;
	/** Further domains. */
	domains: string[];
	status: CompanyStatus;
	batch: string;
};

export type ListInput = { list_uid: string; source: ListSource; previous: ListRows | null };

/** Every task of the worker by its name: what it takes, and what it answers. */
export type Tasks = {
	scan_file: { input: { file: Blob | string }; output: ScannedHosts };
	parse_list: { input: ListInput & { kind: 'csv' | 'yc'; body: Uint8Array | string }; output: ListPreview };
	parse_rows: { input: ListInput & { rows: TypedRow[] }; output: ListPreview };
	sample_list: { input: { list_uid: string }; output: ListPreview };
	fetch_list: { input: { url: string }; output: Uint8Array };
	label_hosts: {
		input: { data_version: number; rows: { domain_id: number; host: string }[]; own_hosts: string[] };
		output: LabelRow[];
	};
};
export type TaskName = keyof Tasks;

/** What the page says to the worker. */
export type ToWorker = { id: number; task: TaskName; input: unknown } | { id: number; cancel: true };

/** What the worker says to the page. */
export type FromWorker =
	{ id: number; progress: Progress } | { id: number; output: unknown } | { id: number; error: { code: string; message: string } };
