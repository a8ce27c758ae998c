import {createHash, hash} from 'node:crypto';
import type {Owner} from '@tandem/contract';
import type {LaneOutput} from '../flow/lane-output.ts';
import type {LaneWatermark} from '../flow/lane-watermark.ts';
import type {TaggedEffect} from '../flow/ownership-output.ts';
import type {CanaryEvidence, CanaryJudge} from './canary-options.ts';

const WAITING_MAX = 500_000;

/** The plainest judge: outputs with the same identity must have the same bytes, and none may lack its counterpart. */
export class ByteJudge implements CanaryJudge {
  readonly #waiting: Record<Owner, Map<string, {readonly causeSeq: number; readonly hash: string}>> = {legacy: new Map(), candidate: new Map()};
  readonly #watermarks: Record<Owner, number> = {legacy: 0, candidate: 0};
  readonly #nowMs: () => number;
  #changedMs: number;
  equal = 0;
  different = 0;
  unpaired = 0;
  unknown = 0;

  /** `nowMs`: any steady clock */
  constructor(nowMs: () => number) {
    this.#nowMs = nowMs;
    this.#changedMs = nowMs();
  }

  output(output: LaneOutput, effect: TaggedEffect | null): void {
    if (effect === null) {
      this.unknown += 1;
      return;
    }
    const lane = output.lane as Owner;
    const id = `${effect.causeSeq}.${effect.ordinal}/${effect.partition}`;
    const digest = hash('md5', effect.payload, 'base64');
    const others = this.#waiting[lane === 'legacy' ? 'candidate' : 'legacy'];
    const other = others.get(id);
    if (other === undefined) {
      this.#waiting[lane].set(id, {causeSeq: effect.causeSeq, hash: digest});
      if (this.#waiting[lane].size > WAITING_MAX) {
        this.#waiting[lane].delete(this.#waiting[lane].keys().next().value as string);
        this.unpaired += 1;
      }
      return;
    }
    others.delete(id);
    if (other.hash === digest) this.equal += 1;
    else this.different += 1;
  }

  watermark(mark: LaneWatermark): void {
    const lane = mark.lane as Owner;
    const before = Math.min(this.#watermarks.legacy, this.#watermarks.candidate);
    this.#watermarks[lane] = Math.max(this.#watermarks[lane], mark.refSeq ?? mark.inputSeq);
    const settled = Math.min(this.#watermarks.legacy, this.#watermarks.candidate);
    // Fresh is what both have answered: one lane alone proves nothing.
    if (settled > before) this.#changedMs = this.#nowMs();
    for (const waiting of Object.values(this.#waiting)) {
      // In order of arrival, so nearly in order of cause: what is left at the front is without counterpart.
      for (const [id, {causeSeq}] of waiting) {
        if (causeSeq > settled) break;
        waiting.delete(id);
        this.unpaired += 1;
      }
    }
  }

  evidence(): CanaryEvidence {
    const messages = Math.min(this.#watermarks.legacy, this.#watermarks.candidate);
    const wrong = this.different + this.unpaired + this.unknown;
    const figures = `${messages} ${this.equal} ${this.different} ${this.unpaired} ${this.unknown}`;
    return {
      outcome: wrong > 0 ? 'fail' : messages === 0 ? 'no-data' : 'pass',
      hash: createHash('sha256').update(figures).digest('hex'), ageMs: this.#nowMs() - this.#changedMs, messages,
    };
  }
}
