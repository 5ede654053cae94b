import { __ } from '@wordpress/i18n';
import type { AnchorHTMLAttributes } from 'react';
import { Frame } from '../../components/frame.tsx';
import { addressOf, placeOf, useLink, useRouter } from '../../router.tsx';
import { MatcherView } from './matcher-view.tsx';
import { ReportView } from './report-view.tsx';
import { sourceOf } from './source-place.ts';

/** A tab of the header that stays inside the page. */
function Tab( { href, children, ...rest }: AnchorHTMLAttributes< HTMLAnchorElement > & { href: string } ) {
	const { screen, view } = placeOf( href );
	const link = useLink( screen, view );
	return (
		<a { ...rest } { ...link }>
			{ children }
		</a>
	);
}

/** Runs the matcher; its view "Report" shows what was found. */
export default function Matcher() {
	const { view } = useRouter();
	const source = sourceOf( view );
	const is_report = source !== undefined;
	return (
		<Frame
			title={ __( 'Matcher', 'rollcall' ) }
			subtitle={ __( 'Find the companies that your users work at.', 'rollcall' ) }
			navigation={ {
				items: [
					{ label: __( 'Run', 'rollcall' ), href: addressOf( 'matcher' ) },
					{ label: __( 'Report', 'rollcall' ), href: addressOf( 'matcher', 'report' ) },
				],
				currentHref: addressOf( 'matcher', is_report ? 'report' : '' ),
				ariaLabel: __( 'Matcher', 'rollcall' ),
			} }
			components={ { link: Tab } }
			wide={ is_report }
		>
			{ is_report ? <ReportView source={ source } /> : <MatcherView /> }
		</Frame>
	);
}
