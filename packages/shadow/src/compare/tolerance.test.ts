import fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import {parseDecimal} from './decimal.ts';
import type {Decimal} from './decimal.ts';
import {agreeToTwelveDigits, closeAbsolute, closeEpsilon, closeRelative, closeUlp, ulpDistance} from './tolerance.ts';

const decimal = (text: string): Decimal => parseDecimal(text) as Decimal;

describe('tolerances', () => {
  test.each([['1.00', '1.01', '0.01', true, 1], ['1.00', '1.0100001', '0.01', false, NaN], ['0.3', '0.1', '0.2', true, -1], ['100', '100', '0', true, 0], ['100', '100.1', '0', false, NaN],
    ['-0.005', '0.005', '0.01', true, 1], ['9007199254740993', '9007199254740992', '0.5', false, NaN], ['1e300', '1e300', '1e-300', true, 0], ['1e-900', '0', '1', true, 0], ['1e999999', '0', '1', false, NaN]])('|%s - %s| <= %s: %s', (expected, actual, tolerance, within, error) => {
    const result = closeAbsolute(decimal(expected), decimal(actual), decimal(tolerance));
    expect(result.within).toBe(within);
    if (within) expect(result.error).toBeCloseTo(error, 12);
  });

  test.each([['100', '101', '0.01', true], ['100', '102', '0.01', false], ['1e-20', '1.01e-20', '0.01', true], ['0', '0', '0.01', true], ['0', '1e-30', '0.01', false], ['-100', '-101', '0.01', true], ['100', '-100', '0.01', false]])('%s and %s within %s of the larger: %s', (expected, actual, tolerance, within) => {
    expect(closeRelative(decimal(expected), decimal(actual), decimal(tolerance)).within).toBe(within);
  });

  test.each([['100', '101', '0', '0.01', true], ['0', '1e-12', '1e-12', '1e-9', true], ['0', '1.1e-12', '1e-12', '0', false], ['1e-13', '-1e-13', '1e-12', '1e-9', true], ['1', '1.0000000011', '1e-12', '1e-9', false], ['1', '1.000000001', '1e-12', '1e-9', true]])(
    '%s and %s within %s + %s of the larger: %s', (expected, actual, absolute, relative, within) => {
      expect(closeEpsilon(decimal(expected), decimal(actual), {absolute: decimal(absolute), relative: decimal(relative)}).within).toBe(within);
    });

  test('steps of a double', () => {
    expect(ulpDistance(1, 1 + Number.EPSILON)).toBe(1n);
    expect(ulpDistance(-Number.MIN_VALUE, Number.MIN_VALUE)).toBe(2n);
    expect(ulpDistance(0, -0)).toBe(0n);
    expect(closeUlp(decimal('0.3'), decimal('0.30000000000000004'), 1)).toEqual({within: true, error: 1});
    expect(closeUlp(decimal('0.3'), decimal('0.30000000000000004'), 0).within).toBe(false);
    expect(closeUlp(decimal('1e400'), decimal('1e401'), 1e9).within).toBe(false);
  });

  test.each([['0.3', '0.30000000000000004', true], ['99.9999999999986', '100.00000000000001', true], ['1.2345', '1.2346', false], ['27000.01', '27000.02', false], ['0', '1e-30', false], ['1e999999', '1', false]])('%s and %s agree to twelve digits: %s', (left, right, agree) => {
    expect(agreeToTwelveDigits(decimal(left), decimal(right))).toBe(agree);
  });
});

test('the exact answer, wherever doubles would be unsure', () => {
  const cents = fc.integer({min: -1_000_000_000, max: 1_000_000_000});
  const text = (units: number): string => `${units < 0 ? '-' : ''}${String(Math.trunc(Math.abs(units) / 100))}.${String(Math.abs(units) % 100).padStart(2, '0')}`;
  fc.assert(fc.property(cents, fc.integer({min: -30, max: 30}), fc.integer({min: 0, max: 20}), (units, offset, limit) => {
    const result = closeAbsolute(decimal(text(units)), decimal(text(units + offset)), decimal(text(limit)));
    expect(result.within).toBe(Math.abs(offset) <= limit);
    if (result.within && limit > 0) expect(result.error).toBeCloseTo(offset / limit, 12);
  }), {numRuns: 500});
});
