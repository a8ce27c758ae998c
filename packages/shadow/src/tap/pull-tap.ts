import {TandemError, type CapturedMessage} from '@tandem/contract';
import {bindPull, ZmtpError, type BoundPull} from '@tandem/zmtp';
import {monoNowNs} from '../endpoint/mono-clock.ts';
import {pullSilence} from './pull-silence.ts';
import type {Tap, TapReady, TapSink, TapStats} from './tap.ts';

export interface PullTapOptions extends TapSink {
  /** where producers connect: ipc or loopback tcp */
  readonly endpoint: string;
  readonly stream: string;
  /** true: this message was taken before; it is neither numbered nor handed over */
  readonly isKnown?: ((payload: Uint8Array) => boolean) | undefined;
  /** say something after so long without a message, and again after each doubling */
  readonly silenceMs?: number | undefined;
  /** the time for people, ms since 1970; nothing is measured with it */
  readonly wallMs?: (() => number) | undefined;
}

const SILENCE_MS = 5000;
const SILENCE_MS_MAX = 3_600_000;
/** how long producers may take to leave; one that hangs loses what it had on the way, as with any reader that ends */
const LEAVE_MS = 2000;

/**
 * Takes the place of the PULL that producers PUSH to: it is no bystander, it owns the messages that it takes. Never drops: while the sink has no room
 * nothing is read, and producers wait in their own queues. `stop` lets them go first, so that nothing is on the way any more; what they send later waits with them.
 * @throws TandemError TDM-E264 when another process holds the endpoint, TDM-E210 when it cannot be bound
 */
export async function startPullTap(options: PullTapOptions): Promise<Tap> {
  const tap = new PullTap(options);
  await tap.bind();
  return tap;
}

class PullTap implements Tap {
  readonly ready: Promise<TapReady>;
  readonly done: Promise<void>;
  readonly #options: PullTapOptions;
  #socket: BoundPull | null = null;
  #announce: (ready: TapReady) => void = () => undefined;
  #failReady: (error: Error) => void = () => undefined;
  #end: () => void = () => undefined;
  #run: CapturedMessage[] = [];
  #messages = 0;
  #bytes = 0;
  #lastMonoNs: number | null = null;
  #quietSinceNs = monoNowNs();
  #silenceMs: number;
  #timer: NodeJS.Timeout | null = null;
  #isOver = false;

