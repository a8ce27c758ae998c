import hdr from 'hdr-histogram-js';
import {deflateSync} from 'node:zlib';
import {describe, expect, it} from 'vitest';
import {seededChance} from '../../test/fixtures/seeded-chance.ts';
import {syntheticRun} from '../../test/fixtures/synthetic-run.ts';
import {bucketSeries} from './bucket-series.ts';
import {gateMargin} from './gate-margin.ts';
import {latencyCurve} from './latency-curve.ts';
import {quantileTable} from './quantile-table.ts';
import {textDifference} from './text-difference.ts';
import {thinSeries} from './thin-series.ts';
import {wilsonInterval} from './wilson-interval.ts';

const run = syntheticRun({outcome: 'fail', seed: 3, seconds: 30, messages: 60_000, latencySamples: 5000, canary: false, twin: true});
const latency = run.evidence.latency[0];
if (latency === undefined) throw new Error('fixture without latency');

describe('wilsonInterval', () => {
  it('equals published values', () => {
    const [low, high] = wilsonInterval(81, 263) ?? [0, 0];
    expect(low).toBeCloseTo(0.2553, 4);
    expect(high).toBeCloseTo(0.3662, 4);
  });
  it('ends at 1 when all matched and says nothing about nothing', () => {
    expect(wilsonInterval(10, 10)?.[1]).toBe(1);
    expect(wilsonInterval(10, 10)?.[0]).toBeCloseTo(0.7225, 4);
    expect(wilsonInterval(0, 0)).toBeNull();
    expect(wilsonInterval(5, 4)).toBeNull();
  });
});

describe('gateMargin', () => {
  it.each([
    ['candidate p99 <= 0.5 x legacy', '0.1 x: candidate 40 µs [38.8 µs, 41.2 µs], legacy 400 µs', '80 % to spare', true],
    ['candidate p99 <= 0.5 x legacy', '0.6 x: candidate 240 µs', '20 % over', false],
    ['at least 10,000 messages', '100,000 fed, 9,000 compared', '10 % short', false],
    ['at least 10,000 messages', '100,000 fed, 100,000 compared', '10× as much', true],
    ['at most 0 mismatches', '3 in 200,000 outputs', '3 over', false],
    ['at most 0 mismatches', '0 in 200,000 outputs', 'met exactly', true],
    ['at most 10 % of fields, no expired rule', '100,000 of 3,100,000 fields (3.23 %), 1 rules', '68 % to spare', true],
    ['at most 0 % lost, none in flight', '0 lost (0 %), 0 in flight', 'met exactly', true],
    ['candidate grows by at most 1 MiB/h', '0.5 MiB/h [0 B/h, 1 MiB/h]', '50 % to spare', true],
    ['<= 5', '5', 'at the limit', true],
    ['<= 1 MiB', '512 KiB', '50 % to spare', true],
  ])('%s | %s is %s', (limit, seen, text, kept) => expect(gateMargin({limit, seen})).toMatchObject({text, kept}));
  it.each([['not demanded', '0.477 x'], ['every input accounted for', 'remainder 0'], ['all 2 declared cells', '2 of 2'], ['at most 5 ms', '3 MiB'], ['alive to the end', 'ok'], ['', '']])(
    '%s | %s has none', (limit, seen) => expect(gateMargin({limit, seen})).toBeNull());
});

describe('latencyCurve', () => {
  it('follows the histogram and stops where fewer than ten samples remain above', () => {
    const {points, fromHistogram} = latencyCurve(latency);
    expect(fromHistogram).toBe(true);
    expect(latency.count / (points.at(-1)?.inverse ?? 0)).toBeGreaterThanOrEqual(10);
    const median = points.find((point) => point.inverse === 2)?.valueNs ?? 0;
    expect(median / (latency.quantilesNs['0.5'] ?? 1)).toBeCloseTo(1, 2);
    expect(points.every((point, n) => n === 0 || point.valueNs >= (points[n - 1]?.valueNs ?? 0))).toBe(true);
  });

  const forged = (change: (plain: Buffer) => void): string => {
    const histogram = hdr.build({useWebAssembly: false});
    histogram.recordValue(1000);
    const bytes = Buffer.from(hdr.encodeIntoCompressedBase64(histogram), 'base64');
    const plain = Buffer.alloc(40 + 16);
    plain.writeInt32BE(0x1c849303 | 0x10, 0);
    plain.writeUInt32BE(8, 4);
    plain.writeInt32BE(3, 12);
    plain.writeBigInt64BE(1n, 16);
    plain.writeBigInt64BE(1_000_000n, 24);
    change(plain);
    const packed = deflateSync(plain);
    const head = Buffer.from(bytes.subarray(0, 8));
    head.writeUInt32BE(packed.length, 4);
    return Buffer.concat([head, packed]).toString('base64');
  };
  it.each([
    ['forged payload length', forged((plain) => plain.writeUInt32BE(0xffffffff, 4))], ['five digits', forged((plain) => plain.writeInt32BE(5, 12))],
    ['a range beyond memory', forged((plain) => plain.writeBigInt64BE(2n ** 62n, 24))], ['a lowest value of zero', forged((plain) => plain.writeBigInt64BE(0n, 16))],
    ['a bomb', Buffer.concat([Buffer.from(forged(() => undefined), 'base64').subarray(0, 8), deflateSync(Buffer.alloc(64 << 20))]).toString('base64')],
    ['no base64', '<script>'], ['nothing', ''],
  ])('takes the quantiles instead of %s', (_, histogram) => {
    const start = performance.now();
    const {points, fromHistogram} = latencyCurve({...latency, histogram});
    expect(fromHistogram).toBe(false);
    expect(points.length).toBe(Object.keys(latency.quantilesNs).length);
    expect(performance.now() - start).toBeLessThan(1000);
  });
});

