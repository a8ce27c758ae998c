import {describe, expect, it} from 'vitest';
import {formatBytes, formatCount, formatNs, formatQuantile, formatRate, formatRatio, formatShare, formatSpan} from './quantity.ts';

describe('quantities as a person reads them', () => {
  it.each([[0, '0'], [999, '999'], [25_100_412, '25,100,412'], [-1234, '−1,234']])('count %d', (value, text) => expect(formatCount(value)).toBe(text));
  it.each([[0, '0 ns'], [840, '840 ns'], [999.9, '1.00 µs'], [48_300, '48.3 µs'], [1_100_000, '1.10 ms'], [2.5e9, '2.50 s']])('%d ns', (value, text) => expect(formatNs(value)).toBe(text));
  it.each([[890e6, '890 MB'], [4.2e9, '4.20 GB'], [12, '12 B']])('%d bytes', (value, text) => expect(formatBytes(value)).toBe(text));
  it.each([[0.11, '0.11×'], [0.0035, '0.0035×'], [0, '0×'], [12.34, '12×'], [345.6, '346×']])('ratio %d', (value, text) => expect(formatRatio(value)).toBe(text));
  it.each([[0, 10, '0 %'], [10, 10, '100 %'], [999_999, 1_000_000, '99.99990 %'], [1, 3_000_000, '0.000033 %'], [1, 2, '50.00 %'], [1, 0, '–']])(
    '%d of %d', (part, whole, text) => expect(formatShare(part, whole)).toBe(text));
  it.each([[12_000, '12.0 s'], [252_000, '4 min 12 s'], [7_500_000, '2 h 05 min']])('%d ms', (value, text) => expect(formatSpan(value)).toBe(text));
  it.each([[0.5, 'p50'], [0.999, 'p99.9'], [0.99999, 'p99.999']])('quantile %d', (value, text) => expect(formatQuantile(value)).toBe(text));
  it('a rate', () => expect(formatRate(2.5e-6)).toBe('0.00025 %'));
});
