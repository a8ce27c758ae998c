import {describe, expect, test} from 'vitest';
import {parseDecimal} from '../decimal.ts';
import type {Decimal} from '../decimal.ts';
import {numberTitle} from './number-titles.ts';

const title = (...pairs: readonly (readonly [string, string])[]): string | null =>
  numberTitle(pairs.map(([expected, actual]) => ({expected, actual, left: parseDecimal(expected) as Decimal, right: parseDecimal(actual) as Decimal})), {expected: 'legacy', actual: 'candidate'});

describe('what differing numbers have in common', () => {
  test('digits behind the tick that became zeros', () => {
    expect(title(['61838.125000', '61838.120000'], ['61840.016667', '61840.010000'], ['2680.505000', '2680.500000'])).toBe('candidate cuts off the last 4 of 6 decimals and writes zeros');
  });
  test('two examples are chance, and one that does not fit breaks the law', () => {
    expect(title(['61838.125000', '61838.120000'], ['61840.016667', '61840.010000']) ?? '').not.toMatch(/writes zeros/);
    expect(title(['61838.125000', '61838.120000'], ['61840.016667', '61840.010000'], ['2680.505000', '2690.500000']) ?? '').not.toMatch(/writes zeros/);
  });
  test('fewer decimals written', () => {
    expect(title(['1.12345', '1.123'], ['2.98765', '2.987'], ['3.55555', '3.555'])).toBe('candidate keeps only 3 decimals');
  });
});
