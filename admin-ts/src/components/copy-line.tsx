import { Button } from '@wordpress/components';
import { useCopyToClipboard } from '@wordpress/compose';
import { __ } from '@wordpress/i18n';
import { useNotify } from './notify.tsx';

/** A command on one line with a button that copies it. */
export function CopyLine( { text, label }: { text: string; label: string } ) {
	const notify = useNotify();
	const ref = useCopyToClipboard< HTMLButtonElement >( text, () => notify( __( 'Copied.', 'rollcall' ) ) );
	return (
		<div className="rollcall-copy">
			<pre className="rollcall-copy__text" tabIndex={ 0 } role="region" aria-label={ label }>
				<code>{ text }</code>
			</pre>
			<Button ref={ ref } variant="secondary" size="compact" className="rollcall-copy__button">
				{ __( 'Copy', 'rollcall' ) }
			</Button>
		</div>
	);
}
