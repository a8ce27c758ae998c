import {build, decodeFromCompressedBase64, encodeIntoCompressedBase64, initWebAssemblySync, JsHistogram} from 'hdr-histogram-js';
import type {Histogram} from 'hdr-histogram-js';

/** Which build of the histogram records: WebAssembly (24-33 ns a value) or plain JavaScript (110-133 ns). */
export type HistogramBuild = 'wasm' | 'js';

/** A non-empty bucket: `count` samples lie in [lowNs, highNs]. */
export interface CountedBucket {
  readonly lowNs: number;
  readonly highNs: number;
  readonly count: number;
}

const SIGNIFICANT_DIGITS = 3;

/** Makes the WebAssembly build ready; `js` where this machine cannot run it. Await once before the first histogram. */
export async function prepareHistograms(): Promise<HistogramBuild> {
  try {
    // the other one asks whether it was given a Response, for which node loads its whole HTTP client
    initWebAssemblySync();
    return 'wasm';
  } catch {
    return 'js';
  }
}

/**
 * 32-bit buckets, three digits, fixed range. Other builds are not offered: the 16-bit one wraps silently, the packed ones are an order slower.
 * `autoResize` must be off: it is on by default and would let memory grow with one wild value.
 */
export function newHistogram(buildKind: HistogramBuild, highestNs: number): Histogram {
  return build({
    bitBucketSize: 32, autoResize: false, lowestDiscernibleValue: 1, highestTrackableValue: highestNs,
    numberOfSignificantValueDigits: SIGNIFICANT_DIGITS, useWebAssembly: buildKind === 'wasm',
  });
}

/** HdrHistogram V2, deflated, base64: readable by every HdrHistogram implementation. */
export function encodeHistogram(histogram: Histogram): string {
  return encodeIntoCompressedBase64(histogram);
}

/** Non-empty buckets of an encoded histogram, lowest first. Throws on text that is not one. */
export function bucketsOf(encoded: string): readonly CountedBucket[] {
  const histogram = decodeFromCompressedBase64(encoded, 32, false);
  if (!(histogram instanceof JsHistogram)) throw new TypeError('expected a JavaScript histogram');
  const buckets: CountedBucket[] = [];
  for (let index = 0; index < histogram.countsArrayLength; index++) {
    const count = histogram.getCountAtIndex(index);
    if (count === 0) continue;
    const lowNs = histogram.valueFromIndex(index);
    buckets.push({lowNs, highNs: histogram.highestEquivalentValue(lowNs), count});
  }
  return buckets;
}
