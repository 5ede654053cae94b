import { __ } from '@wordpress/i18n';
import { REASONS, wordsOf } from '../../../../companion/src/contract/vocabulary.ts';
import { reasonText } from '../../words.ts';

/** The rule that decided, as a sentence. A rule that is not known here is shown as the words it is made of. */
export function ruleText( rule: string ): string {
	const reason = wordsOf( REASONS ).find( ( word ) => word === rule );
	if ( reason ) {
		return reasonText( reason );
	}
	return rule === '' ? __( 'No rule has decided yet', 'rollcall' ) : rule.replaceAll( '_', ' ' );
}
