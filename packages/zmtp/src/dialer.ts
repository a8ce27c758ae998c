import {connect, type Socket} from 'node:net';
import type {Ending} from './connection.ts';
import {readEndpoint, type Endpoint} from './endpoint.ts';
import type {Reconnect} from './link-limits.ts';
import {slabReading} from './slab-reading.ts';
import {ZmtpError} from './zmtp-error.ts';

export interface DialOptions {
  readonly endpoint: string;
  /** null: one connection, and no other when it ends */
  readonly reconnect: Reconnect | null;
  /** in [0, 1); spreads peers that lost the same server */
  readonly random: () => number;
  readonly adopt: (socket: Socket, over: (ending: Ending, wasOpen: boolean) => void) => void;
}

export interface Dialer {
  /** Settles when nothing more will come: rejected with a ZmtpError `peer` when the only connection did not become a link. */
  readonly ended: Promise<void>;
  close(): void;
}

/** One stream, open both ways until both ends are done. */
function connectTo(endpoint: Endpoint): Socket {
  const shared = {allowHalfOpen: true, noDelay: true, onread: slabReading((chunk) => socket.emit('data', chunk))};
  const socket = endpoint.kind === 'ipc' ? connect({...shared, path: endpoint.path}) : connect({...shared, host: endpoint.host, port: endpoint.port});
  return socket;
}

/** Connects, and again whenever a connection has ended. */
export function dial(options: DialOptions): Dialer {
  const {reconnect, random, adopt} = options;
  const endpoint = readEndpoint(options.endpoint);
  const {promise: ended, resolve, reject} = Promise.withResolvers<void>();
  ended.catch(() => undefined);
  let timer: NodeJS.Timeout | null = null;
  let failures = 0;
  let isClosed = false;
  const over = (ending: Ending, wasOpen: boolean): void => {
    if (isClosed) return;
    if (reconnect === null) {
      if (wasOpen) resolve();
      else reject(new ZmtpError('peer', options.endpoint, ending.seen ?? 'the peer closed before the handshake was done'));
      return;
    }
    failures = wasOpen ? 0 : failures + 1;
    const delayMs = Math.min(reconnect.maxMs, reconnect.minMs * 2 ** Math.min(failures, 20));
    timer = setTimeout(attempt, delayMs * (0.5 + random() / 2));
  };
  const attempt = (): void => {
    adopt(connectTo(endpoint), over);
  };
  attempt();
  return {
    ended,
    close() {
      isClosed = true;
      if (timer !== null) clearTimeout(timer);
      resolve();
    },
  };
}
