import type {LaneName, Migration, ParityEvidence} from '@tandem/contract';
import {BIAS_DEFAULTS, FIX_ERRORS} from './compare/compare-options.ts';
import {createComparer, type Comparer} from './compare/comparer.ts';
import type {LaneOutput} from './flow/lane-output.ts';
import type {LaneWatermark} from './flow/lane-watermark.ts';
import type {SettledCause} from './flow/settled-cause.ts';
import {compareMode} from './payload-texts.ts';
import type {TripleCounts} from './compare/triple-counts.ts';
import {createMatcher, type Matcher} from './match/matcher.ts';

export interface ComparedLanesOptions {
  readonly expected: LaneName;
  readonly actual: LaneName;
  readonly migration: Migration;
  /** ISO date */
  readonly today: string;
  /** inputs that may wait for both lanes at a time */
  readonly windowInputs: number;
  /** where a twin runs: hears of every input what differed */
  readonly triples?: TripleCounts | null;
}

const WINDOW_BYTES = 768 * 1024 * 1024;

/** Two lanes under comparison: match joined to compare. */
export class ComparedLanes {
  readonly expected: LaneName;
  readonly actual: LaneName;
  readonly #matcher: Matcher;
  readonly #comparer: Comparer;
  readonly #triples: TripleCounts | null;
  #compared = 0;
  #differences = 0;
  readonly #paths = new Set<string>();

  constructor({expected, actual, migration, today, windowInputs, triples}: ComparedLanesOptions) {
    this.expected = expected;
    this.actual = actual;
    this.#triples = triples ?? null;
    const inOrder = migration.lanes.flatMap((lane) => (lane.kind !== 'recorded' && lane.watermark.kind === 'in-order' ? [lane.name] : []));
    this.#matcher = createMatcher({expected, actual, cause: migration.cause, inOrder, window: {messagesMax: windowInputs, bytesMax: WINDOW_BYTES}});
    this.#comparer = createComparer(migration.compare, {
      pair: {expected, actual}, codec: compareMode(migration.codec), outputKind: migration.outputKind, partition: migration.cause.partition, entities: migration.entities, today,
      errors: FIX_ERRORS, errorReason: '/text', bias: BIAS_DEFAULTS,
    });
  }

  get comparedInputs(): number {
    return this.#compared;
  }

  get differences(): number {
    return this.#differences;
  }

  /** kinds of differences so far, by class and place */
  get groups(): number {
    return this.#paths.size;
  }

  input(inputSeq: number, payload: Uint8Array): void {
    this.#matcher.input(inputSeq, payload);
  }

  /** An input that no lane was given. */
  lostInput(reason: string): void {
    this.#matcher.inputGap(1, reason);
  }

  /** Position of the input that the output answers; null when none is open or the lane is not one of these two. */
  output(output: LaneOutput): number | null {
    return output.lane === this.expected || output.lane === this.actual ? this.#matcher.output(output) : null;
  }

  watermark({lane, inputSeq, stateHash}: LaneWatermark): void {
    if (lane !== this.expected && lane !== this.actual) return;
    this.#matcher.watermarkAt(lane, inputSeq);
    if (stateHash === null) return;
    this.#note(this.#comparer.stateDigest(lane, inputSeq, stateHash));
    this.#strayFields();
  }

  laneEnded(lane: LaneName, reason: string): void {
    if (lane === this.expected || lane === this.actual) this.#matcher.laneEnded(lane, reason);
  }

  /** Compares what has become settled; gives the causes whose answers differ. */
  compareSettled(): readonly SettledCause[] {
    const differing: SettledCause[] = [];
    for (const cause of this.#matcher.take()) {
      if (cause.input !== null) this.#compared += 1;
      const found = this.#comparer.compareCause(cause);
      if (found.length > 0) differing.push(cause);
      this.#note(found);
      const fields = this.#comparer.takeFields();
      this.#triples?.answered(this.#side, cause.inputSeq, fields);
    }
    for (const stray of this.#matcher.takeStrays()) {
      this.#note(this.#comparer.compareStray(stray));
      this.#strayFields();
    }
    return differing;
  }

  #strayFields(): void {
    const fields = this.#comparer.takeFields();
    this.#triples?.stray(this.#side, fields);
  }

  get #side(): 'candidate' | 'twin' {
    return this.actual === 'twin' ? 'twin' : 'candidate';
  }

  finish(): void {
    this.#matcher.finish();
  }

  /** Of every field how often it was put side by side; kept of legacy and twin alone. */
  fieldCensus(): ReadonlyMap<string, number> {
    return this.#comparer.fieldCensus();
  }

  evidence(): ParityEvidence {
    return this.#comparer.evidence(this.#matcher.conservation());
  }

  #note(found: readonly {readonly class: string; readonly path: string; readonly outputKind: string}[]): void {
    this.#differences += found.length;
    for (const {class: sort, path, outputKind} of found) if (this.#paths.size < 1000) this.#paths.add(`${sort} ${outputKind} ${path}`);
  }
}
