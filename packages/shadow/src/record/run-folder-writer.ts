import {mkdir, readFile} from 'node:fs/promises';
import {join, resolve} from 'node:path';
import {RUN_FILE, type Evidence, type LaneName, type RunManifest, type RunResult, type Verdict} from '@tandem/contract';
import {canonicalJson, sha256Hex} from './canonical-json.ts';
import {storageError, writeDurably} from './durable-file.ts';
import {hostFacts, runtimeVersions} from './host-facts.ts';
import {runIdOf} from './run-id.ts';

/** What is known when a run begins. */
export type RunStart = Pick<RunManifest, 'kind' | 'migration' | 'configHash' | 'seed' | 'command' | 'rules'> & {
  readonly startedAt: Date;
  /** a few random letters or digits */
  readonly random: string;
  /** libraries and lanes: name -> version */
  readonly versions: Readonly<Record<string, string>>;
  readonly notes?: readonly string[];
};

/** What is known when it ends. */
export interface RunEnd {
  readonly finishedAt: Date;
  /** name of a capture file below the folder -> SHA-256 */
  readonly capture: Readonly<Record<string, string>>;
  /** false: the run was broken off; what is there is kept and never judged as a whole */
  readonly complete: boolean;
  readonly notes?: readonly string[];
}

/** Writes one run folder: the manifest first (`complete: false`), last (`complete` as it went); every file whole or not at all. */
export interface RunFolderWriter {
  readonly path: string;
  readonly runId: string;
  /** absolute path of a file or folder inside, its parent made */
  place(relative: string): Promise<string>;
  /** returns the SHA-256 of the bytes written: what a verdict is bound to */
  writeEvidence(evidence: Evidence): Promise<string>;
  /** `result.json`, with the run's id filled in */
  writeResult(result: {readonly exitCode: number; readonly verdict: Verdict}): Promise<void>;
  writeLaneStderr(lane: LaneName, lines: readonly string[]): Promise<void>;
  writeLaneStats(lane: LaneName, stats: unknown): Promise<void>;
  finish(end: RunEnd): Promise<void>;
}

/** What evidence.json will hold, and its SHA-256: so that a verdict can be computed before anything is written. */
export function evidenceBytes(evidence: Evidence): {readonly text: string; readonly hash: string} {
  const text = canonicalJson(evidence);
  return {text, hash: sha256Hex(text)};
}

export async function createRunFolder(root: string, start: RunStart): Promise<RunFolderWriter> {
  const runId = runIdOf(start.startedAt, start.migration, start.random);
  const path = resolve(root, runId);
  try {
    await mkdir(root, {recursive: true, mode: 0o700});
    await mkdir(path, {mode: 0o700}); // not recursive: a folder that is there belongs to another run
    await mkdir(join(path, 'lanes'), {mode: 0o700});
  } catch (error) {
    throw storageError(path, error);
  }
  const opened: RunManifest = {
    formatVersion: '1.0', runId, kind: start.kind, migration: start.migration, configHash: start.configHash, seed: start.seed,
    startedAt: start.startedAt.toISOString(), finishedAt: null, command: start.command, host: hostFacts(),
    versions: {...runtimeVersions(), ...start.versions}, capture: {}, rules: start.rules, complete: false, notes: start.notes ?? [],
  };
  await writeDurably(join(path, RUN_FILE.manifest), canonicalJson(opened));
  return writerOf(path, opened);
}

/** The folder of a run that did not come to its end: goes on in it. */
export async function reopenRunFolder(path: string): Promise<RunFolderWriter> {
  return writerOf(path, JSON.parse(await readFile(join(path, RUN_FILE.manifest), 'utf8')) as RunManifest);
}

function writerOf(path: string, opened: RunManifest): RunFolderWriter {
  const {runId} = opened;
  const write = (name: string, text: string): Promise<void> => writeDurably(join(path, name), text);
  return {
    path, runId,
    async place(relative) {
      const target = join(path, relative);
      await mkdir(join(target, '..'), {recursive: true, mode: 0o700}).catch((error: unknown) => {
        throw storageError(target, error);
      });
      return target;
    },
    async writeEvidence(evidence) {
      const {text, hash} = evidenceBytes(evidence);
      await write(RUN_FILE.evidence, text);
      return hash;
    },
    async writeResult({exitCode, verdict}) {
      const result: RunResult = {formatVersion: '1.0', runId, exitCode, verdict};
      await write(RUN_FILE.result, canonicalJson(result));
    },
    writeLaneStderr: (lane, lines) => write(RUN_FILE.laneStderr(lane), lines.map((line) => `${line}\n`).join('')),
    writeLaneStats: (lane, stats) => write(RUN_FILE.laneStats(lane), canonicalJson(stats)),
    finish: (end) => write(RUN_FILE.manifest, canonicalJson({
      ...opened, finishedAt: end.finishedAt.toISOString(), capture: end.capture, complete: end.complete,
      notes: [...opened.notes, ...(end.notes ?? [])],
    } satisfies RunManifest)),
  };
}
