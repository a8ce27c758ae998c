import {setImmediate as nextTurn} from 'node:timers/promises';
import type {Dealer, Publisher, Push, Router} from 'zeromq';
import {TandemError} from '@tandem/contract';
import type {Endpoint} from './open-socket.ts';
import {MessageQueue, type Outgoing} from './message-queue.ts';

const BURST_MAX = 128;

export interface SenderOptions {
  /** messages and bytes that may wait here, beside libzmq's own queue */
  readonly maxQueued?: number;
  readonly maxQueuedBytes?: number;
  /** called once when the socket can no longer be used */
  readonly onFault?: (error: TandemError) => void;
}

export interface SenderCounts {
  /** handed to libzmq; not a proof that the peer has it */
  readonly sent: number;
  readonly queued: number;
  readonly queuedBytes: number;
  /** attempts that ended after `sendTimeoutMs` because no peer took more; the message was kept */
  readonly timeouts: number;
  /** router only: the named peer does not exist; such a message is given up and counted here */
  readonly unroutable: number;
  /** taken by `offer` but not handed on when the sender was closed or broke */
  readonly unsent: number;
}

/** Sends in order, holds back when the peer does, and never drops without a count. */
export interface Sender {
  /**
   * Takes one message (never change its memory afterwards), at once onto the socket when nothing waits.
   * False: the queue is full or the sender is closed, and nothing was taken.
   */
  offer(message: Outgoing): boolean;
  /** resolves when `offer` can take something again, or the sender ended */
  room(): Promise<void>;
  /** resolves when everything taken has been handed to libzmq, or the sender ended */
  flush(): Promise<void>;
  counts(): SenderCounts;
  /** stops handing on; what waits is counted as unsent. Does not close the endpoint. */
  close(): void;
}

/** One sender an endpoint. A PUB never holds back: libzmq drops for a subscriber that is too slow, whoever calls. */
export function createSender(endpoint: Endpoint<Push | Publisher | Dealer | Router>, options: SenderOptions = {}): Sender {
  return new QueuedSender(endpoint, options);
}

class QueuedSender implements Sender {
  readonly #socket: Push | Publisher | Dealer | Router;
  readonly #where: string;
  readonly #sendTimeoutMs: number;
  readonly #queue: MessageQueue;
  readonly #onFault: ((error: TandemError) => void) | undefined;
  #roomWaiters: (() => void)[] = [];
  #emptyWaiters: (() => void)[] = [];
  #returned: Outgoing[] = [];
  #pumping = false;
  #ended = false;
  #sent = 0;
  #timeouts = 0;
  #unroutable = 0;
  #unsent = 0;

  constructor(endpoint: Endpoint<Push | Publisher | Dealer | Router>, options: SenderOptions) {
    this.#socket = endpoint.socket;
    this.#where = endpoint.address;
    this.#sendTimeoutMs = endpoint.limits.sendTimeoutMs;
    this.#queue = new MessageQueue(options.maxQueued ?? 8192, options.maxQueuedBytes ?? 16 * 1024 * 1024);
    this.#onFault = options.onFault;
    // 0 makes the binding complete a send in the call itself; the waiting form is switched on where it is wanted.
    this.#socket.sendTimeout = 0;
  }

