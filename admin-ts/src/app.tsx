import { QueryClientProvider } from '@tanstack/react-query';
import { SlotFillProvider } from '@wordpress/components';
import { useState } from 'react';
import { NotifyProvider } from './components/notify.tsx';
import { makeQueryClient } from './data/queries.ts';
import { RouterProvider, useRouter } from './router.tsx';
import { screens } from './screens/index.ts';

function Screen() {
	const { screen } = useRouter();
	const found = screens.find( ( { name } ) => name === screen ) ?? screens[ 0 ];
	const Component = found.component;
	return <Component key={ found.name } />;
}

/** The whole admin page: the store of answers, the place, and the screen that it names. */
export function App() {
	const [ client ] = useState( makeQueryClient );
	return (
		<QueryClientProvider client={ client }>
			<SlotFillProvider>
				<RouterProvider>
					<NotifyProvider>
						<Screen />
					</NotifyProvider>
				</RouterProvider>
			</SlotFillProvider>
		</QueryClientProvider>
	);
}
