import {setImmediate as nextTurn} from 'node:timers/promises';
import {monoNs} from './monotonic-clock.ts';
import {OwnedCopy} from './owned-copy.ts';

/** Messages taken in one turn of the event loop: more would starve the sender and its plan. */
const BURST_MAX = 64;

interface Receiver {
  readonly closed: boolean;
  receive(): Promise<readonly Uint8Array[]>;
}

/** Reads a socket until it is closed: each message is stamped as it is taken, and copied out of libzmq's memory. */
export async function receiveInto(socket: Receiver, onMessage: (payload: Uint8Array, frames: readonly Uint8Array[] | null, tMonoNs: number) => void): Promise<void> {
  const copy = new OwnedCopy();
  for (let burst = 1; ; burst++) {
    let frames: readonly Uint8Array[];
    try {
      frames = await socket.receive();
    } catch (error) {
      if (socket.closed) return; // close() makes a waiting receive fail; that is the ordinary end
      throw error;
    }
    const tMonoNs = monoNs();
    const owned = frames.map((frame) => copy.of(frame));
    onMessage(owned.at(-1) ?? new Uint8Array(0), owned.length > 1 ? owned : null, tMonoNs);
    if (burst % BURST_MAX === 0) await nextTurn();
  }
}
