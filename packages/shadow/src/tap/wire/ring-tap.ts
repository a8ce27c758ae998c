import type {CapturedMessage, GapRecord} from '@tandem/contract';
import {TandemError} from '@tandem/contract';
import {monoNowNs} from '../../endpoint/mono-clock.ts';
import type {PackedMessage} from '../../flow/packed-message.ts';
import type {Tap, TapReady, TapSink, TapStats} from '../tap.ts';
import {isGap, readGap, readMessage, RingMessage} from './observation-record.ts';
import type {RingReader} from './observation-ring.ts';

const BATCH_MAX = 512;
/** how long the ring is left alone when it is empty: each look wakes a thread on the cores that live runs on */
const IDLE_MS = 10;

export interface RingTapOptions extends TapSink {
  readonly ring: RingReader;
  /** names by index, as the writer numbers them; those of answers begin with `out/` */
  readonly streams: readonly string[];
  /** the time for people, ms since 1970; nothing is measured with it */
  readonly wallMs?: () => number;
}

/** What the tap's other thread observed, as a tap of its own. Takes as fast as the log does; what has no room meanwhile is counted over there. */
export class RingTap implements Tap {
  readonly ready: Promise<TapReady>;
  readonly done: Promise<void>;
  readonly #options: RingTapOptions;
  #announce: (ready: TapReady) => void = () => undefined;
  #fail: (error: Error) => void = () => undefined;
  #isReady = false;
  #isStopping = false;
  #messages = 0;
  #bytes = 0;
  #gaps = 0;
  #gapMessages = 0;
  #gapUnknown = 0;
  /** of the last input; seq is 0 before it came */
  readonly #last = {seq: 0, epoch: 0, tMonoNs: 0};
  readonly #message: RingMessage;

  constructor(options: RingTapOptions) {
    this.#options = options;
    this.#message = new RingMessage(options.ring, options.streams);
    this.ready = new Promise((resolve, reject) => {
      this.#announce = resolve;
      this.#fail = reject;
    });
    this.ready.catch(() => undefined);
    this.done = this.#run();
    this.done.catch(() => undefined);
  }

  stats(): TapStats {
    return {
      stream: this.#options.streams[0] ?? '', messages: this.#messages, bytes: this.#bytes, lastSeq: this.#last.seq, epoch: this.#last.epoch, lastSourceSeq: null,
      gaps: this.#gaps, gapMessages: this.#gapMessages, gapUnknown: this.#gapUnknown, refused: 0, withoutSourceSeq: 0, repeated: 0, lastMessageMonoNs: this.#last.seq === 0 ? null : this.#last.tMonoNs,
      connected: 0, ready: 0, handshakeFailed: 0, disconnected: 0, retries: 0,
    };
  }

  /** Ends when everything that is in the ring was handed over; whoever writes has closed it before. */
  async stop(): Promise<TapStats> {
    this.#isStopping = true;
    await this.done.catch(() => undefined);
    return this.stats();
  }

  async #run(): Promise<void> {
    const {ring, onMessages, onPacked, onGap, room} = this.#options;
    for (;;) {
      const wasClosed = ring.isClosed || this.#isStopping;
      const offsetNs = BigInt(Math.round((this.#options.wallMs ?? Date.now)())) * 1_000_000n - BigInt(monoNowNs());
      let read: number;
      if (onPacked !== undefined) read = this.#hand(onPacked, offsetNs);
      else {
        const batch = this.#take(onGap, offsetNs);
        read = batch.length;
        if (read > 0) await onMessages(batch);
      }
      ring.release();
      const wait = room?.() ?? null;
      if (wait !== null) await wait;
      if (read === BATCH_MAX || wait !== null) await new Promise((go) => setImmediate(go));
      else if (wasClosed && ring.usedBytes === 0) break;
      else await new Promise((go) => setTimeout(go, IDLE_MS));
    }
    if (!this.#isReady) this.#fail(new TandemError({id: 'TDM-E283', kind: 'cancel', what: 'The tap ended before a message came.', where: this.#options.streams[0]}));
  }

  /** Hands over what lies in the ring, where it lies; how many records that were. Ends early when the sink wants to wait: one batch may be as long as the ring. */
  #hand(onPacked: (message: PackedMessage) => void, offsetNs: bigint): number {
    const {ring, streams, onGap, isPressed} = this.#options;
    const message = this.#message;
    message.wallOffsetNs = offsetNs;
    let read = 0;
    for (; read < BATCH_MAX && isPressed?.() !== true && ring.next(); read += 1) {
      if (isGap(ring)) {
        this.#gap(readGap(ring, streams), onGap);
        continue;
      }
      message.read();
      onPacked(message);
      this.#count(message, message.partsBytes);
    }
    return read;
  }

  #take(onGap: (gap: GapRecord) => void, offsetNs: bigint): CapturedMessage[] {
    const {ring, streams, onMessages} = this.#options;
    let batch: CapturedMessage[] = [];
    for (let left = BATCH_MAX; left > 0 && ring.next(); left -= 1) {
      if (!isGap(ring)) {
        const message = readMessage(ring, streams, offsetNs);
        batch.push(message);
        this.#count(message, message.frames.reduce((sum, {byteLength}) => sum + byteLength, 0));
        continue;
      }
      // what came before the hole goes out before it
      if (batch.length > 0) void onMessages(batch);
      batch = [];
      this.#gap(readGap(ring, streams), onGap);
    }
    return batch;
  }

  #gap(gap: GapRecord, onGap: (gap: GapRecord) => void): void {
    this.#gaps += 1;
    if (gap.count === null) this.#gapUnknown += 1;
    else this.#gapMessages += gap.count;
    onGap(gap);
  }

  #count({stream, epoch, seq, tMonoNs}: Pick<CapturedMessage, 'stream' | 'epoch' | 'seq' | 'tMonoNs'>, partsBytes: number): void {
    this.#bytes += partsBytes;
    if (stream.startsWith('out/')) return;
    this.#messages += 1;
    this.#last.seq = seq;
    this.#last.epoch = epoch;
    this.#last.tMonoNs = tMonoNs;
    if (this.#isReady) return;
    this.#isReady = true;
    this.#announce({stream, epoch, seq, sourceSeq: null, tMonoNs});
  }
}
