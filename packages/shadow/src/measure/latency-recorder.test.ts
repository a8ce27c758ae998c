import {decodeFromCompressedBase64} from 'hdr-histogram-js';
import {describe, expect, it} from 'vitest';
import {widestInterval} from './fixtures/widest-interval.ts';
import {bucketsOf, prepareHistograms} from './histogram-library.ts';
import type {HistogramBuild} from './histogram-library.ts';
import {createLatencyRecorder} from './latency-recorder.ts';

const best = await prepareHistograms();

function recorderOf(build: HistogramBuild, change: {highestNs?: number; batch?: number} = {}) {
  return createLatencyRecorder({lane: 'legacy', kind: 'response', build, quantileInterval: widestInterval, ...change});
}

it('has the WebAssembly build here', () => { expect(best).toBe('wasm'); });

describe.each<HistogramBuild>(['wasm', 'js'])('latency recorder, %s', (build) => {
  it('counts what is no latency instead of throwing or corrupting', () => {
    const recorder = recorderOf(build, {batch: 4});
    for (const value of [100, Number.NaN, -1, Infinity, -Infinity, 200, -0.5, 300]) recorder.record(value);
    const evidence = recorder.evidence(2);
    expect(evidence).toMatchObject({count: 3, invalid: 5 + 2, overflow: 0, minNs: 100, maxNs: 300, meanNs: 200});
    recorder.destroy();
  });

  it('saturates above its range, counts it and keeps its memory', () => {
    const recorder = recorderOf(build, {highestNs: 1e9});
    for (let index = 0; index < 100; index++) recorder.record(5e5);
    for (let index = 0; index < 10; index++) recorder.record(1e12 + index);
    const evidence = recorder.evidence();
    expect(evidence).toMatchObject({count: 110, overflow: 10, invalid: 0, maxNs: 1e12 + 9});
    const buckets = bucketsOf(evidence.histogram);
    expect(buckets.map((bucket) => bucket.count)).toEqual([100, 10]);
    expect(buckets[1]?.lowNs).toBeLessThanOrEqual(1e9);
    recorder.destroy();
  });

  it('states a percentile only with ten samples above it', () => {
    const recorder = recorderOf(build);
    for (let index = 1; index <= 999; index++) recorder.record(index);
    expect(Object.keys(recorder.evidence().quantilesNs)).toEqual(['0.5', '0.9', '0.95']);
    recorder.record(1000);
    const evidence = recorder.evidence();
    expect(Object.keys(evidence.quantilesNs)).toEqual(['0.5', '0.9', '0.95', '0.99']);
    expect(Object.keys(evidence.intervalsNs)).toEqual(['0.5', '0.9', '0.95', '0.99']);
    expect(evidence.quantilesNs['0.99']).toBe(990);
    recorder.destroy();
  });

  it('is within 0.1 % of an exact sort over nine decades', () => {
    const recorder = recorderOf(build);
    const values = Array.from({length: 200_000}, (_, index) => Math.floor(10 ** (9 * ((index * 7919) % 200_000) / 200_000)));
    for (const value of values) recorder.record(value);
    const sorted = Float64Array.from(values).sort();
    const {quantilesNs} = recorder.evidence();
    for (const [text, valueNs] of Object.entries(quantilesNs)) {
      const exact = sorted[Math.ceil(Number(text) * sorted.length) - 1] ?? 0;
      expect(Math.abs(valueNs / exact - 1), text).toBeLessThan(1e-3);
    }
    recorder.destroy();
  });

  it('writes a histogram that the library reads back, bucket by bucket', () => {
    const recorder = recorderOf(build);
    for (let index = 0; index < 5000; index++) recorder.record(index * index);
    const {histogram, count} = recorder.evidence();
    expect(histogram.startsWith('HISTFAAA')).toBe(true);
    expect(decodeFromCompressedBase64(histogram).totalCount).toBe(count);
    const buckets = bucketsOf(histogram);
    expect(buckets.reduce((sum, bucket) => sum + bucket.count, 0)).toBe(5000);
    for (let index = 1; index < buckets.length; index++) expect(buckets[index]?.lowNs).toBeGreaterThan(buckets[index - 1]?.highNs ?? Infinity);
    recorder.destroy();
  });

  it('may be read while it goes on, and drops what comes after its end', () => {
    const recorder = recorderOf(build, {batch: 2});
    recorder.record(10);
    expect(recorder.evidence().count).toBe(1);
    recorder.record(20);
    expect(recorder.evidence().count).toBe(2);
    recorder.destroy();
    recorder.destroy();
    expect(() => { for (let index = 0; index < 9; index++) recorder.record(index); }).not.toThrow();
  });

  it('has nothing to say about nothing', () => {
    const recorder = recorderOf(build);
    expect(recorder.evidence()).toMatchObject({count: 0, minNs: 0, maxNs: 0, meanNs: 0, quantilesNs: {}, intervalsNs: {}});
    recorder.destroy();
  });
});

it('the two builds agree to the last figure', () => {
  const both = (['wasm', 'js'] as const).map((build) => {
    const recorder = recorderOf(build);
    for (let index = 0; index < 20_000; index++) recorder.record((index * 104_729) % 1_000_003);
    const {quantilesNs, histogram} = recorder.evidence();
    recorder.destroy();
    return {quantilesNs, buckets: bucketsOf(histogram)};
  });
  expect(both[0]).toEqual(both[1]);
});
