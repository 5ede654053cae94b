import { createRoot } from '@wordpress/element';
import { App } from './app.tsx';
import './style.scss';

const root = document.getElementById( 'rollcall-root' );
if ( root ) {
	createRoot( root ).render( <App /> );
}
