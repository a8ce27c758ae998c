import type {ComparePolicy, Conservation, DifferenceClass, Divergence, FieldRule, LaneName, ParityEvidence} from '@tandem/contract';
import {BENIGN_CLASSES} from '@tandem/contract';
import {createJsonDecoder} from '../flow/bounded-json/decode-json.ts';
import {textOf, textOfBytes} from '../flow/bounded-json/json-text.ts';
import type {JsonValue} from '../flow/bounded-json/json-value.ts';
import type {SettledCause} from '../flow/settled-cause.ts';
import type {StrayOutput} from '../flow/stray-output.ts';
import {BiasTest} from './bias-test.ts';
import type {CompareOptions} from './compare-options.ts';
import {DivergenceGroups} from './divergence-groups.ts';
import {EqualOutputs} from './equal-outputs.ts';
import {comparePair, distanceBetween} from './compare-pair.ts';
import {OutputReader, faultText} from './output-view.ts';
import type {OutputView} from './output-view.ts';
import type {PairOutcome} from './pair-outcome.ts';
import {pairOutputs, sameBytes} from './pair-outputs.ts';
import type {Pairing} from './pair-outputs.ts';
import {PathNode} from './path-node.ts';
import {RuleTable} from './rule-table.ts';
import {StateDigests} from './state-digests.ts';
import {titleOf} from './titles/title-of.ts';

/** Longest text of a value in a finding. */
const TEXT_MAX = 200;
const PARTITIONS_MAX = 1_000_000;

/** What is known about a difference before it is booked. */
interface Draft {
  readonly class: DifferenceClass;
  readonly shape: string;
  readonly path?: string;
  readonly general?: string;
  readonly expected: string | null;
  readonly actual: string | null;
  readonly rule?: string;
}

