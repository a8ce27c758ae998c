import {createHash} from 'node:crypto';
import {join} from 'node:path';
import {RUN_FILE, TandemError} from '@tandem/contract';
import type {CanaryEvent, Evidence, LaneName, RunResult} from '@tandem/contract';
import {readBoundedFile} from './read/bounded-file.ts';
import {parseBoundedJson} from './read/bounded-json.ts';
import {decodeEvidence} from './read/decode-evidence.ts';
import {decodeManifest} from './read/decode-manifest.ts';
import type {ReadManifest} from './read/decode-manifest.ts';
import {decodeLaneStats} from './read/decode-measurements.ts';
import {decodeCanaryEvent, decodeResult} from './read/decode-result.ts';
import type {Decode} from './read/decode-shape.ts';
import {demandKnownVersion} from './read/format-version.ts';

const MIB = 1024 * 1024;
const LIMIT_BYTES = {manifest: 2 * MIB, evidence: 128 * MIB, result: 4 * MIB, timeline: 16 * MIB, laneStats: MIB};
const TIMELINE_EVENTS_MAX = 20_000;
const LANES: readonly LaneName[] = ['legacy', 'twin', 'candidate'];

export type LaneStats = Readonly<Record<LaneName, readonly (readonly [string, string | number])[]>>;

/** A run folder, read and checked. What could not be read is null and named in `incomplete`. */
export interface Run {
  readonly manifest: ReadManifest;
  readonly evidence: Evidence | null;
  readonly result: RunResult | null;
  readonly timeline: readonly CanaryEvent[];
  readonly laneStats: LaneStats;
  /** SHA-256 of evidence.json as found; null when there is none */
  readonly evidenceHash: string | null;
  /** sentences; not empty = the run, or the folder, is not whole */
  readonly incomplete: readonly string[];
  /** sentences: what was left out because it was too long */
  readonly shortened: readonly string[];
}

const reason = (error: unknown): string => (error instanceof Error ? error.message : 'could not be read');

const readOptional = (folder: string, name: string, limitBytes: number, incomplete: string[]): Uint8Array | null => {
  try {
    return readBoundedFile(join(folder, name), limitBytes);
  } catch (error) {
    incomplete.push(`${name} ${reason(error)}`);
    return null;
  }
};

/** Decodes a file that may be damaged by an unclean end: damage is reported, an unknown version is thrown. */
const decodeOptional = <T>(bytes: Uint8Array | null, options: {name: string; versioned: boolean; decode: Decode<T>; incomplete: string[]}): T | null => {
  if (bytes === null) return null;
  try {
    const document = parseBoundedJson(bytes);
    if (options.versioned) demandKnownVersion(document, options.name);
    return options.decode(document, '');
  } catch (error) {
    if (error instanceof TandemError) throw error;
    options.incomplete.push(`${options.name} ${reason(error)}`);
    return null;
  }
};

const readManifest = (folder: string): ReadManifest => {
  try {
    const bytes = readBoundedFile(join(folder, RUN_FILE.manifest), LIMIT_BYTES.manifest);
    if (bytes === null) throw new Error('does not exist');
    const document = parseBoundedJson(bytes);
    demandKnownVersion(document, RUN_FILE.manifest);
    return decodeManifest(document, '');
  } catch (error) {
    if (error instanceof TandemError) throw error;
    throw new TandemError({
      id: 'TDM-E601', kind: 'usage', what: 'this folder is not a readable run', where: RUN_FILE.manifest, seen: `${RUN_FILE.manifest} ${reason(error)}`,
      fix: 'name the folder of a run; `tandem runs` lists them',
    }, {cause: error});
  }
};

const readTimeline = (folder: string, incomplete: string[], shortened: string[]): readonly CanaryEvent[] => {
  const bytes = readOptional(folder, RUN_FILE.canaryTimeline, LIMIT_BYTES.timeline, incomplete);
  if (bytes === null) return [];
  const lines = new TextDecoder().decode(bytes).split('\n').filter((line) => line.trim() !== '');
  if (lines.length > TIMELINE_EVENTS_MAX) shortened.push(`${lines.length - TIMELINE_EVENTS_MAX} later events of ${RUN_FILE.canaryTimeline}`);
  const events: CanaryEvent[] = [];
  let bad = 0;
  for (const line of lines.slice(0, TIMELINE_EVENTS_MAX)) {
    try {
      events.push(decodeCanaryEvent(parseBoundedJson(new TextEncoder().encode(line)), ''));
    } catch {
      bad++;
    }
  }
  if (bad > 0) incomplete.push(`${RUN_FILE.canaryTimeline} has ${bad} unreadable ${bad === 1 ? 'line' : 'lines'}`);
  return events;
};

const readLaneStats = (folder: string, incomplete: string[]): LaneStats => {
  const read = (lane: LaneName): readonly (readonly [string, string | number])[] => {
    const name = RUN_FILE.laneStats(lane);
    const bytes = readOptional(folder, name, LIMIT_BYTES.laneStats, incomplete);
    return decodeOptional(bytes, {name, versioned: false, decode: decodeLaneStats, incomplete}) ?? [];
  };
  const [legacy, twin, candidate] = LANES.map(read);
  return {legacy: legacy ?? [], twin: twin ?? [], candidate: candidate ?? []};
};

const missing = (manifest: ReadManifest, evidence: Evidence | null, result: RunResult | null): readonly string[] => [
  ...(manifest.complete ? [] : ['the run ended before it was complete']),
  ...(evidence === null ? [`there is no readable ${RUN_FILE.evidence}`] : []),
  ...(result === null ? [`there is no readable ${RUN_FILE.result}, so nothing was judged`] : []),
  ...(result !== null && result.runId !== manifest.runId ? [`${RUN_FILE.result} belongs to another run`] : []),
];

/**
 * Reads a run folder with limits on everything. Throws TandemError (TDM-E601 no readable manifest, TDM-E602 unknown
 * major version); whatever else is missing or damaged gives a run that says so in `incomplete`.
 */
export const readRun = (folder: string): Run => {
  const incomplete: string[] = [];
  const shortened: string[] = [];
  const manifest = readManifest(folder);
  const evidenceBytes = readOptional(folder, RUN_FILE.evidence, LIMIT_BYTES.evidence, incomplete);
  const onCut = (left: number, path: string): void => void shortened.push(`${left} more entries of ${RUN_FILE.evidence} at ${path}`);
  const evidence = decodeOptional(evidenceBytes, {name: RUN_FILE.evidence, versioned: false, decode: decodeEvidence(onCut), incomplete});
  const resultBytes = readOptional(folder, RUN_FILE.result, LIMIT_BYTES.result, incomplete);
  const result = decodeOptional(resultBytes, {name: RUN_FILE.result, versioned: true, decode: decodeResult, incomplete});
  const timeline = readTimeline(folder, incomplete, shortened);
  const laneStats = readLaneStats(folder, incomplete);
  return {
    manifest, evidence, result, timeline, laneStats, shortened: shortened.slice(0, 50),
    evidenceHash: evidenceBytes === null ? null : createHash('sha256').update(evidenceBytes).digest('hex'),
    incomplete: [...missing(manifest, evidence, result), ...incomplete],
  };
};
