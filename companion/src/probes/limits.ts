/** What one check may take of time, memory and network. */
export type Limits = {
	/** The whole check, redirects included. */
	total_ms: number;
	dns_ms: number;
	connect_ms: number;
	tls_ms: number;
	/** How long a body is awaited that no assertion needs: it may show faults, but the verdict stands with the header. */
	idle_body_ms: number;
	header_bytes: number;
	header_fields: number;
	informational: number;
	/** Of a body, each on the wire and decoded. */
	body_bytes: number;
	content_encodings: number;
	redirects: number;
	url_bytes: number;
};

export const LIMITS: Limits = {
	total_ms: 10_000,
	dns_ms: 5000,
	connect_ms: 5000,
	tls_ms: 5000,
	idle_body_ms: 1000,
	header_bytes: 16_384,
	header_fields: 200,
	informational: 20,
	body_bytes: 1_048_576,
	content_encodings: 2,
	redirects: 5,
	url_bytes: 2048,
};
