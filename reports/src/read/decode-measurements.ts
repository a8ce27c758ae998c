import type {LaneHealth, LaneName, LatencyEvidence, ResourceEvidence} from '@tandem/contract';
import {countOf, finite, listOf, nullable, oneOf, recordOf, shape, text, wholeText} from './decode-shape.ts';
import type {Decode} from './decode-shape.ts';

/** A day at one sample a second, twice over; more is thinned out by the writer, not here. */
const SAMPLES_MAX = 200_000;
const HISTOGRAM_CHARACTERS_MAX = 256 * 1024;
const lane = oneOf<LaneName>('legacy', 'twin', 'candidate');

const interval: Decode<readonly [number, number | null]> = (value, path) => {
  const [low, high] = listOf(nullable(countOf), 2)(value, path);
  return [countOf(low, `${path}/0`), high ?? null];
};

export const decodeLatency: Decode<LatencyEvidence> = shape<LatencyEvidence>({
  lane, kind: oneOf('response', 'service'), count: countOf, invalid: countOf, overflow: countOf, minNs: countOf, maxNs: countOf, meanNs: countOf,
  quantilesNs: recordOf(countOf, 32), intervalsNs: recordOf(interval, 32), histogram: wholeText(HISTOGRAM_CHARACTERS_MAX),
});

const sample = shape({tMonoNs: finite, cpuMsTotal: countOf, rssBytes: countOf, pssBytes: nullable(countOf), processes: countOf});

export const decodeResources = (onCut: (left: number, path: string) => void): Decode<ResourceEvidence> => shape<ResourceEvidence>({
  lane, source: oneOf('procfs', 'pidusage', 'unavailable'), cpuMs: countOf, cpuUsPerMessage: countOf, cpuShare: countOf, rssBytesMax: countOf,
  pssBytesMax: nullable(countOf), rssSlopeBytesPerHour: nullable(finite), runQueueWaitShare: nullable(countOf),
  samples: listOf(sample, SAMPLES_MAX, onCut),
  collector: nullable(shape({pauses: countOf, totalMs: countOf, maxMs: countOf})),
  loopDelayMaxMs: nullable(countOf),
});

export const decodeLaneHealth: Decode<LaneHealth> = shape<LaneHealth>({
  lane, label: text(100), state: oneOf('ok', 'crashed', 'hung', 'missing'), exitCode: nullable(finite), signal: nullable(text(40)),
  restarts: countOf, stderrTail: listOf(text(500), 50), sent: countOf, outputs: countOf, watermark: countOf,
});

/** A lane's own figures: any JSON object; only flat numbers, texts and flags of it are shown. */
export const decodeLaneStats: Decode<readonly (readonly [string, string | number])[]> = (value, path) => {
  const entries = Object.entries(recordOf((entry) => entry, 40)(value, path));
  return entries.flatMap(([name, entry]): (readonly [string, string | number])[] => {
    if (typeof entry === 'number' && Number.isFinite(entry)) return [[name, entry]];
    if (typeof entry === 'string' || typeof entry === 'boolean') return [[name, text(200)(String(entry), name)]];
    return [];
  });
};

