import type {ComparePolicy, Conservation, Divergence, FieldRule, LaneName, ParityEvidence} from '@tandem/contract';
import {createJsonDecoder} from '../flow/bounded-json/decode-json.ts';
import type {LaneOutput} from '../flow/lane-output.ts';
import type {SettledCause} from '../flow/settled-cause.ts';
import type {StrayOutput} from '../flow/stray-output.ts';
import {BiasTest} from './bias-test.ts';
import type {CompareOptions} from './compare-options.ts';
import {Lineage} from './lineage.ts';
import {comparePair, distanceBy} from './compare-pair.ts';
import {DivergenceBook} from './divergence-book.ts';
import type {Place} from './divergence-book.ts';
import {EqualOutputs} from './equal-outputs.ts';
import {FieldCensus} from './field-census.ts';
import {OutcomeCache} from './outcome-cache.ts';
import {OutputReader} from './output-view.ts';
import type {OutputView} from './output-view.ts';
import type {PairOutcome} from './pair-outcome.ts';
import {pairOutputs} from './pair-outputs.ts';
import type {Pairing} from './pair-outputs.ts';
import {PathNode} from './path-node.ts';
import {RuleTable} from './rule-table.ts';
import {sameMessage} from './same-bytes.ts';
import {StateDigests} from './state-digests.ts';
import {titleOf} from './titles/title-of.ts';
import {TEXT_MAX, loneDifference, shortText, wholeDifference, wholeText, writingDifference} from './whole-outputs.ts';

/** Which rules did what. */
export interface RuleReport {
  /** rules that never decided a field */
  readonly neverMatched: readonly FieldRule[];
  /** ignore rules whose last day has passed: they ignored nothing */
  readonly expired: readonly FieldRule[];
}

export function createComparer(policy: ComparePolicy, options: CompareOptions): Comparer {
  return new Comparer(policy, options);
}

/** Compares what two lanes answered, cause by cause, and keeps count. Bytes first; then field by field under the policy. */
export class Comparer {
  readonly #policy: ComparePolicy;
  readonly #options: CompareOptions;
  readonly #rules: RuleTable;
  readonly #root: PathNode;
  readonly #reader: OutputReader;
  readonly #equal: EqualOutputs;
  readonly #book = new DivergenceBook();
  readonly #lineage: Lineage;
  readonly #digests = new StateDigests();
  readonly #biases = new Map<string, BiasTest>();
  readonly #census: FieldCensus | null;
  #outputs = 0;
  #matched = 0;
  #bytesEqual = 0;
  #undecoded = 0;
  #compared = 0;
  #ignored = 0;

  /** Throws TandemError (usage) for a rule that cannot be used. */
  constructor(policy: ComparePolicy, options: CompareOptions) {
    this.#policy = policy;
    this.#options = options;
    this.#rules = new RuleTable(policy, options.today);
    this.#root = PathNode.root(this.#rules);
    this.#reader = new OutputReader(createJsonDecoder(), options);
    this.#lineage = new Lineage(options.entities, options.partition);
    this.#census = options.pair.actual === 'twin' ? new FieldCensus() : null;
    this.#equal = new EqualOutputs(this.#root, (node) => this.#biasOf(node), {census: this.#census, outputKind: options.outputKind});
  }

  compareCause(settled: SettledCause): readonly Divergence[] {
    const found: Divergence[] = [];
    if (!this.#bookEqual(settled)) this.#compareOutputs(settled, found);
    this.#judgeOrder(settled, found);
    return found;
  }

  /** An output that belongs to no open input. */
  compareStray(stray: StrayOutput): readonly Divergence[] {
    const view = this.#reader.view(stray.output);
    const isActual = stray.output.lane === this.#options.pair.actual;
    const text = wholeText(view);
    this.#outputs += 1;
    const names = this.#lineage.namesOf([view], null);
    const place = {inputSeq: stray.inputSeq, cause: stray.cause, partition: view.partition, outputKind: view.kind, ordinal: 0, follows: this.#lineage.follows(names)};
    this.#lineage.differ(names);
    return [this.#book.add({
      class: stray.kind === 'late' ? 'late' : stray.kind === 'unreadable' && view.fault !== null ? 'malformed' : 'extra',
      shape: `${stray.kind} ${isActual ? 'actual' : 'expected'}`,
      expected: isActual ? null : text,
      actual: isActual ? text : null,
    }, place)];
  }

