import type {CapturedMessage, LaneHealth, LaneName, RecordedLane as RecordedLaneSpec} from '@tandem/contract';
import type {FeedInput} from '../flow/feed-input.ts';
import type {LaneOutput} from '../flow/lane-output.ts';
import type {SentInput} from '../flow/sent-input.ts';
import type {FinishReport, Lane, LaneEvents} from './lane.ts';
import {Settlement} from './settlement.ts';

const BATCH_MAX = 256;

export interface RecordedLaneOptions extends LaneEvents {
  /** the lane's outputs as the earlier run logged them, in order of arrival */
  readonly messages: AsyncIterable<CapturedMessage>;
  /** the input that caused an output, or null when that cannot be told; decides how far to play on */
  readonly inputSeqOf: (output: LaneOutput) => number | null;
}

/**
 * Plays the outputs of an earlier run as if a lane had just sent them: for every input "sent", all outputs up to the first one
 * caused by a later input. Times are those of the recording, so latency of such a lane is never compared with a fresh one.
 */
export function openRecordedLane(spec: RecordedLaneSpec, options: RecordedLaneOptions): Lane {
  return new PlayedLane(spec, options);
}

class PlayedLane implements Lane {
  readonly name: LaneName;
  readonly label: string;
  readonly pid = null;
  readonly fault = null;
  readonly heldCount = 0;
  readonly #options: RecordedLaneOptions;
  readonly #messages: AsyncIterator<CapturedMessage>;
  readonly #settlement = new Settlement();
  #held: LaneOutput | null = null;
  #heldSeq: number | null = null;
  #outputs = 0;
  #lastNs = 0;
  #isOver = false;

  constructor(spec: RecordedLaneSpec, options: RecordedLaneOptions) {
    this.name = spec.name;
    this.label = spec.label;
    this.#options = options;
    this.#messages = options.messages[Symbol.asyncIterator]();
  }

  get sent(): number {
    return this.#settlement.sent;
  }

  get settled(): number {
    return this.#settlement.settled;
  }

  async send(inputs: readonly FeedInput[]): Promise<readonly SentInput[]> {
    const sent = inputs.map(({inputSeq, recordedNs}) => ({lane: this.name, inputSeq, plannedNs: recordedNs, sentNs: recordedNs}));
    const last = inputs.at(-1);
    if (last === undefined) return sent;
    for (const {inputSeq} of inputs) this.#settlement.note(inputSeq);
    this.#options.onSent?.(sent);
    await this.#playUpTo(last.inputSeq);
    this.#settle(last.inputSeq);
    return sent;
  }

  acknowledge(): void {
    // settled by playing
  }

  whenSettled(count: number): Promise<void> {
    return this.#settlement.when(count);
  }

  async finish(): Promise<FinishReport> {
    await this.#playUpTo(Infinity);
    this.#settle(this.#settlement.sentSeq);
    return {settled: true, watermark: this.#settlement.settledSeq, reason: 'the recording is at its end'};
  }

  async stop(): Promise<LaneHealth> {
    this.#isOver = true;
    this.#settlement.end();
    await this.#messages.return?.();
    return this.health();
  }

  health(): LaneHealth {
    return {
      lane: this.name, label: this.label, state: 'ok', exitCode: null, signal: null, restarts: 0, stderrTail: [],
      sent: this.#settlement.sent, outputs: this.#outputs, watermark: this.#settlement.settledSeq,
    };
  }

  stats(): unknown {
    return null;
  }

  #settle(inputSeq: number): void {
    if (this.#isOver) return;
    this.#settlement.advance(this.#settlement.sent, inputSeq);
    this.#options.onWatermark({lane: this.name, inputSeq, refSeq: null, stateHash: null, tMonoNs: this.#lastNs, by: 'recording'});
  }

  async #playUpTo(inputSeq: number): Promise<void> {
    let batch: LaneOutput[] = [];
    while (!this.#isOver) {
      const output = this.#held ?? await this.#next();
      if (output === null) break;
      if ((this.#heldSeq ?? 0) > inputSeq) {
        this.#held = output;
        break;
      }
      this.#held = null;
      this.#outputs += 1;
      this.#lastNs = output.tMonoNs;
      batch.push(output);
      if (batch.length < BATCH_MAX) continue;
      this.#options.onOutputs(batch);
      batch = [];
    }
    if (batch.length > 0) this.#options.onOutputs(batch);
  }

  async #next(): Promise<LaneOutput | null> {
    const {value, done} = await this.#messages.next();
    if (done === true) return null;
    const {frames, tMonoNs} = value;
    const output: LaneOutput = {
      lane: this.name, index: this.#outputs, tMonoNs, payload: frames.at(-1) ?? new Uint8Array(0), frames: frames.length > 1 ? frames : null,
    };
    this.#heldSeq = this.#options.inputSeqOf(output);
    return output;
  }
}
