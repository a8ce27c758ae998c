import {closeSync, constants, existsSync, fstatSync, fsyncSync, openSync, readFileSync, readSync, writeSync} from 'node:fs';
import {TandemError} from '@tandem/contract';
import type {Lease, SweepBackend} from './sweep-backend.ts';
import {resultHash, type JobResult, type SweepJob} from './sweep-job.ts';

/** Results of finished jobs in a journal, one a line. A line that was cut by the end of the process, or changed, does not count. */
export const readJournal = (file: string): Map<string, JobResult> => {
  const results = new Map<string, JobResult>();
  if (!existsSync(file)) return results;
  for (const line of readFileSync(file, 'utf8').split('\n')) {
    const entry = parseEntry(line);
    if (entry !== null) results.set(entry.job, entry.result);
  }
  return results;
};

const parseEntry = (line: string): {job: string; result: JobResult} | null => {
  try {
    const entry = JSON.parse(line) as {job: string; resultHash: string; result: JobResult};
    return resultHash(entry.result) === entry.resultHash ? entry : null;
  } catch {
    return null;
  }
};

/** Jobs of this machine. What was completed before is not done again; each completion is on the disk before it is told. */
export class JournalBackend implements SweepBackend {
  readonly results: Map<string, JobResult>;
  private readonly open: SweepJob[];
  private readonly fd: number;
  private readonly file: string;

  constructor(file: string, jobs: readonly SweepJob[]) {
    this.file = file;
    const wanted = new Set(jobs.map(({id}) => id));
    this.results = new Map([...readJournal(file)].filter(([id]) => wanted.has(id)));
    this.open = jobs.filter(({id}) => !this.results.has(id));
    this.fd = openSync(file, constants.O_CREAT | constants.O_APPEND | constants.O_RDWR, 0o640);
    // half a line of a process that was killed must not swallow the next one
    const {size} = fstatSync(this.fd);
    const last = Buffer.alloc(1);
    if (size > 0 && readSync(this.fd, last, 0, 1, size - 1) === 1 && last[0] !== 0x0a) writeSync(this.fd, '\n');
  }

  lease(count: number): Promise<readonly Lease[]> {
    return Promise.resolve(this.open.splice(0, count).map((job) => ({job, untilMs: Infinity})));
  }

  renew(): Promise<boolean> {
    return Promise.resolve(true);
  }

  complete(job: SweepJob, hash: string, result: JobResult): Promise<void> {
    const known = this.results.get(job.id);
    if (known !== undefined && resultHash(known) !== hash) {
      return Promise.reject(new TandemError({id: 'TDM-E439', kind: 'invariant', what: 'a job gave two results', where: this.file, seen: `job ${job.id}: ${resultHash(known)} and ${hash}`, fix: 'report it with both results'}));
    }
    if (known === undefined) {
      writeSync(this.fd, `${JSON.stringify({job: job.id, resultHash: hash, result})}\n`);
      fsyncSync(this.fd);
      this.results.set(job.id, result);
    }
    return Promise.resolve();
  }

  close(): Promise<void> {
    closeSync(this.fd);
    return Promise.resolve();
  }
}
