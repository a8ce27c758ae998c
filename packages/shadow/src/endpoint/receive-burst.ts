import {setImmediate as nextTurn} from 'node:timers/promises';
import type {Dealer, Pull, Router, Subscriber} from 'zeromq';
import {monoNowNs} from './mono-clock.ts';
import type {Endpoint} from './open-socket.ts';

/** A longer run without a turn of the event loop would starve timers, signals and finalizers. */
const BURST_MAX = 128;
/** Receives issued without asking first whether something is there, while a backlog makes that likely. */
const BLIND_STRIDE = 16;

/**
 * A waiting receive looks again after this time. Asking a socket whether it is writable can swallow the edge that would have woken
 * the receive (the binding looks for readable messages only after a send that went out), and then nothing else would.
 */
const LOOK_AGAIN_MS = 50;

/** Messages taken in one turn. Frames above 128 octets are memory of libzmq: copy what is kept for long. */
export interface Burst {
  readonly messages: readonly Buffer[][];
  /** CLOCK_MONOTONIC in ns at which each was taken from the socket, same index */
  readonly tMonoNs: readonly number[];
  /** messages with more parts than `limits.maxParts`: dropped here, the receiver of the burst accounts for them */
  readonly refused: number;
}

export interface ReceiveLoop {
  /** settles when the endpoint was closed; rejects with what `onBurst` threw or the socket reported */
  readonly done: Promise<void>;
  counts(): {readonly messages: number; readonly refused: number; readonly bursts: number};
}

type Receiver = Pull | Subscriber | Router | Dealer;

/**
 * Reads an endpoint until it is closed and hands messages over in bursts of 1..128. When `onBurst` returns a promise nothing
 * more is read until it settles: then libzmq's queue fills and the sender feels it. One loop an endpoint.
 */
export function receiveBurst(endpoint: Endpoint<Receiver>, onBurst: (burst: Burst) => void | Promise<void>): ReceiveLoop {
  const counts = {messages: 0, refused: 0, bursts: 0};
  const done = run(endpoint, async (burst) => {
    counts.bursts += 1;
    counts.messages += burst.messages.length;
    counts.refused += burst.refused;
    const answer = onBurst(burst);
    if (answer !== undefined) await answer;
  });
  // A caller that looks at `done` later still gets the rejection; nobody looking must not end the process.
  done.catch(() => undefined);
  return {done, counts: () => ({...counts})};
}

async function run(endpoint: Endpoint<Receiver>, onBurst: (burst: Burst) => Promise<void>): Promise<void> {
  const {socket} = endpoint;
  const taker = new Taker(socket, endpoint.limits.maxParts);
  while (!socket.closed) {
    if (!taker.backlog) {
      const first = await takeFirst(socket);
      if (first === null) break;
      taker.keep(first, monoNowNs());
      if (!socket.closed) socket.receiveTimeout = 0;
    }
    await taker.fill();
    const burst = taker.take();
    if (burst.messages.length > 0 || burst.refused > 0) await onBurst(burst);
    await nextTurn();
  }
}

async function takeFirst(socket: Receiver): Promise<Buffer[] | null> {
  while (!socket.closed) {
    try {
      socket.receiveTimeout = LOOK_AGAIN_MS;
      return await socket.receive();
    } catch (error) {
      // close() makes a waiting receive fail; that is the ordinary end.
      if (!socket.closed && (error as {code?: unknown} | null)?.code !== 'EAGAIN') throw error;
    }
  }
  return null;
}

/** Collects one burst. A promise per message is what the binding costs; awaiting each one would cost as much again. */
class Taker {
  backlog = false;
  readonly #socket: Receiver;
  readonly #maxParts: number;
  #messages: Buffer[][] = [];
  #times: number[] = [];
  #refused = 0;
  #failure: unknown = null;

  constructor(socket: Receiver, maxParts: number) {
    this.#socket = socket;
    this.#maxParts = maxParts;
  }

  keep(message: Buffer[], tMonoNs: number): void {
    if (message.length > this.#maxParts) {
      this.#refused += 1;
      return;
    }
    this.#messages.push(message);
    this.#times.push(tMonoNs);
  }

  async fill(): Promise<void> {
    const stride = this.backlog ? BLIND_STRIDE : 1;
    const issued = this.#issue(stride);
    if (issued !== null) await issued;
    if (this.#failure !== null) throw this.#failure;
  }

  take(): Burst {
    const burst: Burst = {messages: this.#messages, tMonoNs: this.#times, refused: this.#refused};
    this.backlog = burst.messages.length + burst.refused >= BURST_MAX;
    this.#messages = [];
    this.#times = [];
    this.#refused = 0;
    return burst;
  }

  /** Issues receives while something is there; returns the last one's end, after which all before it have ended too. */
  #issue(stride: number): Promise<void> | null {
    const socket = this.#socket;
    let last: Promise<void> | null = null;
    let room = BURST_MAX - this.#messages.length - this.#refused;
    while (room > 0 && !socket.closed && socket.readable) {
      for (let index = 0; index < stride && room > 0; index += 1, room -= 1) {
        const tMonoNs = monoNowNs();
        last = socket.receive().then((message) => this.keep(message, tMonoNs), (error: unknown) => this.#missed(error));
      }
    }
    return last;
  }

  /** A blind receive that found nothing fails with EAGAIN; that is expected, anything else ends the loop. */
  #missed(error: unknown): void {
    const code = (error as {code?: unknown} | null)?.code;
    if (code !== 'EAGAIN' && !this.#socket.closed) this.#failure ??= error;
  }
}
