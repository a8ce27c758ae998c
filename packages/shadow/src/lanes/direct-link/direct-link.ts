import type {LaneLink, LaneLinkOptions} from '../lane-link.ts';
import {monoNs} from '../monotonic-clock.ts';
import {waitWithin} from '../wait-within.ts';
import {BatchWriter} from './batch-writer.ts';
import {connectZmtp} from './zmtp-connection.ts';

const PARTS_MAX = 16;
const HANDSHAKE_MS = 5000;

/**
 * Speaks ZMTP to the lane's two sockets without libzmq on our side: one system call for many messages, no promise, no copy and no
 * second thread. Only for lanes that we started: unix sockets in a private folder, NULL mechanism. The lane notices no difference.
 */
export async function openDirectLink(options: LaneLinkOptions): Promise<LaneLink> {
  const {messageBytesMax, sendTimeoutMs, onMessage, onClosed} = options;
  const limits = {messageBytesMax, partsMax: PARTS_MAX};
  let chunkNs = 0;
  const shared = {limits, timeoutMs: HANDSHAKE_MS};
  const output = await connectZmtp({
    ...shared, path: pathOf(options.outEndpoint), role: 'PULL',
    onChunk: () => {
      chunkNs = monoNs();
    },
    onMessage: (payload, frames) => onMessage(payload, frames, chunkNs),
    onEnd: (fault) => onClosed('output', fault),
  });
  const input = await connectZmtp({...shared, path: pathOf(options.inEndpoint), role: 'PUSH', onChunk: () => undefined, onMessage: () => undefined, onEnd: (fault) => onClosed('input', fault)})
    .catch((error: unknown) => {
      output.destroy();
      throw error;
    });
  const writer = new BatchWriter(input);
  const whenRoom = async (): Promise<boolean> => await waitWithin(new Promise((resolve) => input.once('drain', resolve)), sendTimeoutMs) && !writer.isFull;
  const send: LaneLink['send'] = (message) => {
    if (writer.isFull) {
      writer.flush();
      return whenRoom().then((hasRoom) => hasRoom ? send(message) : false);
    }
    if (message instanceof Uint8Array) writer.appendFrame(message, 0);
    else writer.append(message);
    return true;
  };
  return {
    send,
    flush: () => writer.flush(),
    close() {
      input.destroy();
      output.destroy();
    },
  };
}

function pathOf(endpoint: string): string {
  if (!endpoint.startsWith('ipc:///')) throw new Error(`${endpoint} is not ipc`);
  return endpoint.slice('ipc://'.length);
}
