import {open, readFile, rename, stat} from 'node:fs/promises';
import {join} from 'node:path';
import {LOG_FORMAT, type ErrorDetail} from '@tandem/contract';

const SEAL_BYTES_MAX = 32 * 1024 * 1024;

export interface SealedStream {
  readonly stream: string;
  readonly messages: number;
  readonly firstSeq: number;
  readonly lastSeq: number;
  readonly firstMonoNs: number;
  readonly lastMonoNs: number;
}

export interface SealedSegment {
  readonly file: string;
  readonly sizeBytes: number;
  readonly sha256: string;
  readonly messages: number;
  readonly gaps: number;
  readonly streams: readonly SealedStream[];
  /** SHA-256 over this segment and the chain before it; absent in older logs */
  readonly chain?: string;
}

/** Segments that retention took so long ago that they are no longer listed one by one. */
export interface ForgottenSegments {
  readonly throughFile: string;
  readonly segments: number;
  readonly messages: number;
  readonly streams: readonly SealedStream[];
  readonly chain: string;
}

/** seal.json: what the writer says it wrote. `complete` false: it had to stop, `fault` says why. */
export interface LogSeal {
  readonly formatVersion: '1.0';
  readonly library: string;
  readonly complete: boolean;
  readonly fault: ErrorDetail | null;
  readonly segments: readonly SealedSegment[];
  readonly streams: readonly SealedStream[];
  readonly messages: number;
  readonly gaps: number;
  /** messages that were offered but not kept, each covered by a gap record where one could still be written */
  readonly dropped: number;
  /** segments that were written and are gone by retention, oldest first; they count in `messages` and `streams` */
  readonly removed?: readonly SealedSegment[];
  readonly forgotten?: ForgottenSegments | null;
  /** chain value of the last segment */
  readonly chain?: string;
}

/** Written beside and renamed, so that a seal is whole or absent. */
export const writeSeal = async (folder: string, seal: LogSeal): Promise<void> => { await writeWhole(join(folder, LOG_FORMAT.seal), seal); };
/** The seal so far. */
export const writeManifest = async (folder: string, seal: LogSeal): Promise<void> => { await writeWhole(join(folder, LOG_FORMAT.manifest), seal); };

async function writeWhole(path: string, seal: LogSeal): Promise<void> {
  const handle = await open(`${path}.part`, 'w', 0o600);
  try {
    await handle.writeFile(`${JSON.stringify(seal, null, 1)}\n`);
    await handle.datasync();
  } finally {
    await handle.close();
  }
  await rename(`${path}.part`, path);
}

/** The seal of a folder, `absent`, or `unreadable` with the reason. Its content is checked field by field: it may be forged. */
export const readSeal = async (folder: string): Promise<SealFound> => await readWhole(join(folder, LOG_FORMAT.seal));
export const readManifest = async (folder: string): Promise<SealFound> => await readWhole(join(folder, LOG_FORMAT.manifest));

export type SealFound = {readonly state: 'sealed'; readonly seal: LogSeal} | {readonly state: 'absent'} | {readonly state: 'unreadable'; readonly reason: string};

async function readWhole(path: string): Promise<SealFound> {
  const info = await stat(path).catch(() => null);
  if (info === null) return {state: 'absent'};
  if (!info.isFile() || info.size > SEAL_BYTES_MAX) return {state: 'unreadable', reason: 'not a file of plausible size'};
  try {
    const seal = sealFrom(JSON.parse(await readFile(path, 'utf8')));
    return seal === null ? {state: 'unreadable', reason: 'not a seal of version 1'} : {state: 'sealed', seal};
  } catch {
    return {state: 'unreadable', reason: 'not JSON'};
  }
}

type Fields = Readonly<Record<string, unknown>>;

const isFields = (value: unknown): value is Fields => typeof value === 'object' && value !== null && !Array.isArray(value);
const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;

function sealFrom(value: unknown): LogSeal | null {
  if (!isFields(value) || value['formatVersion'] !== '1.0' || value['library'] !== LOG_FORMAT.library) return null;
  const {complete, segments, streams, messages, gaps, dropped, fault} = value;
  if (typeof complete !== 'boolean' || !isCount(messages) || !isCount(gaps) || !isCount(dropped)) return null;
  if (!Array.isArray(segments) || !segments.every(isSegment) || !Array.isArray(streams) || !streams.every(isStream)) return null;
  if (fault !== null && !isFields(fault)) return null;
  if (!isOptional(value['removed'], (removed) => Array.isArray(removed) && removed.every(isSegment)) || !isOptional(value['chain'], isHash)) return null;
  if (!isOptional(value['forgotten'], (forgotten) => forgotten === null || isForgotten(forgotten))) return null;
  return value as unknown as LogSeal;
}

function isSegment(value: unknown): value is SealedSegment {
  return isFields(value) && typeof value['file'] === 'string' && /^\d{6,9}\.mcap$/.test(value['file']) && isCount(value['sizeBytes'])
    && isHash(value['sha256']) && isOptional(value['chain'], isHash) && isCount(value['messages']) && isCount(value['gaps'])
    && Array.isArray(value['streams']) && value['streams'].every(isStream);
}

const isHash = (value: unknown): boolean => typeof value === 'string' && /^[0-9a-f]{64}$/.test(value);
const isOptional = (value: unknown, holds: (value: unknown) => boolean): boolean => value === undefined || holds(value);

function isForgotten(value: unknown): value is ForgottenSegments {
  return isFields(value) && typeof value['throughFile'] === 'string' && /^\d{6,9}\.mcap$/.test(value['throughFile']) && isCount(value['segments'])
    && isCount(value['messages']) && isHash(value['chain']) && Array.isArray(value['streams']) && value['streams'].every(isStream);
}

function isStream(value: unknown): value is SealedStream {
  return isFields(value) && typeof value['stream'] === 'string' && isCount(value['messages']) && isCount(value['firstSeq'])
    && isCount(value['lastSeq']) && isCount(value['firstMonoNs']) && isCount(value['lastMonoNs']);
}
