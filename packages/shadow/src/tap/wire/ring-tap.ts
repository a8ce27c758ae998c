import type {CapturedMessage, GapRecord} from '@tandem/contract';
import {TandemError} from '@tandem/contract';
import {monoNowNs} from '../../endpoint/mono-clock.ts';
import type {Tap, TapReady, TapSink, TapStats} from '../tap.ts';
import {readRecord} from './observation-record.ts';
import type {RingReader} from './observation-ring.ts';

const BATCH_MAX = 512;
/** how long the ring is left alone when it is empty */
const IDLE_MS = 2;

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
  #last: CapturedMessage | null = null;

  constructor(options: RingTapOptions) {
    this.#options = options;
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
      stream: this.#options.streams[0] ?? '', messages: this.#messages, bytes: this.#bytes, lastSeq: this.#last?.seq ?? 0, epoch: this.#last?.epoch ?? 0, lastSourceSeq: null,
      gaps: this.#gaps, gapMessages: this.#gapMessages, gapUnknown: this.#gapUnknown, refused: 0, withoutSourceSeq: 0, repeated: 0, lastMessageMonoNs: this.#last?.tMonoNs ?? null,
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
    const {ring, onMessages, onGap, room} = this.#options;
    for (;;) {
      const wasClosed = ring.isClosed || this.#isStopping;
      const read = this.#take(onGap);
      if (read.length > 0) await onMessages(read);
      ring.release();
      const wait = room?.() ?? null;
      if (wait !== null) await wait;
      if (read.length === BATCH_MAX) await new Promise((go) => setImmediate(go));
      else if (wasClosed && ring.usedBytes === 0) break;
      else await new Promise((go) => setTimeout(go, IDLE_MS));
    }
    if (!this.#isReady) this.#fail(new TandemError({id: 'TDM-E283', kind: 'cancel', what: 'The tap ended before a message came.', where: this.#options.streams[0]}));
  }

  #take(onGap: (gap: GapRecord) => void): CapturedMessage[] {
    const {ring, streams, onMessages, wallMs = Date.now} = this.#options;
    const offsetNs = BigInt(Math.round(wallMs())) * 1_000_000n - BigInt(monoNowNs());
    let batch: CapturedMessage[] = [];
    for (let left = BATCH_MAX; left > 0 && ring.next(); left -= 1) {
      const found = readRecord(ring, streams, offsetNs);
      if ('message' in found) {
        batch.push(found.message);
        this.#count(found.message);
        continue;
      }
      // what came before the hole goes out before it
      if (batch.length > 0) void onMessages(batch);
      batch = [];
      this.#gaps += 1;
      if (found.gap.count === null) this.#gapUnknown += 1;
      else this.#gapMessages += found.gap.count;
      onGap(found.gap);
    }
    return batch;
  }

  #count(message: CapturedMessage): void {
    for (const frame of message.frames) this.#bytes += frame.byteLength;
    if (message.stream.startsWith('out/')) return;
    this.#messages += 1;
    this.#last = message;
    if (this.#isReady) return;
    this.#isReady = true;
    const {stream, epoch, seq, tMonoNs} = message;
    this.#announce({stream, epoch, seq, sourceSeq: null, tMonoNs});
  }
}
