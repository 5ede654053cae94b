import { classifyError } from './classify-error.ts';
import { connectEndpoint, endpointFault, hostAndPort } from './endpoint.ts';
import type { Facts, Probe, ProbeContext, UrlCheck } from './probe.ts';
import { observation, type Progress } from './steps.ts';

export type TcpRequest = {
	host_and_port: string;
	/** An assertion reads whether the connection was made: then none is no fault. */
	may_be_closed: boolean;
};

/** What a closed port gives. */
const NO_CONNECTION = [ 'connect_refused', 'connect_timeout', 'connect_reset', 'unreachable' ];

/** Makes a TCP connection and ends it; nothing is sent. */
export const tcp: Probe< TcpRequest > = ( request, context ) => {
	const tried = `tcp://${ request.host_and_port }`;
	return observation( tried, context, ( progress ) =>
		connected( request, context, progress ).catch( ( thrown: unknown ) => {
			context.signal.throwIfAborted();
			const { error_code } = classifyError( thrown, progress.phase, tried );
			if ( request.may_be_closed && NO_CONNECTION.includes( error_code ) ) {
				return { connected: false };
			}
			throw thrown;
		} )
	);
};

async function connected( { host_and_port }: TcpRequest, context: ProbeContext, progress: Progress ): Promise< Facts > {
	const { socket } = await connectEndpoint( host_and_port, context, progress );
	const ip = socket.remoteAddress;
	socket.destroy();
	return { connected: true, ...( ip === undefined ? {} : { ip } ) };
}

/** tcp://host:port */
export const tcpUrl: UrlCheck = {
	schemes: [ 'tcp:' ],
	usual: [],
	fault: endpointFault,
	tried: ( url ) => `tcp://${ hostAndPort( url ) }`,
	ask: ( url, asked, context ) => tcp( { host_and_port: hostAndPort( url ), may_be_closed: asked.has( 'CONNECTED' ) }, context ),
};
