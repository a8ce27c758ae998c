import type {Socket} from 'node:net';
import type {OutMessage} from './batch-writer.ts';
import type {Connection, Ending} from './connection.ts';
import {ConnectionSet} from './connection-set.ts';
import type {Mechanism} from './handshake.ts';
import type {LinkCounts, LinkLimits} from './link-limits.ts';
import {OutQueue} from './out-queue.ts';

/** What is asked of a sending end. */
export interface SendOptions {
  /** octets that may wait in this process towards one peer, besides what the system holds for it; at least 64 KiB */
  readonly backlogBytesMax?: number;
  /** what may wait while there is no peer, or none has room */
  readonly queueMessagesMax?: number;
  readonly queueBytesMax?: number;
  /** false: the caller flushes; otherwise what one turn of the event loop sends goes out together at its end */
  readonly flushEachTurn?: boolean;
  readonly onPeer?: (epoch: number) => void;
  readonly onPeerGone?: (epoch: number, ending: Ending) => void;
}

export interface SendCounts {
  /** messages given to a peer's stream */
  readonly sent: number;
  /** messages that found no room at once */
  readonly queued: number;
  /** most that waited at once */
  readonly queuedMax: number;
  /** peers that left although they may not have read everything */
  readonly goneUnsettled: number;
  /** octets for such peers that had not even left this process */
  readonly lostBytes: number;
  /** messages given up at the close, because nobody took them in time */
  readonly abandoned: number;
}

const BACKLOG_BYTES_MAX = 1024 * 1024;
const QUEUE_MESSAGES_MAX = 10_000;
const QUEUE_BYTES_MAX = 64 * 1024 * 1024;

/**
 * Sends each message to one peer, in turn over those that have room; with one peer the order is kept. Nothing is dropped while it runs: what finds
 * no room waits in a bounded queue, and what does not fit there is not taken. As in libzmq, what was given to a peer is lost with it.
 */
export class Sender {
  readonly #set: ConnectionSet;
  readonly #peers: Connection[] = [];
  readonly #queue: OutQueue;
  readonly #flushEachTurn: boolean;
  #next = 0;
  #isFlushPlanned = false;
  #isClosing = false;
  #waiting: (() => void)[] = [];
  readonly #counts = {sent: 0, queued: 0, queuedMax: 0, goneUnsettled: 0, lostBytes: 0, abandoned: 0};