  offer(message: Outgoing): boolean {
    if (this.#ended) return false;
    if (!this.#pumping && this.#queue.length === 0 && this.#returned.length === 0 && this.#socket.writable) {
      this.#sendNow(message);
      return true;
    }
    if (!this.#queue.push(message)) return false;
    this.#startPump();
    return true;
  }

  async room(): Promise<void> {
    if (this.#ended || !this.#queue.full) return;
    await new Promise<void>((resolve) => this.#roomWaiters.push(resolve));
  }

  async flush(): Promise<void> {
    // A refused send comes back in a microtask: look only after a turn.
    await nextTurn();
    while (!this.#ended && (this.#queue.length > 0 || this.#pumping)) {
      await new Promise<void>((resolve) => this.#emptyWaiters.push(resolve));
    }
  }

  counts(): SenderCounts {
    return {
      sent: this.#sent, queued: this.#queue.length, queuedBytes: this.#queue.sizeBytes, timeouts: this.#timeouts,
      unroutable: this.#unroutable, unsent: this.#unsent,
    };
  }

  close(): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#unsent += this.#queue.clear();
    this.#wake();
  }

  #sendNow(message: Outgoing): void {
    this.#sent += 1;
    (this.#socket as Push).send(message as Uint8Array).then(undefined, (error: unknown) => this.#refused(error, message));
  }

  /** The socket said it was writable and then refused: the peer vanished in between. */
  #refused(error: unknown, message: Outgoing): void {
    this.#sent -= 1;
    const code = (error as {code?: unknown} | null)?.code;
    if (code === 'EHOSTUNREACH') {
      this.#unroutable += 1;
    } else if (this.#ended) {
      this.#unsent += 1;
    } else if (code === 'EAGAIN') {
      // Several sends of one burst come back in order; they go to the front together, or they would be turned round.
      if (this.#returned.length === 0) queueMicrotask(() => this.#putBack());
      this.#returned.push(message);
    } else {
      this.#unsent += 1;
      this.#break(error);
    }
  }

  #putBack(): void {
    const returned = this.#returned;
    this.#returned = [];
    for (const message of returned.reverse()) this.#queue.unshift(message);
    if (this.#ended) this.#unsent += this.#queue.clear();
    else this.#startPump();
  }

  #startPump(): void {
    if (this.#pumping || this.#ended) return;
    this.#pumping = true;
    this.#pump().catch((error: unknown) => this.#break(error)).finally(() => {
      this.#pumping = false;
      if (this.#queue.length > 0) this.#startPump();
      else this.#wake();
    });
  }

  async #pump(): Promise<void> {
    while (!this.#ended && this.#queue.length > 0) {
      if (!this.#socket.writable) await this.#waitWithFirst();
      for (let sent = 0; sent < BURST_MAX && !this.#ended && this.#socket.writable; sent += 1) {
        const message = this.#queue.shift();
        if (message === undefined) break;
        this.#sendNow(message);
      }
      if (!this.#queue.full) this.#wakeRoom();
      await nextTurn();
    }
  }

  /** Parks the oldest message in the binding until a peer takes it; after the time-out it is still the oldest here. */
  async #waitWithFirst(): Promise<void> {
    const message = this.#queue.peek();
    if (message === undefined) return;
    this.#socket.sendTimeout = this.#sendTimeoutMs;
    try {
      await (this.#socket as Push).send(message as Uint8Array);
      if (!this.#ended) this.#queue.shift();
      else this.#unsent -= 1;
      this.#sent += 1;
    } catch (error) {
      const code = (error as {code?: unknown} | null)?.code;
      if (code === 'EHOSTUNREACH' && !this.#ended) {
        this.#queue.shift();
        this.#unroutable += 1;
      } else if (code === 'EAGAIN') {
        this.#timeouts += 1;
      } else {
        throw error;
      }
    } finally {
      if (!this.#socket.closed) this.#socket.sendTimeout = 0;
    }
  }

  #break(error: unknown): void {
    if (this.#ended) return;
    this.close();
    this.#onFault?.(new TandemError({
      id: 'TDM-E211', kind: 'environment', what: `Sending to ${this.#where} is no longer possible.`, where: this.#where,
      seen: error instanceof Error ? error.message : String(error), likely: 'the socket was closed or its context ended',
      fix: 'start the run again',
    }, {cause: error}));
  }

  #wake(): void {
    this.#wakeRoom();
    const waiters = this.#emptyWaiters;
    this.#emptyWaiters = [];
    for (const waiter of waiters) waiter();
  }

  #wakeRoom(): void {
    const waiters = this.#roomWaiters;
    this.#roomWaiters = [];
    for (const waiter of waiters) waiter();
  }
}
