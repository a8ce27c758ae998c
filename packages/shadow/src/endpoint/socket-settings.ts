import {openPull} from './open-socket.ts';
import {SAFE_LIMITS, socketOptions} from './safe-settings.ts';

/** One setting of our sockets: what it is in force, and what libzmq would take by itself. */
export interface SocketSetting {
  readonly name: string;
  readonly inForce: string;
  readonly wanted: string;
  readonly byDefault: string;
}

/** Of a binding socket without keys. Source: libzmq 4.3.5, zmq_setsockopt(3). */
const DEFAULTS: Readonly<Record<string, string>> = {
  maxMessageSize: '-1 (no limit)', linger: '-1 (for ever)', handshakeInterval: '30000', heartbeatInterval: '0 (none)', heartbeatTimeout: 'as the interval', heartbeatTimeToLive: '0',
  backlog: '100', reconnectInterval: '100', reconnectMaxInterval: '0', zapDomain: 'none', zapEnforceDomain: 'false', receiveHighWaterMark: '1000',
};

/** Opens a socket on loopback and reads every safe setting back from libzmq itself. */
export const socketSettings = async (): Promise<readonly SocketSetting[]> => {
  const endpoint = await openPull({bind: 'tcp://127.0.0.1:*'});
  try {
    const socket = endpoint.socket as unknown as Readonly<Record<string, unknown>>;
    const wanted = {...socketOptions(SAFE_LIMITS, true), receiveHighWaterMark: SAFE_LIMITS.highWaterMark};
    return Object.entries(wanted).map(([name, value]) => ({name, inForce: String(socket[name]), wanted: String(value), byDefault: DEFAULTS[name] ?? '?'}));
  } finally {
    endpoint.close();
  }
};
