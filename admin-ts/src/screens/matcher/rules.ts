import { __ } from '@wordpress/i18n';
import { REASONS, wordsOf } from '../../../../companion/src/contract/vocabulary.ts';
import { reasonText } from '../../words.ts';

/** Sentences for the rules that decide on a domain; for `invalid` and `special_use` the rule is the reason. */
function sentences(): Partial< Record< string, string > > {
	return {
		own_site: __( 'It belongs to this site.', 'rollcall' ),
		own_host: __( 'It belongs to this site.', 'rollcall' ),
		excluded: __( 'You excluded it.', 'rollcall' ),
		core_mail: __( 'It is one of the large mail providers, where anyone can have an address.', 'rollcall' ),
		company_current: __( 'It is the website of a company on the list.', 'rollcall' ),
		company_former: __( 'It was the website of a company on the list before.', 'rollcall' ),
		company_subdomain: __( 'It is part of the website of a company on the list.', 'rollcall' ),
		company_alias: __( 'It is an alias of a company on the list.', 'rollcall' ),
		company_manual: __( 'It was given to a company by hand.', 'rollcall' ),
		suffix_walk: __( 'It, or a domain above it, belongs to a company on the list.', 'rollcall' ),
		platform: __( 'It is a shared host, where many people have pages or addresses.', 'rollcall' ),
		free_mail: __( 'It is a mail provider, where anyone can have an address.', 'rollcall' ),
		disposable: __( 'It hands out throw-away addresses.', 'rollcall' ),
		relay: __( 'It forwards mail and hides the real address.', 'rollcall' ),
		education_government: __( 'It is a school, university or government.', 'rollcall' ),
		unmatched: __( 'No list and no rule knows it: most likely an organisation that is on none of your lists.', 'rollcall' ),
	};
}

/** The rule that decided, as a sentence. A rule that is not known here is shown as the words it is made of. */
export function ruleText( rule: string ): string {
	const reason = wordsOf( REASONS ).find( ( word ) => word === rule );
	if ( reason ) {
		return `${ reasonText( reason ) }.`;
	}
	return sentences()[ rule ] ?? ( rule === '' ? __( 'No rule has decided yet.', 'rollcall' ) : rule.replaceAll( '_', ' ' ) );
}
