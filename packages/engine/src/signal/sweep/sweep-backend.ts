import type {JobResult, SweepJob} from './sweep-job.ts';

/** A job that somebody has promised to do until a time. */
export interface Lease {
  readonly job: SweepJob;
  /** ms since 1970; Infinity where nobody else asks */
  readonly untilMs: number;
}

/**
 * Where jobs come from and where results go: this machine, or an engine that a team has already. At-least-once is enough, because a job is
 * named by its content: a second result must be the first one, or something is not deterministic.
 */
export interface SweepBackend {
  /** At most so many jobs that nobody else does now; none = there are no more. */
  lease(count: number): Promise<readonly Lease[]>;
  /** Promises to go on. @returns is the lease still ours? */
  renew(lease: Lease): Promise<boolean>;
  /** @throws TandemError TDM-E439 when another result of the same job is known */
  complete(job: SweepJob, resultHash: string, result: JobResult): Promise<void>;
  close(): Promise<void>;
}
