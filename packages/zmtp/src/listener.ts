import {chmodSync, lstatSync, mkdirSync, unlinkSync} from 'node:fs';
import {connect, createServer, type Server, type Socket} from 'node:net';
import {dirname} from 'node:path';
import {isMainThread} from 'node:worker_threads';
import {readEndpoint, sayEndpoint, type Endpoint} from './endpoint.ts';
import {ZmtpError} from './zmtp-error.ts';

const BACKLOG = 511;
const PROBE_MS = 1000;

export interface Listener {
  /** where peers connect, with the port that was chosen */
  readonly endpoint: string;
  /** takes no more connections; those that stand stay. Removes the ipc file. */
  close(): void;
}

/**
 * Listens on ipc (a file that only this user may open, in a folder made 0700 if it was not there) or on loopback tcp.
 * `pauseOnConnect`: nothing is read of a connection until it is resumed.
 * @throws ZmtpError `endpoint`, `not-local`, `in-use` or `listen`
 */
export async function listen(text: string, onSocket: (socket: Socket) => void, pauseOnConnect = false): Promise<Listener> {
  const endpoint = readEndpoint(text);
  if (endpoint.kind === 'ipc') await clearPath(endpoint.path, text);
  const server = createServer({allowHalfOpen: true, noDelay: true, pauseOnConnect}, onSocket);
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => reject(new ZmtpError(error.code === 'EADDRINUSE' ? 'in-use' : 'listen', text, error.message, {cause: error})));
    server.once('listening', resolve);
    openServer(server, endpoint);
  });
  server.on('error', () => undefined); // an accept that failed: that peer tries again
  const address = server.address();
  return {
    endpoint: sayEndpoint(endpoint, address !== null && typeof address === 'object' ? address.port : 0),
    close: () => void server.close(),
  };
}

function openServer(server: Server, endpoint: Endpoint): void {
  if (endpoint.kind === 'tcp') {
    server.listen({host: endpoint.host, port: endpoint.port, backlog: BACKLOG, exclusive: true});
    return;
  }
  // the file is made within this call: nobody else may ever open it (a worker cannot set the mask, so there it is closed a moment later)
  const before = isMainThread ? process.umask(0o177) : null;
  try {
    server.listen({path: endpoint.path, backlog: BACKLOG});
  } finally {
    if (before !== null) process.umask(before);
  }
  server.once('listening', () => chmodSync(endpoint.path, 0o600));
}

/** A file left by a process that died is removed; one that somebody listens on, or that is no socket, is not. */
async function clearPath(path: string, text: string): Promise<void> {
  mkdirSync(dirname(path), {recursive: true, mode: 0o700});
  const found = lstatSync(path, {throwIfNoEntry: false});
  if (found === undefined) return;
  if (!found.isSocket()) throw new ZmtpError('in-use', text, 'a file that is no socket is in the way');
  if (await isAlive(path)) throw new ZmtpError('in-use', text, 'another process is listening there');
  try {
    unlinkSync(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw new ZmtpError('listen', text, (error as Error).message, {cause: error});
  }
}

/** Only a refusal proves that nobody listens; what cannot be known counts as alive. */
async function isAlive(path: string): Promise<boolean> {
  return await new Promise<boolean>((resolve) => {
    const socket = connect(path);
    const timer = setTimeout(() => answer(true), PROBE_MS);
    const answer = (alive: boolean): void => {
      clearTimeout(timer);
      socket.destroy();
      resolve(alive);
    };
    socket.once('connect', () => answer(true));
    socket.once('error', (error: NodeJS.ErrnoException) => answer(error.code !== 'ECONNREFUSED' && error.code !== 'ENOENT'));
  });
}