  constructor(options: PullTapOptions) {
    this.#options = options;
    this.#silenceMs = options.silenceMs ?? SILENCE_MS;
    this.ready = new Promise((resolve, reject) => {
      this.#announce = resolve;
      this.#failReady = reject;
    });
    this.ready.catch(() => undefined);
    this.done = new Promise((resolve) => { this.#end = resolve; });
  }

  async bind(): Promise<void> {
    const {endpoint} = this.#options;
    try {
      this.#socket = await bindPull({endpoint, clock: monoNowNs, onMessage: (payload, frames, tMonoNs) => { this.#message(payload, frames, tMonoNs); }, onChunkEnd: () => { this.#handOver(); }});
    } catch (error) {
      throw bindFault(error, this.#options);
    }
    this.#watchSilence();
  }

  stats(): TapStats {
    const {joined = 0, gone = 0, refused = 0} = this.#socket?.counts ?? {};
    return {
      stream: this.#options.stream, messages: this.#messages, bytes: this.#bytes, lastSeq: this.#messages, epoch: 0, lastSourceSeq: null,
      gaps: 0, gapMessages: 0, gapUnknown: 0, refused: 0, withoutSourceSeq: 0, repeated: 0,
      lastMessageMonoNs: this.#lastMonoNs, connected: joined + refused, ready: joined, handshakeFailed: refused, disconnected: gone, retries: 0,
    };
  }

  async stop(): Promise<TapStats> {
    if (this.#isOver) return this.stats();
    this.#isOver = true;
    if (this.#timer !== null) clearTimeout(this.#timer);
    await this.#socket?.drain(LEAVE_MS);
    const stats = this.stats();
    this.#flush();
    this.#socket?.close();
    if (this.#messages === 0) {
      const {seen, likely, fix} = this.#silence().detail;
      const why = {seen, likely, fix};
      this.#failReady(new TandemError({id: 'TDM-E283', kind: 'cancel', what: `The tap of "${this.#options.stream}" ended before a message came.`, where: this.#options.endpoint, ...why}));
    }
    this.#end();
    return stats;
  }

  #message(payload: Uint8Array, parts: readonly Uint8Array[] | null, tMonoNs: number): void {
    const {stream, wallMs = Date.now} = this.#options;
    const frames = parts ?? [payload];
    this.#lastMonoNs = tMonoNs;
    if (this.#options.isKnown?.(payload) === true) return;
    for (const frame of frames) this.#bytes += frame.byteLength;
    this.#messages += 1;
    const seq = this.#messages;
    this.#run.push({stream, epoch: 0, seq, tMonoNs, tWallNs: BigInt(Math.round(wallMs())) * 1_000_000n, identity: '', frames});
    if (seq === 1) this.#announce({stream, epoch: 0, seq, sourceSeq: null, tMonoNs});
  }

  #flush(): void {
    if (this.#run.length === 0) return;
    const run = this.#run;
    this.#run = [];
    void this.#options.onMessages(run);
  }

  /** At the end of what came at once: the sink takes it, and while it has no room for more nothing more is read. */
  #handOver(): void {
    this.#flush();
    const room = this.#options.room?.() ?? null;
    if (room === null || this.#isOver) return;
    this.#socket?.pause();
    void room.then(() => { if (!this.#isOver) this.#socket?.resume(); });
  }

  #silence(): ReturnType<typeof pullSilence> {
    const {endpoint, stream} = this.#options;
    const {joined = 0, gone = 0, refused = 0} = this.#socket?.counts ?? {};
    return pullSilence({stream, endpoint, messages: this.#messages, joined, gone, refused, silentMs: (monoNowNs() - (this.#lastMonoNs ?? this.#quietSinceNs)) / 1e6});
  }

  #watchSilence(): void {
    const silentMs = (monoNowNs() - (this.#lastMonoNs ?? this.#quietSinceNs)) / 1e6;
    if (silentMs >= this.#silenceMs) {
      this.#options.onNotice?.(this.#silence());
      this.#silenceMs = Math.min(this.#silenceMs * 2, SILENCE_MS_MAX);
    } else if (this.#lastMonoNs !== null) {
      this.#silenceMs = this.#options.silenceMs ?? SILENCE_MS;
    }
    this.#timer = setTimeout(() => { this.#watchSilence(); }, Math.max(10, this.#silenceMs - silentMs % this.#silenceMs));
  }
}

const bindFault = (error: unknown, {endpoint, stream}: PullTapOptions): unknown => {
  if (!(error instanceof ZmtpError)) return error;
  if (error.code === 'in-use') {
    return new TandemError({
      id: 'TDM-E264', kind: 'environment', what: `The input socket of "${stream}" is held by another process.`, where: endpoint, seen: error.message,
      likely: 'the legacy of today still runs there, or a wire tap, or another canary: a canary takes the inputs in its place', fix: 'end it first (producers wait meanwhile); then start again',
    }, {cause: error});
  }
  if (error.code === 'not-local' || error.code === 'endpoint') {
    return new TandemError({id: 'TDM-E202', kind: 'usage', what: `Binding "${endpoint}" is refused.`, where: endpoint, seen: error.message, fix: 'let producers connect to tcp://127.0.0.1:<port> or ipc:///<path>'}, {cause: error});
  }
  return new TandemError({id: 'TDM-E210', kind: 'environment', what: `The endpoint ${endpoint} cannot be bound.`, where: endpoint, seen: error.message, fix: 'check that the address exists on this host and that this user may use it'}, {cause: error});
};
