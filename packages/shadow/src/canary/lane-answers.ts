import {TandemError, type LaunchLane, type Owner} from '@tandem/contract';
import type {LaneOutput} from '../flow/lane-output.ts';
import type {LaneWatermark} from '../flow/lane-watermark.ts';
import type {CanaryJudge, CanaryOptions, CanaryRelay} from './canary-options.ts';
import {EffectTagger} from './effect-tagger.ts';
import type {LaneMemory, LanePlace} from './lane-memory.ts';

const BEHIND_MAX = 1024;

export interface LaneAnswersOptions {
  readonly owner: Owner;
  readonly spec: LaunchLane;
  readonly canary: Pick<CanaryOptions, 'cause' | 'outputKind'>;
  readonly judge: CanaryJudge;
  readonly relay: CanaryRelay;
  readonly memory: LaneMemory;
  /** causes up to here may have left before this canary was taken up again; 0 for a new one */
  readonly resumeCause: number;
  /** an output that has no place among the lane's effects, the first one of a lane */
  readonly onWrong: (owner: Owner, error: TandemError) => void;
  readonly onCaughtUp: (words: string) => void;
  /** for a lane that settles in order: everything up to this cause is done */
  readonly acknowledge: (causeSeq: number) => void;
}

/**
 * What the processes of one lane answer, as one stream: tells the judge and the relay each answer once. A process that was started again answers
 * again what its predecessors had answered; that stands in the relay already and is left out.
 */
export class LaneAnswers {
  readonly #options: LaneAnswersOptions;
  #tagger: EffectTagger;
  /** of the running process: outputs so far (with those before its snapshot), highest cause, furthest cause settled */
  #outputs = 0;
  #lastCause = -1;
  #replayed = 0;
  /** where its predecessor stood; null when it stands there */
  #catchUp: {readonly from: number; readonly through: number; readonly sinceMs: number} | null = null;
  #isWrong = false;
  #outputsJudged = 0;
  #watermarkJudged = 0;
  /** effects of lower causes stand in the relay, all of them; and as it was when the running process began */
  #relayed = 0;
  #relayedBefore = 0;
  /** of inputs that came behind in their number, the last ones */
  readonly #highestAt = new Map<number, number>();
  /** highest cause settled */
  watermark = 0;
  untagged = 0;

  constructor(options: LaneAnswersOptions) {
    this.#options = options;
    this.#tagger = new EffectTagger(options.canary.cause, options.canary.outputKind);
    this.watermark = options.resumeCause;
  }

  /** Inputs that the running process has still to answer again. */
  get behind(): number {
    return this.#catchUp === null ? 0 : Math.max(0, this.#catchUp.through - this.#replayed);
  }

  /** A process begins, at this place of the log. */
  begin({outputs, latest}: LanePlace): void {
    const {canary} = this.#options;
    this.#tagger = new EffectTagger(canary.cause, canary.outputKind, latest);
    this.#outputs = outputs;
    this.#lastCause = -1;
    this.#relayedBefore = this.#relayed;
    const from = latest[0]?.causeSeq ?? 0;
    this.#replayed = from;
    this.#catchUp = {from, through: this.watermark, sinceMs: performance.now()};
  }

  /** @returns why the process cannot go on, else null. `fedCause`: the highest cause that it was given */
  output(output: LaneOutput, fedCause: number): string | null {
    const {owner, relay, judge, spec, canary, acknowledge} = this.#options;
    const effect = this.#tagger.tag(output.payload, fedCause);
    const {wrong} = this.#tagger;
    this.#outputs += 1;
    // A process that was started again answers what the judge has seen already.
    if (this.#outputs > this.#outputsJudged) {
      this.#outputsJudged = this.#outputs;
      if (effect === null) this.untagged += 1;
      judge.output({...output, index: this.#outputs - 1}, effect);
    }
    if (wrong !== null) this.#noteWrong(wrong);
    // Legacy answers, in the place of a candidate that is gone, whatever this one should have answered; in the place of legacy nobody does.
    if (wrong !== null && owner === 'candidate') return wrong;
    if (effect === null) return null;
    // Not the last one settled: an answer to an input without a number may be one more effect of it.
    if (effect.causeSeq >= this.#relayedBefore) relay.output(owner, effect);
    if (spec.watermark.kind !== 'in-order' || effect.causeSeq <= this.#lastCause) return null;
    this.#lastCause = effect.causeSeq;
    this.#settle(effect.causeSeq - 1, true);
    if (canary.cause.input === null) acknowledge(effect.causeSeq - 1);
    return null;
  }

  /** An input comes behind others in its number, of which `highest` is the highest: a lane that has answered for it names its number, and has answered for theirs. */
  noteBehind(inputSeq: number, highest: number): void {
    this.#highestAt.set(inputSeq, highest);
    if (this.#highestAt.size > BEHIND_MAX) this.#highestAt.delete(this.#highestAt.keys().next().value as number);
  }

  mark(mark: LaneWatermark, fedCause: number): void {
    const {canary, judge, memory} = this.#options;
    const told = mark.refSeq ?? (mark.by === 'silence' ? fedCause : -1);
    const causeSeq = canary.cause.input === null ? mark.inputSeq : Math.max(told, this.#highestAt.get(mark.inputSeq) ?? -1);
    if (causeSeq >= 0) this.#settle(causeSeq, mark.by === 'barrier');
    memory.note(mark, this.#outputs, this.#tagger.latest);
    if (mark.inputSeq <= this.#watermarkJudged) return;
    this.#watermarkJudged = mark.inputSeq;
    judge.watermark(mark);
  }

  /** `certain`: not by silence, after which an answer may still come. */
  #settle(causeSeq: number, certain: boolean): void {
    const {owner, relay} = this.#options;
    const isNew = causeSeq > this.watermark;
    if (certain) this.#relayed = Math.max(this.#relayed, causeSeq);
    this.watermark = Math.max(this.watermark, causeSeq);
    this.#replayed = Math.max(this.#replayed, causeSeq);
    if (this.#catchUp !== null && this.behind === 0) this.#tellCaughtUp(this.#catchUp);
    if (isNew || causeSeq >= this.#relayedBefore) relay.watermark(owner, causeSeq);
  }

  #tellCaughtUp({from, through, sinceMs}: {readonly from: number; readonly through: number; readonly sinceMs: number}): void {
    this.#catchUp = null;
    const seconds = (performance.now() - sinceMs) / 1000;
    const inputs = Math.max(0, through - from);
    if (through > 0) this.#options.onCaughtUp(`caught up with ${inputs} inputs in ${seconds.toFixed(1)} s, ${Math.round(inputs / seconds)} a second${from > 0 ? `, from its snapshot at ${from}` : ''}`);
  }

  #noteWrong(wrong: string): void {
    if (this.#isWrong) return;
    this.#isWrong = true;
    const {owner, spec} = this.#options;
    this.#options.onWrong(owner, new TandemError({
      id: 'TDM-E258', kind: 'lane', what: `The ${owner} lane answered what cannot be released.`, where: `${owner} (${spec.label})`, seen: wrong,
      fix: 'let every output name the input that it answers, in the order of inputs; tandem shadow and replay compare whatever a lane sends',
    }));
  }
}
