import {connect} from 'node:net';
import {setTimeout as sleep} from 'node:timers/promises';

const AGAIN_MS = 25;

/** Resolves when each of these ipc endpoints takes connections; a connection that says nothing is all that a program sees of it. Ends without a result when the signal is aborted. */
export async function whenListening(endpoints: readonly string[], signal: AbortSignal): Promise<void> {
  for (const endpoint of endpoints) {
    while (!signal.aborted && !await accepts(endpoint.replace(/^ipc:\/\//, ''))) await sleep(AGAIN_MS);
  }
}

const accepts = (path: string): Promise<boolean> => new Promise((resolve) => {
  const socket = connect(path);
  const end = (isOpen: boolean): void => {
    socket.destroy();
    resolve(isOpen);
  };
  socket.once('connect', () => end(true)).once('error', () => end(false));
});
