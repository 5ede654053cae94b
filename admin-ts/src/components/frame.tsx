import { Page } from '@wordpress/admin-ui';
import { useEffect, type ComponentProps, type ReactNode } from 'react';

type FrameProps = {
	title: string;
	/** One line that says what the screen is for. */
	subtitle: string;
	actions?: ReactNode;
	navigation?: ComponentProps< typeof Page >[ 'navigation' ];
	components?: ComponentProps< typeof Page >[ 'components' ];
	/** Tables take the full width, forms and texts a narrow column. */
	wide?: boolean;
	children: ReactNode;
};

const TITLE_SEPARATOR = ' ‹ ';

/** Names the screen in the title of the window, in the place where WordPress printed the first one. */
function useWindowTitle( title: string ): void {
	useEffect( () => {
		const [ , ...rest ] = document.title.split( TITLE_SEPARATOR );
		document.title = [ title, ...rest ].join( TITLE_SEPARATOR );
	}, [ title ] );
}

/** The white panel with title, one-line description and main action that every screen sits in. */
export function Frame( { title, subtitle, actions, navigation, components, wide = false, children }: FrameProps ) {
	useWindowTitle( title );
	return (
		<Page
			title={ title }
			subTitle={ subtitle }
			actions={ actions }
			navigation={ navigation }
			components={ components }
			headingLevel={ 1 }
			showSidebarToggle={ false }
			className="rollcall-frame"
		>
			<div className={ wide ? 'rollcall-content is-wide' : 'rollcall-content' }>{ children }</div>
		</Page>
	);
}

/** A bordered box with a heading. */
export function Panel( {
	title,
	actions,
	children,
	className = '',
}: {
	title?: string;
	actions?: ReactNode;
	children: ReactNode;
	className?: string;
} ) {
	return (
		<section className={ `rollcall-panel ${ className }` }>
			{ title ? (
				<header className="rollcall-panel__header">
					<h2 className="rollcall-panel__title">{ title }</h2>
					{ actions }
				</header>
			) : null }
			{ children }
		</section>
	);
}

/** A short list of terms and what they are. */
export function Facts( { rows }: { rows: readonly { term: string; children: ReactNode }[] } ) {
	return (
		<dl className="rollcall-facts">
			{ rows.map( ( row ) => (
				<div key={ row.term } className="rollcall-facts__row">
					<dt>{ row.term }</dt>
					<dd>{ row.children }</dd>
				</div>
			) ) }
		</dl>
	);
}

export type Tone = 'good' | 'warning' | 'bad' | 'neutral' | 'accent';

/** A word in a coloured pill; the word alone carries the meaning. */
export function Badge( { tone = 'neutral', children }: { tone?: Tone; children: ReactNode } ) {
	return <span className={ `rollcall-badge is-${ tone }` }>{ children }</span>;
}

/** Large figures side by side, each with what it counts. */
export function Figures( { figures }: { figures: readonly { label: string; value: string; note?: ReactNode }[] } ) {
	return (
		<dl className="rollcall-figures">
			{ figures.map( ( figure ) => (
				<div key={ figure.label } className="rollcall-figures__one">
					<dt>{ figure.label }</dt>
					<dd>
						<span className="rollcall-figures__value">{ figure.value }</span>
						{ figure.note ? <span className="rollcall-figures__note">{ figure.note }</span> : null }
					</dd>
				</div>
			) ) }
		</dl>
	);
}
