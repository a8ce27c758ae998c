import fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import {aligned, magnitude, parseDecimal, sameNumber, toDouble} from './decimal.ts';
import type {Decimal} from './decimal.ts';

const decimal = (text: string): Decimal => parseDecimal(text) as Decimal;

describe('numbers as text', () => {
  test.each([
    ['0', '', 0], ['-0.000', '', 0], ['1', '1', 0], ['1.10', '11', -1], ['1000', '1', 3], ['1e3', '1', 3], ['1E+3', '1', 3], ['0.00012300', '123', -6], ['123456789012345678901234567890', '12345678901234567890123456789', 1],
  ])('%s', (text, digits, exponent) => {
    expect(decimal(text)).toMatchObject({digits, exponent});
  });

  test.each(['', '-', '+1', '01', '1.', '.5', 'NaN', 'Infinity', '0x1', '1_0', ' 1', '1 ', '1e', '--1', '1e99999999999'])('%j is none', (text) => {
    expect(parseDecimal(text)).toBeNull();
  });

  test.each([['1', '1.0', true], ['1e16', '10000000000000000', true], ['1e-05', '0.00001', true], ['0', '-0.0', true], ['9007199254740993', '9007199254740992', false], ['1e400', '1e401', false], ['-1', '1', false], ['0.1', '0.10000000000000001', false]])('%s and %s the same: %s', (left, right, same) => {
    expect(sameNumber(decimal(left), decimal(right))).toBe(same);
  });

  test('an enormous exponent costs nothing and is compared rightly', () => {
    const huge = decimal('1e999999');
    expect(sameNumber(huge, decimal('10e999998'))).toBe(true);
    expect(aligned([huge, decimal('1')])).toBeNull();
    expect([magnitude(huge), toDouble(huge)]).toEqual([999_999, Number.POSITIVE_INFINITY]);
    expect(sameNumber(decimal(`1${'0'.repeat(100_000)}`), decimal('1e100000'))).toBe(true);
  });
});

test('equality is equality of rationals', () => {
  const text = fc.tuple(fc.integer({min: -999_999, max: 999_999}), fc.integer({min: -20, max: 20}), fc.nat(4)).map(([units, power, zeros]) => {
    const written = String(Math.abs(units));
    const sign = units < 0 ? '-' : '';
    return zeros === 0 ? `${sign}${written}e${String(power)}` : `${sign}${written}.${'0'.repeat(zeros)}e${String(power)}`;
  });
  fc.assert(fc.property(text, text, (left, right) => {
    const exact = (one: string): bigint => {
      const [mantissa = '0', power = '0'] = one.split('e');
      const [whole = '0', fraction = ''] = mantissa.split('.');
      return BigInt(whole + fraction) * 10n ** BigInt(Number(power) - fraction.length + 40);
    };
    expect(sameNumber(decimal(left), decimal(right))).toBe(exact(left) === exact(right));
    expect(toDouble(decimal(left))).toBeCloseTo(Number(left), 15 - Math.floor(Math.log10(Math.abs(Number(left)) + 1e-300)) - 1);
  }), {numRuns: 500});
});
