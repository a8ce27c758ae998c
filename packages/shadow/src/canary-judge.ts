import type {Evidence, LaneHealth, Migration, Owner} from '@tandem/contract';
import type {CanaryEvidence, CanaryJudge} from './canary/canary-options.ts';
import {INPUT_BYTES_MAX, inputBytes, OVERSIZED_INPUT} from './flow/feed-input.ts';
import {ComparedLanes} from './compared-lanes.ts';
import {judge} from './judge/judge.ts';
import {waiversOf} from './judge/judge-input.ts';
import {evidenceBytes} from './record/run-folder-writer.ts';

const WINDOW_INPUTS = 200_000;
/** a judgement is made anew after this long, or when somebody asks later than that */
const REFRESH_MS = 100;

/**
 * Judges the two lanes while a canary runs, with the comparer and the judge of every other run. Latency and resources are not judged here:
 * during a canary both lanes share the machine with gate and controller.
 */
export class ParityCanaryJudge implements CanaryJudge {
  readonly #pair: ComparedLanes;
  readonly #migration: Migration;
  readonly #today: string;
  readonly #nowMs: () => number;
  readonly #gaps: () => Evidence['gaps'];
  readonly #ended = new Map<Owner, string>();
  readonly #startedMs: number;
  #inputs = 0;
  readonly #outputs: Record<Owner, number> = {legacy: 0, candidate: 0};
  readonly #watermarks: Record<Owner, number> = {legacy: 0, candidate: 0};
  #latest: {evidence: CanaryEvidence; atMs: number} | null = null;
  /** inputs compared, and when that last grew or nothing was left to compare */
  #advanced = {inputs: 0, atMs: 0};

  /** `gaps`: what the inputs' log says that it does not have */
  constructor(migration: Migration, today: string, {nowMs, gaps}: {readonly nowMs: () => number; readonly gaps: () => Evidence['gaps']}) {
    this.#pair = new ComparedLanes({expected: 'legacy', actual: 'candidate', migration, today, windowInputs: WINDOW_INPUTS});
    this.#migration = migration;
    this.#today = today;
    this.#nowMs = nowMs;
    this.#gaps = gaps;
    this.#startedMs = nowMs();
  }

  input(input: Parameters<NonNullable<CanaryJudge['input']>>[0]): void {
    this.#inputs += 1;
    if (inputBytes(input) > INPUT_BYTES_MAX) this.#pair.lostInput(OVERSIZED_INPUT);
    else this.#pair.input(input.inputSeq, input.payload);
  }

  output(output: Parameters<CanaryJudge['output']>[0]): void {
    if (output.lane !== 'twin') this.#outputs[output.lane] += 1;
    this.#pair.output(output);
  }

  watermark(mark: Parameters<CanaryJudge['watermark']>[0]): void {
    if (mark.lane !== 'twin') this.#watermarks[mark.lane] = mark.inputSeq;
    this.#pair.watermark(mark);
    this.#pair.compareSettled();
  }

  laneEnded(lane: Owner, reason: string): void {
    this.#ended.set(lane, reason);
    this.#pair.laneEnded(lane, reason);
  }

  /** No answer will come any more: what is complete is settled. */
  finish(): void {
    this.#pair.finish();
  }

  /** The whole evidence of the canary's comparison so far. */
  wholeEvidence(): Evidence {
    this.#pair.compareSettled();
    return {
      messages: this.#inputs, durationMs: Math.round(this.#nowMs() - this.#startedMs), pacing: {mode: 'rate', ratePerSecond: null, latePlannedShare: 0}, parity: this.#pair.evidence(), floor: null, latency: [], resources: [],
      lanes: (['legacy', 'candidate'] as const).map((lane) => this.#health(lane)), noise: null, coverage: null, gaps: this.#gaps(), harnessStallNsMax: 0,
    };
  }

  evidence(): CanaryEvidence | null {
    const nowMs = this.#nowMs();
    if (this.#inputs === 0) return null;
    if (this.#latest === null || nowMs - this.#latest.atMs > REFRESH_MS) {
      const whole = this.wholeEvidence();
      const parity = whole.parity;
      this.#noteAdvance(parity?.conservation.inFlight ?? 0, nowMs);
      // what is on its way is not missing: while the canary runs only what was compared is judged
      const settled: Evidence = {...whole, parity: parity === null ? null : {...parity, conservation: {...parity.conservation, in: parity.conservation.in - parity.conservation.inFlight, inFlight: 0}}};
      const {hash} = evidenceBytes(settled);
      const gates = {...this.#migration.gates, minMessages: 1, latencyRatio: {}, cpuRatio: null, memoryRatio: null, memorySlopeBytesPerHour: null};
      const {outcome} = judge(settled, gates, {evidenceHash: hash, judgedOn: this.#today, waivers: waiversOf(this.#migration.compare)});
      this.#latest = {evidence: {outcome, hash, ageMs: 0, messages: this.#pair.comparedInputs}, atMs: nowMs};
    }
    return {...this.#latest.evidence, ageMs: nowMs - Math.min(this.#latest.atMs, this.#advanced.atMs)};
  }

  /** What was judged is as old as the last comparison, while inputs wait for one. */
  #noteAdvance(waiting: number, nowMs: number): void {
    const inputs = this.#pair.comparedInputs;
    if (inputs > this.#advanced.inputs || waiting === 0) this.#advanced = {inputs, atMs: nowMs};
  }

  #health(lane: Owner): LaneHealth {
    const ended = this.#ended.get(lane);
    return {lane, label: this.#migration.lanes.find(({name}) => name === lane)?.label ?? lane, state: ended === undefined ? 'ok' : 'crashed', exitCode: null, signal: null, restarts: 0,
      stderrTail: ended === undefined ? [] : [ended], sent: this.#inputs, outputs: this.#outputs[lane], watermark: this.#watermarks[lane]};
  }
}