  constructor({limits, mechanism}: {readonly limits: LinkLimits; readonly mechanism: Mechanism}, options: SendOptions) {
    this.#queue = new OutQueue(options.queueMessagesMax ?? QUEUE_MESSAGES_MAX, options.queueBytesMax ?? QUEUE_BYTES_MAX);
    this.#flushEachTurn = options.flushEachTurn ?? true;
    this.#set = new ConnectionSet({type: 'PUSH', mechanism, limits, backlogBytesMax: options.backlogBytesMax ?? BACKLOG_BYTES_MAX}, {
      chunkBegins: () => undefined,
      chunkEnds: () => undefined,
      message: (_payload, _frames, from) => from.end({kind: 'faulty', seen: 'a message from a PULL'}),
      drained: () => this.#pump(),
      isReading: () => true,
      joined: (connection) => {
        this.#peers.push(connection);
        options.onPeer?.(connection.epoch);
        this.#pump();
      },
      left: (connection, ending) => {
        this.#left(connection);
        options.onPeerGone?.(connection.epoch, ending);
      },
    });
  }

  get peers(): number {
    return this.#peers.length;
  }

  get counts(): SendCounts & LinkCounts {
    return {...this.#counts, ...this.#set.counts};
  }

  /** Messages wait for a peer with room: time to take no more input. */
  get isBlocked(): boolean {
    return this.#queue.length > 0 || (this.#queue.isFull && this.#peers.every(({writer}) => writer.isFull));
  }

  /** Takes a message; false when there is no room at all (not taken: `whenRoom`, then again). Its memory must not change afterwards. */
  send(message: OutMessage): boolean {
    if (this.#isClosing) return false;
    const peer = this.#queue.length === 0 ? this.#pick() : null;
    if (peer === null) {
      if (!this.#queue.push(message)) return false;
      this.#counts.queued += 1;
      if (this.#queue.length > this.#counts.queuedMax) this.#counts.queuedMax = this.#queue.length;
      return true;
    }
    peer.writer.append(message);
    this.#counts.sent += 1;
    if (this.#flushEachTurn && !this.#isFlushPlanned) this.#planFlush();
    return true;
  }

  /** Hands what was taken to the system, one write for each peer. */
  flush(): void {
    for (const peer of this.#peers) peer.writer.flush();
  }

  /** Until `isBlocked` ends: true; or the time is over: false. */
  whenRoom(timeoutMs: number): Promise<boolean> {
    this.flush();
    if (!this.isBlocked) return Promise.resolve(true);
    return new Promise((resolve) => {
      const timer = setTimeout(() => {
        this.#waiting.splice(this.#waiting.indexOf(told), 1);
        resolve(false);
      }, timeoutMs);
      const told = (): void => {
        clearTimeout(timer);
        resolve(true);
      };
      this.#waiting.push(told);
    });
  }

  adopt(socket: Socket, over?: (ending: Ending, wasOpen: boolean) => void): void {
    this.#set.adopt(socket, over);
  }

  /** Sends what waits, says that it was all, and waits for the peers to leave; gives up after `lingerMs` and counts what was not taken. */
  async close(lingerMs: number): Promise<void> {
    this.flush();
    this.#isClosing = true;
    const deadlineMs = performance.now() + lingerMs;
    const leftMs = (): number => Math.max(0, deadlineMs - performance.now());
    if (this.#queue.length > 0 && lingerMs > 0) await this.#until(() => this.#queue.length === 0, leftMs());
    this.#counts.abandoned += this.#queue.clear();
    for (const peer of this.#peers) peer.finish();
    if (lingerMs > 0) await this.#until(() => this.#peers.length === 0, leftMs());
    this.#set.close();
    for (const told of this.#waiting.splice(0)) told();
  }

  /** Something changed at each call of those who wait, or the time is over. */
  async #until(condition: () => boolean, timeoutMs: number): Promise<void> {
    const deadlineMs = performance.now() + timeoutMs;
    while (!condition()) {
      const restMs = deadlineMs - performance.now();
      if (restMs <= 0) return;
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, restMs);
        this.#waiting.push(() => {
          clearTimeout(timer);
          resolve();
        });
      });
    }
  }

  #pick(): Connection | null {
    const peers = this.#peers;
    for (let tried = 0; tried < peers.length; tried++) {
      if (this.#next >= peers.length) this.#next = 0;
      const peer = peers[this.#next]!;
      this.#next += 1;
      if (!peer.writer.isFull) return peer;
    }
    return null;
  }

  #planFlush(): void {
    this.#isFlushPlanned = true;
    setImmediate(() => {
      this.#isFlushPlanned = false;
      this.flush();
    });
  }

  /** From the queue to whoever has room; then those who wait for room hear of it. */
  #pump(): void {
    while (this.#queue.length > 0) {
      const peer = this.#pick();
      if (peer === null) break;
      peer.writer.append(this.#queue.shift());
      this.#counts.sent += 1;
    }
    this.flush();
    this.#tell();
  }

  #tell(): void {
    if (this.#waiting.length === 0 || (this.isBlocked && !this.#isClosing)) return;
    for (const told of this.#waiting.splice(0)) told();
  }

  #left(connection: Connection): void {
    const at = this.#peers.indexOf(connection);
    if (at >= 0) this.#peers.splice(at, 1);
    if (at < this.#next) this.#next -= 1;
    const {unsentBytes} = connection.writer;
    if (connection.isUnsettled && !this.#isClosing) this.#counts.goneUnsettled += 1;
    this.#counts.lostBytes += unsentBytes;
    this.#tell();
  }
}