/** Where it was seen. */
interface Place {
  readonly inputSeq: number;
  readonly cause: string;
  readonly partition: string;
  readonly outputKind: string;
  readonly ordinal: number;
}

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
  readonly #groups = new DivergenceGroups();
  readonly #digests = new StateDigests();
  readonly #biases = new Map<string, BiasTest>();
  readonly #rooted = new Set<string>();
  #outputs = 0;
  #matched = 0;
  #bytesEqual = 0;
  #compared = 0;
  #ignored = 0;

  /** Throws TandemError (usage) for a rule that cannot be used. */
  constructor(policy: ComparePolicy, options: CompareOptions) {
    this.#policy = policy;
    this.#options = options;
    this.#rules = new RuleTable(policy, options.today);
    this.#root = PathNode.root(this.#rules);
    this.#reader = new OutputReader(createJsonDecoder(), options);
    this.#equal = new EqualOutputs(this.#root, (node) => this.#biasOf(node));
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
    const text = textOfBytes(stray.output.payload, TEXT_MAX);
    const isActual = stray.output.lane === this.#options.pair.actual;
    const draft: Draft = {
      class: stray.kind === 'late' ? 'late' : stray.kind === 'unreadable' && view.fault !== null ? 'malformed' : 'extra',
      shape: `${stray.kind} ${isActual ? 'actual' : 'expected'}`,
      expected: isActual ? null : text,
      actual: isActual ? text : null,
    };
    this.#outputs += 1;
    const place = {inputSeq: stray.inputSeq, cause: stray.cause, partition: view.partition, outputKind: view.kind, ordinal: 0};
    return [this.#book(draft, place)];
  }

  /** A lane's digest of its state after it dealt with the input at `afterSeq`; compared when the other lane's has come too. */
  stateDigest(lane: LaneName, afterSeq: number, text: string): readonly Divergence[] {
    const {pair} = this.#options;
    if (lane !== pair.expected && lane !== pair.actual) return [];
    const mismatch = this.#digests.add(lane === pair.expected ? 0 : 1, afterSeq, text);
    if (mismatch === null) return [];
    const place = {inputSeq: afterSeq, cause: String(afterSeq), partition: '', outputKind: '', ordinal: 0};
    return [this.#book({class: 'state', shape: '', path: '/stateHash', expected: mismatch.expected.slice(0, TEXT_MAX), actual: mismatch.actual.slice(0, TEXT_MAX)}, place)];
  }

  evidence(conservation: Conservation): ParityEvidence {
    const {equal, unequal, firstUnequalSeq} = this.#digests;
    return {
      ...this.#options.pair,
      conservation,
      outputs: this.#outputs,
      matched: this.#matched,
      bytesEqual: this.#bytesEqual,
      fieldsCompared: this.#compared + this.#equal.fields,
      fieldsIgnored: this.#ignored,
      groups: this.#groups.sorted((group) => titleOf(group, this.#options.pair)),
      byClass: this.#groups.byClass(),
      ruleHits: this.#ruleHits(),
      stateChecks: {equal, unequal, firstUnequalSeq},
    };
  }

  ruleReport(): RuleReport {
    const used = new Set(this.#rules.rules.filter((live) => live.hits > 0).map((live) => `${live.source} ${live.path}`));
    const {expired} = this.#rules;
    return {expired, neverMatched: this.#policy.fields.filter((field) => !expired.includes(field) && !used.has(`${field.source} ${field.path}`))};
  }

  /** True when both sides are the same bytes in the same order; then all is booked. */
  #bookEqual({expected, actual}: SettledCause): boolean {
    if (expected.length !== actual.length) return false;
    for (let index = 0; index < expected.length; index += 1) {
      if (!sameBytes((expected[index] as {payload: Uint8Array}).payload, (actual[index] as {payload: Uint8Array}).payload)) return false;
    }
    const json = this.#options.codec === 'json';
    for (let index = 0; index < expected.length; index += 1) {
      // a malformed message equals nothing, not even itself; those before it are booked once more, by the caller
      if (json && this.#equal.book((expected[index] as {payload: Uint8Array}).payload) !== null) return false;
    }
    this.#outputs += expected.length;
    this.#matched += expected.length;
    this.#bytesEqual += expected.length;
    return true;
  }

  #compareOutputs(settled: SettledCause, found: Divergence[]): void {
    const expected = settled.expected.map((output) => this.#reader.view(output));
    const actual = settled.actual.map((output) => this.#reader.view(output));
    const outcomes = new Map<OutputView, Map<OutputView, PairOutcome>>();
    const outcomeOf = (one: OutputView, other: OutputView): PairOutcome => {
      const known = outcomes.get(one)?.get(other);
      if (known !== undefined) return known;
      const outcome = comparePair(this.#root, one, other);
      const row = outcomes.get(one);
      if (row === undefined) outcomes.set(one, new Map([[other, outcome]]));
      else row.set(other, outcome);
      return outcome;
    };
    const pairings = pairOutputs(expected, actual, (one, other) => distanceBetween(one, other, () => outcomeOf(one, other)));
    pairings.sort(firstRefusals);
    for (const pairing of pairings) this.#bookPairing(pairing, {settled, outcomeOf}, found);
  }

  #bookPairing(pairing: Pairing, context: {settled: SettledCause; outcomeOf: (one: OutputView, other: OutputView) => PairOutcome}, found: Divergence[]): void {
    const {expected, actual, relation} = pairing;
    const view = (expected ?? actual) as OutputView;
    const {inputSeq, cause} = context.settled;
    const place = {inputSeq, cause, partition: view.partition, outputKind: view.kind, ordinal: view.ordinal};
    const texts = {expected: wholeText(expected), actual: wholeText(actual)};
    this.#outputs += 1;
    if (expected === null || actual === null) {
      const sort = view.json === null && view.fault !== null ? 'malformed' : (relation as DifferenceClass);
      found.push(this.#book({class: sort, shape: sort === 'malformed' ? faultText(view) : expected === null ? 'only actual' : 'only expected', ...texts}, place));
      return;
    }
    if (relation === 'reordered') found.push(this.#book({class: 'reordered', shape: 'same cause', ...texts}, place));
    const whole = wholeDifference(expected, actual);
    if (whole !== null) {
      found.push(this.#book({...whole, ...texts}, place));
      return;
    }
    if (expected.json === null || sameBytes(expected.payload, actual.payload)) this.#bytesEqual += 1;
    const outcome = context.outcomeOf(expected, actual);
    if (outcome.matched && relation === 'paired') this.#matched += 1;
    this.#bookOutcome(outcome, place, found);
    this.#bookWriting(outcome, {expected, actual}, place, found);
  }

  #bookOutcome(outcome: PairOutcome, place: Place, found: Divergence[]): void {
    this.#compared += outcome.compared;
    this.#ignored += outcome.ignored;
    for (const rule of outcome.decided) rule.hits += 1;
    for (const {node, class: sort, shape, expected, actual} of outcome.findings) {
      const draft = {class: sort, shape, path: node.pointer, general: node.general, rule: node.rule.source, expected: shortText(expected), actual: shortText(actual)};
      found.push(this.#book(draft, place));
    }
    for (const {node, error} of outcome.errors) {
      const bias = this.#biasOf(node);
      if (bias?.add(error) !== true) continue;
      const mean = `mean error ${bias.mean.toFixed(3)} of the tolerance over ${String(bias.count)} values`;
      found.push(this.#book({class: 'bias', shape: bias.mean > 0 ? 'above' : 'below', path: node.general, general: node.general, rule: node.rule.source, expected: null, actual: mean}, place));
    }
  }

  /** The same message, written otherwise around its values. */
  #bookWriting(outcome: PairOutcome, pair: {expected: OutputView; actual: OutputView}, place: Place, found: Divergence[]): void {
    const {expected, actual} = pair;
    if (expected.json === null || actual.json === null) return;
    const shape = expected.json.whitespaceChars !== actual.json.whitespaceChars ? 'white space'
      : expected.json.escapedKeys !== actual.json.escapedKeys ? 'escapes in keys'
      : outcome.findings.length + outcome.ignored + outcome.tolerated > 0 || sameBytes(expected.payload, actual.payload) ? null : 'white space';
    if (shape !== null) found.push(this.#book({class: 'format-only', shape, expected: wholeText(expected), actual: wholeText(actual)}, place));
  }

  /** Outputs that came after those of a later input, or after their lane had been declared done. */
  #judgeOrder(settled: SettledCause, found: Divergence[]): void {
    for (const flaw of ['inverted', 'late'] as const) {
      const counts = settled[flaw];
      const expected = counts[this.#options.pair.expected] ?? 0;
      const actual = counts[this.#options.pair.actual] ?? 0;
      if (expected === actual) continue;
      const some = settled.actual[0] ?? settled.expected[0];
      const view = some === undefined ? null : this.#reader.view(some);
      const place = {inputSeq: settled.inputSeq, cause: settled.cause, partition: view?.partition ?? '', outputKind: view?.kind ?? '', ordinal: 0};
      const side = actual > expected ? 'actual' : 'expected';
      const text = (count: number): string => `${String(count)} ${flaw === 'inverted' ? 'after an output for a later input' : 'after the lane was declared done'}`;
      found.push(this.#book({class: flaw === 'inverted' ? 'reordered' : 'late', shape: `${flaw} ${side}`, expected: text(expected), actual: text(actual)}, place));
    }
  }

  #book(draft: Draft, place: Place): Divergence {
    const benign = BENIGN_CLASSES.includes(draft.class);
    const root = !this.#rooted.has(place.partition);
    if (root && !benign && this.#rooted.size < PARTITIONS_MAX) this.#rooted.add(place.partition);
    const divergence: Divergence = {
      class: draft.class, path: draft.path ?? '', ...place, expected: draft.expected, actual: draft.actual, rule: draft.rule ?? 'default', root,
    };
    this.#groups.add({divergence, general: draft.general ?? draft.path ?? '', shape: draft.shape});
    return divergence;
  }

  #biasOf(node: PathNode): BiasTest | null {
    const {rule} = node.rule.rule.kind === 'ulp' ? node.rule : node.rule.tolerance === null ? {rule: null} : node.rule;
    if (rule === null) return null;
    const known = this.#biases.get(node.general);
    if (known !== undefined) return known;
    const bias = new BiasTest(this.#options.bias.allowed, this.#options.bias.alpha);
    this.#biases.set(node.general, bias);
    return bias;
  }

  #ruleHits(): Readonly<Record<string, number>> {
    const hits: Record<string, number> = {};
    for (const live of this.#rules.rules) hits[live.source] = (hits[live.source] ?? 0) + live.hits;
    return hits;
  }
}

/** Two outputs that differ as a whole, so that their fields say nothing. */
function wholeDifference(expected: OutputView, actual: OutputView): {readonly class: DifferenceClass; readonly shape: string} | null {
  const spoilt = expected.fault !== null ? expected : actual.fault !== null ? actual : null;
  if (spoilt !== null) return {class: 'malformed', shape: faultText(spoilt)};
  if (expected.json === null) return sameBytes(expected.payload, actual.payload) ? null : {class: 'value', shape: 'bytes'};
  if (expected.isError === actual.isError) return null;
  return {class: 'error-mismatch', shape: expected.isError ? `expected refuses ${expected.reason}` : `actual refuses ${actual.reason}`};
}

/** A refusal on one side explains what else differs in its cause, so it comes first. */
function firstRefusals(left: Pairing, right: Pairing): number {
  const rank = ({expected, actual}: Pairing): number => (expected !== null && actual !== null && expected.isError !== actual.isError ? 0 : 1);
  return rank(left) - rank(right);
}

function wholeText(view: OutputView | null): string | null {
  return view === null ? null : textOfBytes(view.payload, TEXT_MAX);
}

function shortText(value: JsonValue | undefined): string | null {
  return value === undefined ? null : textOf(value, TEXT_MAX);
}

