import {inflateSync} from 'node:zlib';
import hdr from 'hdr-histogram-js';
import type {LatencyEvidence} from '@tandem/contract';

/** A quantile falls silent where fewer samples than this remain above it. */
export const SAMPLES_ABOVE_MIN = 10;

export interface CurvePoint {
  /** 1 / (1 - quantile), the unit of a nines axis */
  readonly inverse: number;
  readonly valueNs: number;
}

const HEADER_BYTES = 8;
const V2_HEADER_BYTES = 40;
const INFLATED_BYTES_MAX = 4 * 1024 * 1024;
const V2_COMPRESSED = 0x1c849304;
const V2_PLAIN = 0x1c849303;

const base = (cookie: number): number => cookie & ~0xf0;

/** Looks into an encoded histogram before the library does: it would trust forged lengths, ranges and digits. */
const assertPlausible = (encoded: string): void => {
  const bytes = Buffer.from(encoded, 'base64');
  if (bytes.length < HEADER_BYTES || base(bytes.readInt32BE(0)) !== V2_COMPRESSED) throw new Error('is not an HdrHistogram V2');
  const plain = inflateSync(bytes.subarray(HEADER_BYTES, HEADER_BYTES + bytes.readUInt32BE(4)), {maxOutputLength: INFLATED_BYTES_MAX});
  if (plain.length < V2_HEADER_BYTES || base(plain.readInt32BE(0)) !== V2_PLAIN) throw new Error('has no V2 header');
  const payloadBytes = plain.readUInt32BE(4);
  const digits = plain.readInt32BE(12);
  const lowest = plain.readBigInt64BE(16);
  const highest = plain.readBigInt64BE(24);
  if (payloadBytes > plain.length - V2_HEADER_BYTES) throw new Error('has a forged length');
  if (digits < 1 || digits > 4 || lowest < 1n || highest < 2n * lowest || highest > 2n ** 53n) throw new Error('has an implausible range');
};

/** Ten points per half-distance, up to the last quantile that still has ten samples above it. */
const fromHistogram = (encoded: string): readonly CurvePoint[] => {
  assertPlausible(encoded);
  const histogram = hdr.decodeFromCompressedBase64(encoded, 64, false);
  const total = histogram.totalCount;
  const points: CurvePoint[] = [];
  for (let half = 0; half < 40; half++) {
    for (let tick = 0; tick < 10; tick++) {
      const above = 2 ** -half * (1 - tick / 20);
      if (above * total < SAMPLES_ABOVE_MIN) return points;
      const valueNs = histogram.getValueAtPercentile((1 - above) * 100);
      points.push({inverse: 1 / above, valueNs: Math.max(1, valueNs)});
    }
  }
  return points;
};

const fromQuantiles = (latency: LatencyEvidence): readonly CurvePoint[] => Object.entries(latency.quantilesNs)
  .map(([quantile, valueNs]) => ({quantile: Number(quantile), valueNs}))
  .filter(({quantile}) => quantile >= 0 && quantile < 1)
  .sort((a, b) => a.quantile - b.quantile)
  .map(({quantile, valueNs}) => ({inverse: 1 / (1 - quantile), valueNs: Math.max(1, valueNs)}));

interface LatencyCurve {
  readonly points: readonly CurvePoint[];
  readonly fromHistogram: boolean;
}

const curveOf = (latency: LatencyEvidence): LatencyCurve => {
  try {
    const points = fromHistogram(latency.histogram);
    if (points.length > 1) return {points, fromHistogram: true};
  } catch {
    // shown as a note under the chart; the quantile table does not need the histogram
  }
  return {points: fromQuantiles(latency), fromHistogram: false};
};

/** A page asks for each curve several times; a histogram is decoded once. */
const known = new WeakMap<LatencyEvidence, LatencyCurve>();

/** The curve of one lane; from its quantiles alone when its histogram cannot be read. */
export const latencyCurve = (latency: LatencyEvidence): LatencyCurve => {
  const curve = known.get(latency) ?? curveOf(latency);
  known.set(latency, curve);
  return curve;
};
