import {TandemError} from '@tandem/contract';
import type {ComparePolicy, CompareRule, FieldRule} from '@tandem/contract';
import {parseDecimal} from './decimal.ts';
import type {Decimal} from './decimal.ts';
import {matchesPath, moreSpecific, parsePattern} from './path-pattern.ts';
import type {PathPattern} from './path-pattern.ts';

/** A rule ready for use, with the number of fields that it decided. */
export class LiveRule {
  readonly rule: CompareRule;
  readonly source: string;
  readonly field: FieldRule;
  /** of `absolute` and `relative`, else null */
  readonly tolerance: Decimal | null;
  /** of `epsilon`, else null */
  readonly epsilon: {readonly absolute: Decimal; readonly relative: Decimal} | null;
  hits = 0;
  constructor(field: FieldRule) {
    this.rule = field.rule;
    this.source = field.source;
    this.field = field;
    this.tolerance = toleranceOf(field);
    this.epsilon = field.rule.kind === 'epsilon' ? {absolute: limitOf(field, field.rule.absolute), relative: limitOf(field, field.rule.relative)} : null;
  }

  /** Lets numbers differ a little, so that bias has to be watched. */
  get tolerates(): boolean {
    return this.tolerance !== null || this.epsilon !== null || this.rule.kind === 'ulp';
  }
}

/** All rules of a policy; the most specific pattern that covers a path wins, of equals the one written last. */
export class RuleTable {
  readonly rules: readonly LiveRule[];
  /** ignore rules that ignore no more, because their last day has passed or cannot be read */
  readonly expired: readonly FieldRule[];
  readonly fallback: LiveRule;
  readonly #patterns: readonly {readonly pattern: PathPattern; readonly live: LiveRule}[];

  /** `today` is an ISO date; an ignore rule holds through its `expires` day. */
  constructor(policy: ComparePolicy, today: string) {
    this.fallback = new LiveRule({path: '/**', rule: policy.default, source: 'default'});
    this.expired = policy.fields.filter((field) => hasExpired(field.rule, today));
    this.#patterns = policy.fields
      .filter((field) => !this.expired.includes(field))
      .map((field) => ({pattern: patternOf(field), live: new LiveRule(field)}))
      .reverse()
      .sort((left, right) => moreSpecific(right.pattern, left.pattern));
    this.rules = [...this.#patterns.map(({live}) => live), this.fallback];
  }

  ruleFor(path: readonly string[]): LiveRule {
    return this.#patterns.find(({pattern}) => matchesPath(pattern, path))?.live ?? this.fallback;
  }

  /** The rule decided at least one field. */
  wasUsed(field: FieldRule): boolean {
    return this.rules.some((live) => live.field === field && live.hits > 0);
  }

  /** Fields decided, by the place where the rule stands. */
  hitsBySource(): Readonly<Record<string, number>> {
    const hits: Record<string, number> = {};
    for (const live of this.rules) hits[live.source] = (hits[live.source] ?? 0) + live.hits;
    return hits;
  }
}

function hasExpired(rule: CompareRule, today: string): boolean {
  if (rule.kind !== 'ignore') return false;
  return !/^\d{4}-\d{2}-\d{2}$/u.test(rule.expires) || today.slice(0, 10) > rule.expires;
}

function patternOf(field: FieldRule): PathPattern {
  const pattern = parsePattern(field.path);
  if (pattern !== null) return pattern;
  throw unusable(field, `The rule's path is not a JSON pointer: ${field.path}`, 'Begin it with a slash, for example /price or /levels/*/price.');
}

function toleranceOf(field: FieldRule): Decimal | null {
  const {rule} = field;
  if (rule.kind === 'ulp' && !(Number.isSafeInteger(rule.max) && rule.max >= 0)) throw unusable(field, 'ulp() needs a whole number of steps.', 'Write for example ulp(4).');
  if (rule.kind !== 'absolute' && rule.kind !== 'relative') return null;
  return limitOf(field, rule.tolerance);
}

function limitOf(field: FieldRule, text: string): Decimal {
  const tolerance = parseDecimal(text);
  if (tolerance !== null && !tolerance.negative) return tolerance;
  throw unusable(field, `The tolerance of ${field.path} is not a decimal number: ${text}`, 'Write it as text, for example "0.01".');
}

function unusable(field: FieldRule, what: string, fix: string): TandemError {
  return new TandemError({id: 'TDM-E910', kind: 'usage', what, where: field.source, fix});
}
