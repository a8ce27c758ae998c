import {TandemError, type LaneHealth, type LaneName, type ObserveLane as ObserveLaneSpec} from '@tandem/contract';
import type {FeedInput} from '../flow/feed-input.ts';
import type {SentInput} from '../flow/sent-input.ts';
import {Barriers} from './barrier.ts';
import type {FinishReport, Lane, LaneEvents} from './lane.ts';
import {monoNs} from './monotonic-clock.ts';
import {OutputIntake} from './output-intake.ts';
import {receiveInto} from './receive-into.ts';
import {Settlement} from './settlement.ts';
import {waitWithin} from './wait-within.ts';

const TICK_MS = 25;

export interface ObserveOptions extends LaneEvents {
  /** how the live system sends its outputs */
  readonly pattern: 'pub-sub' | 'push-pull' | 'req-rep' | 'dealer-router';
  /** subscription prefixes; one empty text takes everything */
  readonly topics: readonly string[];
  /** the publisher waits for slow subscribers (ZMQ_XPUB_NODROP) */
  readonly noDrop: boolean;
  readonly outputBytesMax: number;
}

/** Why these outputs may not be watched by one more socket; null when they may. */
export function observeRefusal(options: Pick<ObserveOptions, 'pattern' | 'noDrop'>): string | null {
  if (options.pattern === 'push-pull') return 'a second PULL on a live PUSH takes every other message away from the live reader (measured: 500 of 1000)';
  if (options.pattern !== 'pub-sub') return `one more socket on ${options.pattern} would take part in the live conversation`;
  if (options.noDrop) return 'a publisher with NODROP waits for its slowest subscriber: a stalled harness would stop the live system';
  return null;
}

/**
 * Watches the outputs of a process in production. It is fed by live traffic, so `send` only notes what it has been given, and
 * nothing is ever written to it: its inputs settle in order, by silence or by acknowledgement.
 */
export async function observeLane(spec: ObserveLaneSpec, options: ObserveOptions): Promise<Lane> {
  const refusal = observeRefusal(options);
  const {watermark} = spec;
  if (refusal !== null || watermark.kind !== 'in-order') {
    throw new TandemError({
      id: 'TDM-E230', kind: 'usage', what: `The outputs of ${spec.label} cannot be watched that way.`, where: spec.outEndpoint,
      seen: refusal ?? 'its watermark is `barrier`, but nothing is ever sent to a live system',
      fix: refusal === null ? 'use the watermark `in-order`' : 'put the tap between the two ends (`tap: "forward"`), or let the legacy publish a copy on a PUB socket',
    });
  }
  const {openSub} = await import('../endpoint/open-socket.ts');
  const endpoint = await openSub({connect: spec.outEndpoint, topics: options.topics, limits: {maxMessageBytes: options.outputBytesMax}});
  const lane = new WatchedLane({spec, options, silenceMs: watermark.silenceMs, close: () => endpoint.close()});
  void receiveInto(endpoint.socket, (payload, frames, tMonoNs) => lane.take(payload, frames, tMonoNs));
  return lane;
}

interface WatchedParts {
  readonly spec: ObserveLaneSpec;
  readonly options: ObserveOptions;
  readonly silenceMs: number;
  readonly close: () => void;
}

class WatchedLane implements Lane {
  readonly name: LaneName;
  readonly label: string;
  readonly pid: number | null;
  readonly fault = null;
  readonly heldCount = 0;
  readonly #parts: WatchedParts;
  readonly #settlement = new Settlement();
  readonly #intake: OutputIntake;
  readonly #timer: NodeJS.Timeout;
  #lastSentNs = 0;

  constructor(parts: WatchedParts) {
    const {spec, options} = parts;
    this.#parts = parts;
    this.name = spec.name;
    this.label = spec.label;
    this.pid = spec.pid;
    this.#intake = new OutputIntake({
      lane: spec.name, barriers: new Barriers('none'), outputBytesMax: options.outputBytesMax,
      onOutputs: options.onOutputs, onAnswer: () => undefined, onFault: () => undefined,
    });
    this.#timer = setInterval(() => this.#tick(), TICK_MS);
    this.#timer.unref();
  }

  get sent(): number {
    return this.#settlement.sent;
  }

  get settled(): number {
    return this.#settlement.settled;
  }

  take(payload: Uint8Array, frames: readonly Uint8Array[] | null, tMonoNs: number): void {
    this.#intake.take(payload, frames, tMonoNs);
  }

  async send(inputs: readonly FeedInput[]): Promise<readonly SentInput[]> {
    const sent = inputs.map(({inputSeq, recordedNs}) => ({lane: this.name, inputSeq, plannedNs: recordedNs, sentNs: recordedNs}));
    for (const {inputSeq} of inputs) this.#settlement.note(inputSeq);
    this.#lastSentNs = monoNs();
    if (sent.length > 0) this.#parts.options.onSent?.(sent);
    return sent;
  }

  acknowledge(inputSeq: number): void {
    this.#settlement.acknowledge(inputSeq);
  }

  whenSettled(count: number): Promise<void> {
    return this.#settlement.when(count);
  }

  async finish(timeoutMs: number): Promise<FinishReport> {
    const settled = await waitWithin(this.#settlement.when(this.#settlement.sent), timeoutMs) && this.#settlement.open === 0;
    return {settled, watermark: this.#settlement.settledSeq, reason: settled ? 'its outputs fell silent' : `outputs still came after ${timeoutMs} ms`};
  }

  async stop(): Promise<LaneHealth> {
    clearInterval(this.#timer);
    this.#settlement.end();
    this.#parts.close();
    return this.health();
  }

  health(): LaneHealth {
    return {
      lane: this.name, label: this.label, state: this.#intake.outputs === 0 ? 'missing' : 'ok', exitCode: null, signal: null, restarts: 0, stderrTail: [],
      sent: this.#settlement.sent, outputs: this.#intake.outputs, watermark: this.#settlement.settledSeq,
    };
  }

  stats(): unknown {
    return null;
  }

  #tick(): void {
    const nowNs = monoNs();
    const {open, sent, sentSeq} = this.#settlement;
    if (open === 0 || nowNs - Math.max(this.#lastSentNs, this.#intake.lastNs) < this.#parts.silenceMs * 1e6) return;
    this.#settlement.advance(sent, sentSeq);
    this.#parts.options.onWatermark({lane: this.name, inputSeq: sentSeq, refSeq: null, stateHash: null, tMonoNs: nowNs, by: 'silence'});
  }
}
