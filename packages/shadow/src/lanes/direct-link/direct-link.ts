import {connectPull, connectPush, type Ending} from '@tandem/zmtp';
import type {LaneLink, LaneLinkOptions} from '../lane-link.ts';
import {monoNs} from '../monotonic-clock.ts';

/** A lane that computes for long may be silent for long: its process is watched, not its heartbeats. */
const LIMITS = {partsMax: 16, handshakeMs: 5000, heartbeatMs: 0};

/**
 * Speaks ZMTP to the lane's two sockets without libzmq on our side: one system call for many messages, no promise, no copy and no
 * second thread. Only for lanes that we started: unix sockets in a private folder, NULL mechanism. The lane notices no difference.
 */
export async function openDirectLink(options: LaneLinkOptions): Promise<LaneLink> {
  const {messageBytesMax, sendTimeoutMs, onMessage, onClosed} = options;
  const limits = {...LIMITS, messageBytesMax};
  let isClosed = false;
  const gone = (side: 'input' | 'output') => (_epoch: number, {kind, seen}: Ending): void => {
    if (!isClosed) onClosed(side, kind === 'gone' ? null : seen);
  };
  const output = connectPull({endpoint: options.outEndpoint, limits, reconnect: null, clock: monoNs, onMessage, onPeerGone: gone('output')});
  // without a queue: what finds no room is not taken, and stays with the feeder
  const input = connectPush({endpoint: options.inEndpoint, limits, reconnect: null, queueMessagesMax: 0, flushEachTurn: false, onPeerGone: gone('input')});
  const close = (): void => {
    isClosed = true;
    void input.close();
    output.close();
  };
  try {
    await output.ready;
    await input.ready;
  } catch (error) {
    close();
    throw error;
  }
  const send: LaneLink['send'] = (message) => input.send(message) || input.whenRoom(sendTimeoutMs).then((hasRoom) => hasRoom ? send(message) : false);
  return {send, flush: () => input.flush(), close};
}
