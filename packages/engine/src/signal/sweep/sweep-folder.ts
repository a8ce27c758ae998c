import {existsSync, mkdirSync, readFileSync, renameSync, statSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {TandemError} from '@tandem/contract';
import {JournalBackend} from './journal-backend.ts';
import {sweepHash, type JobResult, type SweepGround, type SweepJob} from './sweep-job.ts';

/** What a sweep leaves: `sweep.json` (what it is), `journal.jsonl` (finished jobs), `result.json` (all of them, once they are). */
export interface SweepFolder {
  readonly backend: JournalBackend;
  /** jobs that an earlier run finished */
  readonly resumed: number;
  /** Writes the result when every job is done. @returns its hash; null when some are open */
  finish(): string | null;
}

const putWhole = (file: string, text: string): void => {
  writeFileSync(`${file}.part-${process.pid}`, text);
  renameSync(`${file}.part-${process.pid}`, file);
};

/** What a sweep keeps in its folder is read by name, and another thing may stand there. */
const refuseNoFile = (file: string): void => {
  if (statSync(file, {throwIfNoEntry: false})?.isFile() === false) throw new TandemError({id: 'TDM-E428', kind: 'usage', what: 'the folder holds no sweep', where: file, seen: 'it is no file', fix: 'give another --out'});
};

/**
 * Opens a folder for a sweep, or goes on with the one in it.
 * @throws TandemError TDM-E428 when the folder holds another sweep: other code, features, model, data or jobs
 */
export const openSweepFolder = (folder: string, ground: SweepGround, jobs: readonly SweepJob[]): SweepFolder => {
  mkdirSync(folder, {recursive: true});
  for (const name of ['sweep.json', 'journal.jsonl', 'result.json']) refuseNoFile(join(folder, name));
  const specFile = join(folder, 'sweep.json');
  const spec = `${JSON.stringify({formatVersion: '1.0', ground, jobs: jobs.map(({id}) => id)}, null, 1)}\n`;
  if (!existsSync(specFile)) putWhole(specFile, spec);
  else if (readFileSync(specFile, 'utf8') !== spec) {
    throw new TandemError({id: 'TDM-E428', kind: 'usage', what: 'the folder holds another sweep', where: folder, seen: differenceOf(readFileSync(specFile, 'utf8'), ground), fix: 'give another --out'});
  }
  const backend = new JournalBackend(join(folder, 'journal.jsonl'), jobs);
  return {
    backend, resumed: backend.results.size,
    finish() {
      if (jobs.some(({id}) => !backend.results.has(id))) return null;
      const hash = sweepHash(jobs, backend.results);
      const rows = jobs.map(({id, parameters}) => ({job: id, parameters, ...backend.results.get(id) as JobResult}));
      putWhole(join(folder, 'result.json'), `${JSON.stringify({formatVersion: '1.0', hash, ground, jobs: rows}, null, 1)}\n`);
      return hash;
    },
  };
};

const differenceOf = (text: string, ground: SweepGround): string => {
  try {
    const before = (JSON.parse(text) as {ground: SweepGround}).ground;
    const changed = (Object.keys(ground) as (keyof SweepGround)[]).filter((key) => before[key] !== ground[key]);
    return changed.length === 0 ? 'its jobs are others' : `changed since: ${changed.join(', ')}`;
  } catch {
    return 'its sweep.json cannot be read';
  }
};
