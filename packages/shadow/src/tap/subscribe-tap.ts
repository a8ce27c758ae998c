import {setTimeout as delay} from 'node:timers/promises';
import {TandemError, type CapturedMessage, type GapRecord} from '@tandem/contract';
import type {CurveKeys} from '../endpoint/curve-certificate.ts';
import type {LinkEvent} from '../endpoint/link-watch.ts';
import {monoNowNs} from '../endpoint/mono-clock.ts';
import {openSub, type SubEndpoint} from '../endpoint/open-socket.ts';
import {receiveBurst, type Burst, type ReceiveLoop} from '../endpoint/receive-burst.ts';
import type {SocketLimits} from '../endpoint/safe-settings.ts';
import {ownedFrames} from './owned-frames.ts';
import {SequenceTracker} from './sequence-tracker.ts';
import {lookAround} from './look-around.ts';
import {silenceNotice, type Silence} from './silence-notice.ts';
import type {SourceSequence} from './source-sequence.ts';
import {assertTappable} from './tap-refusal.ts';
import type {Tap, TapReady, TapSink, TapStats} from './tap.ts';

export interface SubscribeTapOptions extends TapSink {
  readonly endpoint: string;
  readonly topics: readonly string[];
  readonly stream: string;
  /** where a message carries the publisher's own number; without it losses between two messages cannot be seen */
  readonly sourceSeq?: SourceSequence | undefined;
  /** the publisher is declared NODROP: refused */
  readonly publisherNoDrop?: boolean | undefined;
  /** say something after so long without a message, and again after each doubling */
  readonly silenceMs?: number | undefined;
  readonly limits?: Partial<SocketLimits> | undefined;
  /** the publisher speaks CURVE: whom it has to be, and the keys that are shown to it */
  readonly curve?: {readonly keys: CurveKeys; readonly serverKey: string} | undefined;
  /** the time for people, ms since 1970; nothing is measured with it */
  readonly wallMs?: (() => number) | undefined;
  readonly signal?: AbortSignal | undefined;
}

const SILENCE_MS = 5000;
/** how long stop() waits for the sink to take what was received */
const STOP_MS = 1000;
const SILENCE_MS_MAX = 3_600_000;

/** Watches a publisher as one more subscriber. Never answers, never sends, and slows nobody: a plain PUB drops for a slow tap alone. */
export async function startSubscribeTap(options: SubscribeTapOptions): Promise<Tap> {
  const {endpoint, topics, stream, limits = {}} = options;
  assertTappable({stream, pattern: 'pub-sub', endpoint, topics}, options.publisherNoDrop);
  options.signal?.throwIfAborted();
  return new SubscribeTap(options, await openSub({connect: endpoint, topics, limits, ...(options.curve === undefined ? {} : {curve: options.curve})}));
}

class SubscribeTap implements Tap {
  readonly ready: Promise<TapReady>;
  readonly done: Promise<void>;
  readonly #options: SubscribeTapOptions;
  readonly #socket: SubEndpoint;
  readonly #loop: ReceiveLoop;
  readonly #tracker: SequenceTracker;
  readonly #sourceSeq: SourceSequence | null;
  readonly #stopOnAbort = (): void => void this.stop();
  #announceReady: (ready: TapReady) => void = () => undefined;
  #failReady: (error: Error) => void = () => undefined;
  #isReady = false;
  #messages = 0;
  #bytes = 0;
  #gaps = 0;
  #gapMessages = 0;
  #gapUnknown = 0;
  #lastMessageMonoNs: number | null = null;
  #lastFailure = '';
  #hasLooked = false;
  #isOver = false;
  #found: Silence['found'] = null;
  #silenceTimer: NodeJS.Timeout;
  #silenceMs: number;
  #quietSinceNs = monoNowNs();

