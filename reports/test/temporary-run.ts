import {mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {syntheticRun, writeSyntheticRun} from './fixtures/synthetic-run.ts';
import type {SyntheticRun} from './fixtures/synthetic-run.ts';

const folders: string[] = [];

/** A run folder of its own in a new temporary folder; `removeTemporaryRuns` ends it. */
export const temporaryRun = (run: SyntheticRun = smallRun()): string => {
  const folder = mkdtempSync(join(tmpdir(), 'tandem-report-'));
  folders.push(folder);
  writeSyntheticRun(folder, run);
  return folder;
};

export const smallRun = (outcome: 'pass' | 'fail' = 'fail'): SyntheticRun =>
  syntheticRun({outcome, seed: 9, seconds: 20, messages: 40_000, latencySamples: 2000, canary: false, twin: true});

/** Replaces one JSON file of a run folder by what `change` makes of it. */
export const rewrite = (folder: string, name: string, text: string): void => writeFileSync(join(folder, name), text);

export const removeTemporaryRuns = (): void => {
  for (const folder of folders.splice(0)) rmSync(folder, {recursive: true, force: true});
};