  /** A lane's digest of its state after it dealt with the input at `afterSeq`; compared when the other lane's has come too. */
  stateDigest(lane: LaneName, afterSeq: number, text: string): readonly Divergence[] {
    const {pair} = this.#options;
    if (lane !== pair.expected && lane !== pair.actual) return [];
    const mismatch = this.#digests.add(lane === pair.expected ? 0 : 1, afterSeq, text);
    if (mismatch === null) return [];
    const {expected, actual} = mismatch;
    const place = {inputSeq: afterSeq, cause: String(afterSeq), partition: '', outputKind: '', ordinal: 0, follows: this.#book.roots > 0};
    return [this.#book.add({class: 'state', shape: '', path: '/stateHash', expected: expected.slice(0, TEXT_MAX), actual: actual.slice(0, TEXT_MAX)}, place)];
  }

  evidence(conservation: Conservation): ParityEvidence {
    const {pair} = this.#options;
    const {equal, unequal, firstUnequalSeq} = this.#digests;
    return {
      ...pair,
      conservation,
      outputs: this.#outputs,
      matched: this.#matched,
      bytesEqual: this.#bytesEqual,
      undecoded: this.#undecoded,
      fieldsCompared: this.#compared + this.#equal.fields,
      fieldsIgnored: this.#ignored,
      groups: this.#book.groups.sorted((group, related) => titleOf(group, related, pair)),
      byClass: this.#book.groups.byClass(),
      ruleHits: this.#rules.hitsBySource(),
      stateChecks: {equal, unequal, firstUnequalSeq},
    };
  }

  /** Fields that differed since the last call, by `fieldKey`; what is only written otherwise left out. */
  takeFields(): readonly string[] {
    return this.#book.takeFields();
  }

  /** How often each field was put side by side, by `fieldKey`; counted where the legacy is held against its twin, else empty. */
  fieldCensus(): ReadonlyMap<string, number> {
    return this.#census?.totals() ?? new Map();
  }

  ruleReport(): RuleReport {
    const {expired} = this.#rules;
    return {expired, neverMatched: this.#policy.fields.filter((field) => !expired.includes(field) && !this.#rules.wasUsed(field))};
  }

  /** True when both sides are the same bytes in the same order; then all is booked. */
  #bookEqual({expected, actual}: SettledCause): boolean {
    if (expected.length !== actual.length) return false;
    for (let index = 0; index < expected.length; index += 1) {
      if (!sameMessage(expected[index] as LaneOutput, actual[index] as LaneOutput)) return false;
    }
    if (this.#options.codec === 'json' && !this.#equal.book(expected)) return false;
    this.#outputs += expected.length;
    this.#matched += expected.length;
    this.#bytesEqual += expected.length;
    for (const {decoded} of expected) if (decoded?.text === null) this.#undecoded += 1;
    return true;
  }

  #compareOutputs(settled: SettledCause, found: Divergence[]): void {
    const expected = settled.expected.map((output) => this.#reader.view(output));
    const actual = settled.actual.map((output) => this.#reader.view(output));
    const outcomes = new OutcomeCache((one, other) => comparePair(this.#root, one, other));
    const pairings = pairOutputs(expected, actual, distanceBy((one, other) => outcomes.of(one, other)));
    const names = this.#lineage.namesOf([...expected, ...actual], settled.input);
    const follows = this.#lineage.follows(names);
    const before = this.#book.differing;
    for (const pairing of pairings.sort(firstRefusals)) this.#bookPairing(pairing, {settled, outcomes, follows}, found);
    if (this.#book.differing > before) this.#lineage.differ(names);
  }

  #bookPairing({expected, actual, relation}: Pairing, context: {settled: SettledCause; outcomes: OutcomeCache; follows: boolean}, found: Divergence[]): void {
    const view = (expected ?? actual) as OutputView;
    const {inputSeq, cause} = context.settled;
    const place = {inputSeq, cause, partition: view.partition, outputKind: view.kind, ordinal: view.ordinal, follows: context.follows};
    const texts = {expected: wholeText(expected), actual: wholeText(actual)};
    this.#outputs += 1;
    this.#census?.output(view.kind);
    if (isUndecoded(expected) || isUndecoded(actual)) this.#undecoded += 1;
    if (expected === null || actual === null) {
      found.push(this.#book.add({...loneDifference(relation as 'missing', view, expected === null), ...texts}, place));
      return;
    }
    if (relation === 'reordered') found.push(this.#book.add({class: 'reordered', shape: 'same cause', ...texts}, place));
    const whole = wholeDifference(expected, actual);
    if (whole !== null) {
      found.push(this.#book.add({...whole, ...texts}, place));
      return;
    }
    if (sameMessage(expected, actual)) this.#bytesEqual += 1;
    const outcome = context.outcomes.of(expected, actual);
    if (outcome.matched && relation === 'paired') this.#matched += 1;
    this.#bookOutcome(outcome, place, found);
    const writing = writingDifference(expected, actual, outcome);
    if (writing !== null) found.push(this.#book.add({class: 'format-only', shape: writing, ...texts}, place));
  }

  #bookOutcome(outcome: PairOutcome, place: Place, found: Divergence[]): void {
    this.#compared += outcome.compared;
    this.#ignored += outcome.ignored;
    for (const {rule} of outcome.decided) rule.hits += 1;
    this.#census?.fields(place.outputKind, outcome.decided);
    for (const {node, class: sort, shape, expected, actual} of outcome.findings) {
      const draft = {class: sort, shape, path: node.pointer, general: node.general, rule: node.rule.source, expected: shortText(expected), actual: shortText(actual)};
      found.push(this.#book.add(draft, place));
    }
    for (const {node, error} of outcome.errors) {
      const bias = this.#biasOf(node);
      if (bias?.add(error) !== true) continue;
      const mean = `mean error ${bias.mean.toFixed(3)} of the tolerance over ${String(bias.count)} values`;
      const draft = {class: 'bias', shape: bias.mean > 0 ? 'above' : 'below', path: node.general, rule: node.rule.source, expected: null, actual: mean} as const;
      found.push(this.#book.add(draft, place));
    }
  }

  /** Outputs that came after those of a later input, or after their lane had been declared done. */
  #judgeOrder(settled: SettledCause, found: Divergence[]): void {
    for (const flaw of ['inverted', 'late'] as const) {
      const expected = settled[flaw][this.#options.pair.expected] ?? 0;
      const actual = settled[flaw][this.#options.pair.actual] ?? 0;
      if (expected === actual) continue;
      const some = settled.actual[0] ?? settled.expected[0];
      const view = some === undefined ? null : this.#reader.view(some);
      const place = {inputSeq: settled.inputSeq, cause: settled.cause, partition: view?.partition ?? '', outputKind: view?.kind ?? '', ordinal: 0, follows: false};
      const text = (count: number): string => `${String(count)} ${flaw === 'inverted' ? 'after an output for a later input' : 'after the lane was declared done'}`;
      const draft = {class: flaw === 'inverted' ? 'reordered' : 'late', shape: `${flaw} ${actual > expected ? 'actual' : 'expected'}`} as const;
      found.push(this.#book.add({...draft, expected: text(expected), actual: text(actual)}, place));
    }
  }

  /** The test for bias of a field under a tolerance, null for other fields. */
  #biasOf(node: PathNode): BiasTest | null {
    if (!node.rule.tolerates) return null;
    const known = this.#biases.get(node.general);
    if (known !== undefined) return known;
    const bias = new BiasTest(this.#options.bias.allowed, this.#options.bias.alpha);
    this.#biases.set(node.general, bias);
    return bias;
  }
}

/** Its codec could not read it; octets of a raw stream are no text by declaration. */
function isUndecoded(view: OutputView | null): boolean {
  return view !== null && view.translated && view.json === null && view.fault === null;
}

/** A refusal on one side explains what else differs in its cause, so it comes first. */
function firstRefusals(left: Pairing, right: Pairing): number {
  const rank = ({expected, actual}: Pairing): number => (expected !== null && actual !== null && expected.isError !== actual.isError ? 0 : 1);
  return rank(left) - rank(right);
}
