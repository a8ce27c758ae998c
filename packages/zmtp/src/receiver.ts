import type {Socket} from 'node:net';
import type {Connection, Ending} from './connection.ts';
import {ConnectionSet} from './connection-set.ts';
import type {Mechanism} from './handshake.ts';
import type {LinkCounts, LinkLimits} from './link-limits.ts';
import {monoNs} from './mono-clock.ts';

/** What is asked of a receiving end. */
export interface ReceiveOptions {
  /**
   * One message: its last part, all parts when there are several, and when its last octets were taken from the system.
   * Called in place, in the order of each peer. The octets are never written again, but keeping a small message keeps its chunk of 64 KiB.
   */
  readonly onMessage: (payload: Uint8Array, frames: readonly Uint8Array[] | null, tMonoNs: number) => void;
  /** the time in ns, asked once for all messages that come at once; CLOCK_MONOTONIC unless given */
  readonly clock?: () => number;
  /** The messages that came at once have been handed over. */
  readonly onChunkEnd?: () => void;
  readonly onPeer?: (epoch: number) => void;
  readonly onPeerGone?: (epoch: number, ending: Ending) => void;
}

/** Takes messages from any number of peers. Reading is fair: the system hands over a bounded run of octets of one peer, then of the next. */
export class Receiver {
  readonly #set: ConnectionSet;
  #left: (() => void) | null = null;
  #isPaused = false;
  #chunkNs = 0;
  #received = 0;

  constructor({type, limits, mechanism}: {readonly type: 'PULL' | 'SUB'; readonly limits: LinkLimits; readonly mechanism: Mechanism}, options: ReceiveOptions, greetPeer?: (connection: Connection) => void) {
    const {onMessage, onChunkEnd, onPeer, onPeerGone, clock = monoNs} = options;
    this.#set = new ConnectionSet({type, mechanism, limits, backlogBytesMax: 0}, {
      chunkBegins: () => {
        this.#chunkNs = clock();
      },
      chunkEnds: () => onChunkEnd?.(),
      message: (payload, frames) => {
        this.#received += 1;
        onMessage(payload, frames, this.#chunkNs);
      },
      drained: () => undefined,
      isReading: () => !this.#isPaused,
      joined: (connection) => {
        greetPeer?.(connection);
        if (this.#isPaused) connection.pause();
        onPeer?.(connection.epoch);
      },
      left: (connection, ending) => {
        onPeerGone?.(connection.epoch, ending);
        this.#left?.();
      },
    });
  }

  /** messages handed over */
  get received(): number {
    return this.#received;
  }

  get peers(): number {
    return this.#set.open.size;
  }

  get counts(): LinkCounts {
    return this.#set.counts;
  }

  get isPaused(): boolean {
    return this.#isPaused;
  }

  /** Hands over nothing more until `resume`, also from within `onMessage`; what waits makes the peers wait. */
  pause(): void {
    if (this.#isPaused) return;
    this.#isPaused = true;
    for (const connection of this.#set.open) connection.pause();
  }

  /** Goes on, with what was left of the last chunks first. May be paused again on the way. */
  resume(): void {
    if (!this.#isPaused) return;
    this.#isPaused = false;
    for (const connection of [...this.#set.open]) {
      if (this.#isPaused) return;
      connection.resume();
    }
  }

  adopt(socket: Socket, over?: (ending: Ending, wasOpen: boolean) => void): void {
    this.#set.adopt(socket, over);
  }

  /** Says to every peer that we are done, and hands over what it had sent until it leaves; false: some were still there after `timeoutMs`. */
  async drain(timeoutMs: number): Promise<boolean> {
    this.resume();
    for (const connection of this.#set.open) connection.finish();
    if (this.peers === 0) return true;
    return await new Promise<boolean>((done) => {
      const timer = setTimeout(() => { done(false); }, timeoutMs);
      this.#left = () => {
        if (this.peers > 0) return;
        clearTimeout(timer);
        done(true);
      };
    });
  }

  close(): void {
    this.#set.close();
  }
}
