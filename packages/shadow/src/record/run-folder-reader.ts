import {open} from 'node:fs/promises';
import {join} from 'node:path';
import {RUN_FILE, TandemError, type Evidence, type RunManifest, type RunResult} from '@tandem/contract';
import {sha256Hex} from './canonical-json.ts';

const FILE_BYTES_MAX = 64 * 1024 * 1024;
const MAJOR = '1';

/** A run folder as found. What an unfinished run did not write is null. */
export interface RunFolder {
  readonly path: string;
  readonly manifest: RunManifest;
  readonly evidence: Evidence | null;
  readonly result: RunResult | null;
  /** SHA-256 of evidence.json as it stands on disk */
  readonly evidenceHash: string | null;
  /** why its verdict may not be relied on: `incomplete`, an edited evidence file, a result of another run */
  readonly problems: readonly string[];
}

/** Reads a run folder. Throws when it is none, is of an unknown format, or holds a file that cannot be read. */
export async function readRunFolder(path: string): Promise<RunFolder> {
  const manifestText = await readBounded(join(path, RUN_FILE.manifest));
  if (manifestText === null) {
    throw new TandemError({
      id: 'TDM-E243', kind: 'usage', what: 'This is not a run folder.', where: path, seen: `it has no ${RUN_FILE.manifest}`,
      fix: '`tandem runs` lists the run folders that there are',
    });
  }
  const manifest = parse<RunManifest>(join(path, RUN_FILE.manifest), manifestText);
  const evidenceText = await readBounded(join(path, RUN_FILE.evidence));
  const resultText = await readBounded(join(path, RUN_FILE.result));
  const evidence = evidenceText === null ? null : parseJson<Evidence>(join(path, RUN_FILE.evidence), evidenceText);
  const result = resultText === null ? null : parse<RunResult>(join(path, RUN_FILE.result), resultText);
  const evidenceHash = evidenceText === null ? null : sha256Hex(evidenceText);
  return {path, manifest, evidence, result, evidenceHash, problems: problemsOf({manifest, result, evidenceHash})};
}

function problemsOf(run: Pick<RunFolder, 'manifest' | 'result' | 'evidenceHash'>): string[] {
  const {manifest, result, evidenceHash} = run;
  const problems: string[] = [];
  if (!manifest.complete) problems.push('the run is incomplete');
  if (result === null) return problems;
  if (result.runId !== manifest.runId) problems.push(`${RUN_FILE.result} belongs to run ${result.runId}`);
  if (evidenceHash === null) problems.push(`${RUN_FILE.evidence} is missing`);
  else if (result.verdict?.evidenceHash !== evidenceHash) problems.push(`${RUN_FILE.evidence} is not the one that was judged`);
  return problems;
}

async function readBounded(path: string): Promise<Buffer | null> {
  const file = await open(path, 'r').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return null;
    throw unreadable(path, error.message, error);
  });
  if (file === null) return null;
  try {
    const {size} = await file.stat();
    if (size > FILE_BYTES_MAX) throw unreadable(path, `${size} bytes; at most ${FILE_BYTES_MAX} are read`);
    return await file.readFile();
  } catch (error) {
    throw error instanceof TandemError ? error : unreadable(path, (error as Error).message, error);
  } finally {
    await file.close();
  }
}

function parseJson<T>(path: string, bytes: Buffer): T {
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder('utf-8', {fatal: true}).decode(bytes));
  } catch (error) {
    throw unreadable(path, (error as Error).message, error);
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw unreadable(path, 'it is not a JSON object');
  return value as T;
}

function parse<T extends {readonly formatVersion: string}>(path: string, bytes: Buffer): T {
  const value = parseJson<T>(path, bytes);
  const version: unknown = value.formatVersion;
  if (typeof version !== 'string' || version.split('.', 1)[0] !== MAJOR) {
    throw new TandemError({
      id: 'TDM-E244', kind: 'usage', what: 'This run folder has a format that this version does not know.', where: path,
      seen: `formatVersion ${String(version).slice(0, 20)}, known is ${MAJOR}.x`, fix: 'read it with the version of tandem that wrote it',
    });
  }
  return value;
}

function unreadable(path: string, seen: string, cause?: unknown): TandemError {
  return new TandemError({
    id: 'TDM-E245', kind: 'environment', what: 'A file of the run folder cannot be read.', where: path, seen,
    likely: 'it was cut or edited after the run', fix: 'run it again, or restore the file',
  }, {cause});
}
