import { promises } from 'node:dns';
import net from 'node:net';
import { syncBuiltinESMExports } from 'node:module';

/** The outer internet as a preload of Node: every name is of this machine, and its port 80 is that of ROLLCALL_OUTER_PORT. */
const port = Number( process.env.ROLLCALL_OUTER_PORT );
const connect = net.connect;
promises.lookup = () => Promise.resolve( [ { address: '127.0.0.1', family: 4 } ] );
net.connect = ( options, ...rest ) => connect( Number( options.port ) === 80 ? { ...options, port } : options, ...rest );
syncBuiltinESMExports();
