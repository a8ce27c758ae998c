import type {DifferenceClass} from '@tandem/contract';
import {EscapedString, JsonNumber, kindOf, stringOf} from '../flow/bounded-json/json-value.ts';
import type {JsonValue} from '../flow/bounded-json/json-value.ts';
import {parseDecimal, sameNumber, toDouble} from './decimal.ts';
import type {Decimal} from './decimal.ts';
import type {LiveRule} from './rule-table.ts';
import {agreeToTwelveDigits, closeAbsolute, closeEpsilon, closeRelative, closeUlp} from './tolerance.ts';

/** `null`: the same. A number: equal by a tolerance, with the signed error in units of it. Else what differs. */
export type ScalarVerdict = null | number | {readonly class: DifferenceClass; readonly shape: string};

/** Equal by the rule though the texts differ, and no tolerance was involved. */
export const EQUAL_OTHERWISE = Number.NaN;

/** Compares two values that are not both objects or both arrays. */
export function compareScalar(live: LiveRule, expected: JsonValue, actual: JsonValue): ScalarVerdict {
  if (expected === actual) return null;
  if (expected instanceof JsonNumber && actual instanceof JsonNumber) return compareNumbers(live, expected, actual);
  const kind = kindOf(expected);
  const actualKind = kindOf(actual);
  if (kind !== actualKind) return {class: 'type', shape: `${special(expected) ?? kind}/${special(actual) ?? actualKind}`};
  if (kind === 'string') return compareStrings(live, expected, actual);
  return kind === 'boolean' ? {class: 'value', shape: 'boolean'} : null;
}

function compareNumbers(live: LiveRule, expected: JsonNumber, actual: JsonNumber): ScalarVerdict {
  if (expected.text === actual.text) return live.tolerates ? 0 : null;
  if (expected.special || actual.special) return {class: 'value', shape: `${special(expected) ?? 'number'}/${special(actual) ?? 'number'}`};
  const left = parseDecimal(expected.text);
  const right = parseDecimal(actual.text);
  if (left === null || right === null) return {class: 'value', shape: 'number'};
  if (!sameNumber(left, right)) return judgeNumbers(live, {expected: left, actual: right, texts: [expected.text, actual.text]}) ?? {class: 'value', shape: 'number'};
  if (live.rule.kind !== 'exact' && live.rule.kind !== 'unordered') return live.tolerates ? 0 : EQUAL_OTHERWISE;
  return {class: 'format-only', shape: left.negative === right.negative ? 'number' : 'sign of zero'};
}

function compareStrings(live: LiveRule, expected: JsonValue, actual: JsonValue): ScalarVerdict {
  const [left, right] = [stringOf(expected) as string, stringOf(actual) as string];
  if (left === right) {
    const sameSource = (expected instanceof EscapedString ? expected.text : left) === (actual instanceof EscapedString ? actual.text : right);
    if (!sameSource) return {class: 'format-only', shape: 'escapes'};
    return live.tolerates && parseDecimal(left) !== null ? 0 : null;
  }
  const [e, a] = [parseDecimal(left), parseDecimal(right)];
  if (e !== null && a !== null) {
    if (!sameNumber(e, a)) return judgeNumbers(live, {expected: e, actual: a, texts: [left, right]}) ?? {class: 'value', shape: 'numeric text'};
    if (live.rule.kind !== 'exact' && live.rule.kind !== 'unordered') return live.tolerates ? 0 : EQUAL_OTHERWISE;
    return {class: 'value', shape: 'numeric text written otherwise'};
  }
  return {class: 'value', shape: textShape(left, right)};
}

/** Two different numbers under their rule; null: simply another value. */
function judgeNumbers(live: LiveRule, pair: {expected: Decimal; actual: Decimal; texts: readonly [string, string]}): ScalarVerdict {
  const {expected, actual, texts} = pair;
  const {rule, tolerance, epsilon} = live;
  const close = rule.kind === 'ulp' ? closeUlp(expected, actual, rule.max)
    : epsilon !== null ? closeEpsilon(expected, actual, epsilon)
    : tolerance === null ? null
    : rule.kind === 'absolute' ? closeAbsolute(expected, actual, tolerance) : closeRelative(expected, actual, tolerance);
  if (close?.within === true) return close.error;
  return onlyPrecision(expected, actual, texts) ? {class: 'precision', shape: 'number'} : null;
}

/**
 * The same number but for what a double cannot hold or what arithmetic on doubles leaves behind: both texts give the same double, or
 * twelve digits agree and one text has the length of a double's noise. Neighbouring integers below 2^53 are different values.
 */
function onlyPrecision(expected: Decimal, actual: Decimal, texts: readonly [string, string]): boolean {
  const [left, right] = [toDouble(expected), toDouble(actual)];
  if (left === right && Number.isFinite(left)) return true;
  if (expected.exponent >= 0 && actual.exponent >= 0) return Math.max(Math.abs(left), Math.abs(right)) > Number.MAX_SAFE_INTEGER && agreeToTwelveDigits(expected, actual) && hasTrailingZeros(texts);
  const noisy = expected.digits.length >= 15 || actual.digits.length >= 15;
  return noisy && agreeToTwelveDigits(expected, actual);
}

function hasTrailingZeros(texts: readonly [string, string]): boolean {
  return texts.some((text) => text.endsWith('00') || /e/iu.test(text));
}

function special(value: JsonValue): string | null {
  return value instanceof JsonNumber && value.special ? value.text : null;
}

function textShape(left: string, right: string): string {
  if (left === '' || right === '') return 'empty text';
  if (left.toLowerCase() === right.toLowerCase()) return 'letter case';
  if (left.trim() === right.trim()) return 'space around';
  if (left.startsWith(right) || right.startsWith(left)) return 'cut text';
  return 'text';
}