describe('quantileTable', () => {
  const withNoise = (gaps: number): ReturnType<typeof quantileTable> =>
    quantileTable({...run.evidence, noise: {spinMs: 3000, gaps, worstGapNs: 50e6, stealShare: 0, steady: true, reasons: []}}, 'response');
  it('marks what lies within the pauses of the machine, and only that', () => {
    expect(withNoise(100).find((row) => row.quantile === 0.99)?.noiseFloor).toMatch(/pauses of the machine/);
    expect(withNoise(0).every((row) => row.noiseFloor === null)).toBe(true);
    expect(withNoise(100).find((row) => row.quantile === 0.5)?.noiseFloor).toBeNull();
  });
  it('marks a difference no larger than legacy against itself', () => {
    const legacyAgain = run.evidence.latency.filter((entry) => entry.lane !== 'candidate')
      .flatMap((entry) => (entry.lane === 'legacy' ? [entry, {...entry, lane: 'candidate' as const}] : [entry]));
    const rows = quantileTable({...run.evidence, noise: null, latency: legacyAgain}, 'response');
    expect(rows.every((row) => row.noiseFloor === 'no larger than legacy against itself')).toBe(true);
  });
  it('gives a ratio the widest range that both intervals allow', () => {
    const row = withNoise(0).find(({quantile}) => quantile === 0.99);
    expect(row?.ratio?.low).toBeCloseTo((row?.candidate?.interval?.[0] ?? 0) / (row?.legacy?.interval?.[1] ?? 1), 12);
    expect(row?.ratio?.high).toBeCloseTo((row?.candidate?.interval?.[1] ?? 0) / (row?.legacy?.interval?.[0] ?? 1), 12);
  });
});

describe('thinning', () => {
  const chance = seededChance(11);
  const points = Array.from({length: 10_000}, (_, x) => ({x, y: x === 7777 ? 1000 : chance.uniform()}));
  it('keeps ends and peaks', () => {
    const thin = thinSeries(points, 300);
    expect(thin.length).toBe(300);
    expect([thin[0]?.x, thin.at(-1)?.x]).toEqual([0, 9999]);
    expect(thin.some((point) => point.y === 1000)).toBe(true);
  });
  it('leaves a short series alone', () => expect(thinSeries(points.slice(0, 5), 300)).toEqual(points.slice(0, 5)));
  it('keeps the highest sample in the band of its bucket', () => {
    const buckets = bucketSeries(points, 9999, 90);
    expect(buckets.length).toBe(90);
    expect(Math.max(...buckets.map((bucket) => bucket.high))).toBe(1000);
    expect(buckets.every((bucket) => bucket.low <= bucket.mean && bucket.mean <= bucket.high)).toBe(true);
  });
});

describe('textDifference', () => {
  it.each([['"100.01"', '"100.02"', '"100.0', '1', '2', '"'], ['a', 'a', 'a', '', '', ''], ['aa', 'aaa', 'aa', '', 'a', ''], ['', 'x', '', '', 'x', '']])(
    '%s and %s', (expected, actual, before, left, right, after) => expect(textDifference(expected, actual)).toEqual({before, expected: left, actual: right, after}));
  it('never splits a pair of surrogates', () => {
    const {before, expected, actual} = textDifference('x😀y', 'x😁y');
    expect([before, expected, actual]).toEqual(['x', '😀', '😁']);
  });
});
