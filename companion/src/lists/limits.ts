/** Cap on the wire and after decoding; yc-oss has 10.3 MB pretty-printed in 2026-08. */
export const MAX_LIST_BYTES = 20 * 1024 * 1024;

/** Most records of a list; yc-oss has 6,186 in 2026-08. */
export const MAX_ROWS = 50_000;

/** Most domains of one kind of a company. */
export const MAX_DOMAINS_OF_COMPANY = 20;

/** Longest website that is read; upstream's longest has 150 characters. */
export const MAX_WEBSITE = 2048;
