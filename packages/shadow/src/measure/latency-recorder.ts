import type {LaneName, LatencyEvidence} from '@tandem/contract';
import {bucketsOf, encodeHistogram, newHistogram} from './histogram-library.ts';
import type {CountedBucket, HistogramBuild} from './histogram-library.ts';

/** Interval of a quantile from bucket counts, ns; high null = unbounded; null = no samples. The judge's stage offers one. */
export type QuantileInterval = (buckets: readonly CountedBucket[], quantile: number) => readonly [number, number | null] | null;

export interface LatencyRecorderOptions {
  readonly lane: LaneName;
  readonly kind: LatencyEvidence['kind'];
  readonly build: HistogramBuild;
  readonly quantileInterval: QuantileInterval;
  /** longer latencies are recorded as this and counted as overflow; default 60 s */
  readonly highestNs?: number;
  /** values that wait before they are put into the histogram; default 1024 (a fold then takes about 30 µs) */
  readonly batch?: number;
  readonly quantiles?: readonly string[];
}

export interface LatencyRecorder {
  /** One latency. Never throws; a few ns except when a batch is full. */
  record(deltaNs: number): void;
  /** Puts waiting values into the histogram; call it when idle. */
  fold(): void;
  /** What was measured so far; may be called again later. `invalid` adds the caller's own unusable samples. */
  evidence(invalid?: number): LatencyEvidence;
  /** Frees the histogram's memory (WebAssembly is not collected). Later values are dropped. */
  destroy(): void;
}

export const LATENCY_QUANTILES: readonly string[] = ['0.5', '0.9', '0.95', '0.99', '0.999', '0.9999'];

const HIGHEST_NS = 60e9;
const BATCH = 1024;
/** A percentile is stated only when this many samples lie above it. */
const SAMPLES_ABOVE_MIN = 10;

/** One histogram of one lane's latencies behind a preallocated buffer. */
export function createLatencyRecorder(options: LatencyRecorderOptions): LatencyRecorder {
  const {highestNs = HIGHEST_NS, batch = BATCH, quantiles = LATENCY_QUANTILES} = options;
  const histogram = newHistogram(options.build, highestNs);
  const waiting = new Float64Array(batch);
  const seen = {count: 0, invalid: 0, overflow: 0, minNs: Infinity, maxNs: 0, sumNs: 0};
  let waitingCount = 0;
  let destroyed = false;

  const foldOne = (deltaNs: number): void => {
    if (!(deltaNs >= 0) || deltaNs === Infinity) {
      seen.invalid += 1;
      return;
    }
    const over = deltaNs > highestNs;
    try {
      histogram.recordValue(over ? highestNs : Math.round(deltaNs));
    } catch {
      seen.invalid += 1;
      return;
    }
    if (over) seen.overflow += 1;
    seen.count += 1;
    seen.sumNs += deltaNs;
    if (deltaNs < seen.minNs) seen.minNs = deltaNs;
    if (deltaNs > seen.maxNs) seen.maxNs = deltaNs;
  };

  const fold = (): void => {
    const count = waitingCount;
    waitingCount = 0;
    if (destroyed) return;
    for (let index = 0; index < count; index++) foldOne(waiting[index] ?? Number.NaN);
  };

  return {
    record(deltaNs) {
      waiting[waitingCount++] = deltaNs;
      if (waitingCount === batch) fold();
    },
    fold,
    evidence(invalid = 0) {
      fold();
      const encoded = encodeHistogram(histogram);
      const figures = quantileFigures({encoded, count: seen.count, quantiles, quantileInterval: options.quantileInterval, valueAt: (percent) => histogram.getValueAtPercentile(percent)});
      return {
        lane: options.lane, kind: options.kind, count: seen.count, invalid: seen.invalid + invalid, overflow: seen.overflow,
        minNs: seen.count === 0 ? 0 : seen.minNs, maxNs: seen.maxNs, meanNs: seen.count === 0 ? 0 : seen.sumNs / seen.count,
        ...figures, histogram: encoded,
      };
    },
    destroy() {
      if (!destroyed) histogram.destroy();
      destroyed = true;
    },
  };
}

function quantileFigures(input: {
  encoded: string; count: number; quantiles: readonly string[]; quantileInterval: QuantileInterval; valueAt: (percent: number) => number;
}): Pick<LatencyEvidence, 'quantilesNs' | 'intervalsNs'> {
  const quantilesNs: Record<string, number> = {};
  const intervalsNs: Record<string, readonly [number, number | null]> = {};
  const buckets = bucketsOf(input.encoded);
  for (const text of input.quantiles) {
    const quantile = Number(text);
    if (input.count * (1 - quantile) < SAMPLES_ABOVE_MIN - 1e-6) continue;
    quantilesNs[text] = input.valueAt(quantile * 100);
    const interval = input.quantileInterval(buckets, quantile);
    if (interval !== null) intervalsNs[text] = interval;
  }
  return {quantilesNs, intervalsNs};
}
