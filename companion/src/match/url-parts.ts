/** `host` is as typed; `is_root` is false when a path, query or fragment follows it. */
export type UrlParts = { scheme: 'http' | 'https'; host: string; port: string; is_root: boolean };

/** Takes apart a website as people write it: `https://host:port/path`, `//host`, `host/path`. http when it has no scheme.
 *  Null for other schemes, user names and what has no host. Says nothing on whether the host is a good one. */
export function urlParts( text: string ): UrlParts | null {
	const [ , scheme = 'http', rest = '' ] = /^(?:(?:(https?):)?\/\/)?(.*)$/isu.exec( text.trim() ) ?? [];
	const [ , host = '', port = '', tail = '' ] = /^(\[[^\]]*\]|[^/?#\\:@]*)(?::(\d*))?(.*)$/su.exec( rest ) ?? [];
	if ( host === '' || Number( port ) > 65535 || ! /^(?:[/?#\\]|$)/u.test( tail ) ) {
		return null;
	}
	return { scheme: scheme.toLowerCase() === 'https' ? 'https' : 'http', host, port, is_root: /^\/*$/u.test( tail ) };
}

/** True for a text that names no host at all: empty, or a scheme alone such as `http://`. */
export function isEmptyUrl( text: string ): boolean {
	return /^(?:https?:)?\/*$/iu.test( text.trim() );
}