  constructor(options: SubscribeTapOptions, socket: SubEndpoint) {
    this.#options = options;
    this.#socket = socket;
    this.#sourceSeq = options.sourceSeq ?? null;
    this.#tracker = new SequenceTracker(options.stream);
    this.ready = new Promise((resolve, reject) => {
      this.#announceReady = resolve;
      this.#failReady = reject;
    });
    this.ready.catch(() => undefined);
    socket.links.onEvent((event) => this.#link(event));
    this.#silenceMs = options.silenceMs ?? SILENCE_MS;
    this.#silenceTimer = setTimeout(() => this.#checkSilence(), this.#silenceMs);
    this.#loop = receiveBurst(socket, async (burst) => await this.#burst(burst));
    this.done = this.#loop.done.finally(() => this.#ended());
    this.done.catch(() => undefined);
    options.signal?.addEventListener('abort', this.#stopOnAbort, {once: true});
  }

  stats(): TapStats {
    const {connected, ready, handshakeFailed, disconnected, retries} = this.#socket.links.counts();
    const {lastSeq, epoch, lastSourceSeq, withoutSourceSeq, repeated} = this.#tracker;
    return {
      stream: this.#options.stream, messages: this.#messages, bytes: this.#bytes, lastSeq, epoch, lastSourceSeq, gaps: this.#gaps,
      gapMessages: this.#gapMessages, gapUnknown: this.#gapUnknown, refused: this.#loop.counts().refused,
      withoutSourceSeq: this.#sourceSeq === null ? 0 : withoutSourceSeq, repeated, lastMessageMonoNs: this.#lastMessageMonoNs,
      connected, ready, handshakeFailed, disconnected, retries,
    };
  }

  async stop(): Promise<TapStats> {
    // whoever ends it because nothing came wants to know why
    await this.#look();
    this.#socket.close();
    // A sink that never comes back may not hold the rest of the program.
    const within = new AbortController();
    const settled = this.done.catch(() => undefined).finally(() => within.abort());
    await Promise.race([settled, delay(STOP_MS, undefined, {signal: within.signal}).catch(() => undefined)]);
    this.#ended();
    return this.stats();
  }

  #ended(): void {
    this.#isOver = true;
    clearTimeout(this.#silenceTimer);
    this.#socket.close();
    this.#options.signal?.removeEventListener('abort', this.#stopOnAbort);
    if (this.#isReady) return;
    const {seen, likely, fix} = silenceNotice(this.#silence(0)).detail;
    const why = {seen, likely, fix};
    this.#failReady(new TandemError({
      id: 'TDM-E283', kind: 'cancel', what: `The tap of "${this.#options.stream}" ended before a message came.`, where: this.#options.endpoint,
      ...why,
    }));
  }

  async #burst(burst: Burst): Promise<void> {
    const {onMessages, wallMs = Date.now} = this.#options;
    const wallOffsetNs = BigInt(Math.round(wallMs())) * 1_000_000n - BigInt(monoNowNs());
    const owned = ownedFrames(burst.messages);
    let run: CapturedMessage[] = [];
    for (const [index, frames] of owned.entries()) {
      const tMonoNs = burst.tMonoNs[index] ?? 0;
      const {seq, epoch, gap} = this.#tracker.next(this.#readSourceSeq(frames), tMonoNs);
      if (gap !== null) {
        // What came before the hole goes out before it: the log keeps the order of events.
        if (run.length > 0) await onMessages(run);
        run = [];
        this.#gap(gap);
      }
      for (const frame of frames) this.#bytes += frame.byteLength;
      run.push({stream: this.#options.stream, epoch, seq, tMonoNs, tWallNs: wallOffsetNs + BigInt(tMonoNs), identity: '', frames});
      if (!this.#isReady) this.#firstMessage(run.at(-1));
    }
    this.#messages += owned.length;
    this.#lastMessageMonoNs = burst.tMonoNs.at(-1) ?? this.#lastMessageMonoNs;
    if (run.length > 0) await onMessages(run);
    // With publisher numbers the next message shows these too; without them only this does.
    if (burst.refused > 0 && this.#sourceSeq === null) this.#gap(this.#tracker.skip(burst.refused, 'more parts than allowed', monoNowNs()));
  }

  #firstMessage(message: CapturedMessage | undefined): void {
    if (message === undefined) return;
    this.#isReady = true;
    const {stream, epoch, seq, tMonoNs} = message;
    this.#announceReady({stream, epoch, seq, sourceSeq: this.#tracker.lastSourceSeq, tMonoNs});
  }

  #readSourceSeq(frames: readonly Uint8Array[]): number | null {
    if (this.#sourceSeq === null) return null;
    try {
      const value = this.#sourceSeq(frames);
      return value !== null && Number.isSafeInteger(value) && value >= 0 ? value : null;
    } catch {
      // A reader that cannot cope with a message must not end the tap; it is counted as a message without a number.
      return null;
    }
  }

  #gap(gap: GapRecord): void {
    this.#gaps += 1;
    if (gap.count === null) this.#gapUnknown += 1;
    else this.#gapMessages += gap.count;
    this.#options.onGap(gap);
  }

  #link(event: LinkEvent): void {
    const {stream, endpoint, onNotice} = this.#options;
    if (event.kind === 'disconnected') this.#tracker.linkLost('connection to the publisher was lost');
    if (event.kind === 'handshake-failed') {
      this.#lastFailure = event.detail;
      onNotice?.({kind: 'handshake-failed', detail: {...silenceNotice(this.#silence(0)).detail, what: `The tap of "${stream}" could not shake hands.`}});
    }
    if (event.kind === 'ready' && this.#socket.links.counts().disconnected > 0) {
      onNotice?.({kind: 'reconnected', detail: {
        id: 'TDM-E284', kind: 'environment', what: `The tap of "${stream}" is connected again.`, where: endpoint,
        seen: 'what was published meanwhile is lost to the tap', fix: 'nothing to do: the log states the gap',
      }});
    }
  }

  #checkSilence(): void {
    const sinceNs = this.#lastMessageMonoNs ?? this.#quietSinceNs;
    const silentMs = (monoNowNs() - sinceNs) / 1e6;
    if (silentMs >= this.#silenceMs) {
      void this.#saySilence(silentMs);
      this.#silenceMs = Math.min(this.#silenceMs * 2, SILENCE_MS_MAX);
    } else if (this.#lastMessageMonoNs !== null) {
      this.#silenceMs = this.#options.silenceMs ?? SILENCE_MS;
    }
    this.#silenceTimer = setTimeout(() => this.#checkSilence(), Math.max(10, this.#silenceMs - silentMs % this.#silenceMs));
  }

  /** Looks once who and what is there, when that may be the reason; the notice does not wait for long. */
  async #saySilence(silentMs: number): Promise<void> {
    await this.#look();
    if (!this.#isOver) this.#options.onNotice?.(silenceNotice(this.#silence(silentMs)));
  }

  async #look(): Promise<void> {
    if (this.#messages > 0 || this.#hasLooked || this.#isOver) return;
    this.#hasLooked = true;
    const {endpoint, topics, curve, limits = {}} = this.#options;
    this.#found = await lookAround({endpoint, isLinked: this.#socket.links.counts().ready > 0, hasTopics: !topics.includes(''), ...(curve === undefined ? {} : {curve}), limits}).catch(() => null);
  }

  #silence(silentMs: number): Parameters<typeof silenceNotice>[0] {
    const {endpoint, topics} = this.#options;
    return {...this.stats(), endpoint, topics, silentMs, lastFailure: this.#lastFailure, found: this.#messages > 0 ? null : this.#found};
  }
}
