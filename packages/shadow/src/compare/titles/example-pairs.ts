import type {Divergence} from '@tandem/contract';
import {parseDecimal} from '../decimal.ts';
import type {Decimal} from '../decimal.ts';

/** Both texts of an example, unquoted if they are JSON strings. */
export interface TextPair {
  readonly expected: string;
  readonly actual: string;
}

/** Both sides of an example as numbers, with the texts they come from. */
export interface NumberPair extends TextPair {
  readonly left: Decimal;
  readonly right: Decimal;
}

/** Examples with a text on both sides; null as soon as one has none or was shortened, for then nothing holds for all of them. */
export function textPairs(examples: readonly Divergence[]): readonly TextPair[] | null {
  const pairs: TextPair[] = [];
  for (const {expected, actual} of examples) {
    if (expected === null || actual === null || expected.endsWith('…') || actual.endsWith('…')) return null;
    pairs.push({expected: unquoted(expected), actual: unquoted(actual)});
  }
  return pairs.length === 0 ? null : pairs;
}

/** The same for examples that are numbers, or texts of numbers, on both sides. */
export function numberPairs(examples: readonly Divergence[]): readonly NumberPair[] | null {
  const pairs: NumberPair[] = [];
  for (const pair of textPairs(examples) ?? []) {
    const [left, right] = [parseDecimal(pair.expected), parseDecimal(pair.actual)];
    if (left === null || right === null) return null;
    pairs.push({...pair, left, right});
  }
  return pairs.length === 0 ? null : pairs;
}

/** Digits written after the point. */
export function decimalsOf(text: string): number {
  const point = text.indexOf('.');
  return point < 0 || /e/iu.test(text) ? 0 : text.length - point - 1;
}

export function unquoted(text: string): string {
  return text.length > 1 && text.startsWith('"') && text.endsWith('"') ? text.slice(1, -1) : text;
}
