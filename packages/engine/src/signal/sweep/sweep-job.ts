import {createHash} from 'node:crypto';
import type {FillRules} from '../simulation/fills.ts';
import type {SimulationResult, ThresholdRule} from '../simulation/simulation.ts';

/** What one job varies. */
export interface SweepParameters extends ThresholdRule, FillRules {
  /** null: a step for each tick */
  readonly barUs: number | null;
}

/** What all jobs of a sweep have in common; hashes in hex. */
export interface SweepGround {
  readonly codeHash: string;
  readonly featureHash: string;
  readonly modelHash: string;
  readonly dataHash: string;
}

export interface SweepJob {
  /** SHA-256 of ground and parameters: the same job has the same name everywhere, so doing it twice only checks it */
  readonly id: string;
  readonly parameters: SweepParameters;
}

/** What is kept of a job. */
export interface JobResult {
  readonly pnl: number;
  readonly orders: number;
  readonly signals: number;
  readonly ticks: number;
  readonly positions: SimulationResult['positions'];
  /** of signals, orders and rows, see SimulationResult */
  readonly hash: string;
}

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

/** JSON with the keys in their order, so that one value has one text. */
const canonical = (value: unknown): string => JSON.stringify(value, (_, part: unknown) => (part !== null && typeof part === 'object' && !Array.isArray(part)
  ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1))) : part));

export const jobId = (ground: SweepGround, parameters: SweepParameters): string => sha256(canonical({ground, parameters}));
export const resultHash = (result: JobResult): string => sha256(canonical(result));

/** Values to try for each parameter. */
export type SweepGrid = {readonly [K in keyof SweepParameters]: readonly SweepParameters[K][]};

/** Every combination, the last parameter fastest; duplicates once. */
export const jobsOf = (ground: SweepGround, grid: SweepGrid): readonly SweepJob[] => {
  const names = ['barUs', 'enter', 'exit', 'size', 'latencyUs', 'slippageShare', 'feeShare'] as const;
  const all = names.reduce<readonly Partial<SweepParameters>[]>((made, name) => made.flatMap((one) => grid[name].map((value) => ({...one, [name]: value}))), [{}]);
  const jobs = all.map((parameters) => ({id: jobId(ground, parameters as SweepParameters), parameters: parameters as SweepParameters}));
  return [...new Map(jobs.map((job) => [job.id, job])).values()];
};

/** One hash for a whole sweep, the same for any number of workers and any order of completion. */
export const sweepHash = (jobs: readonly SweepJob[], results: ReadonlyMap<string, JobResult>): string =>
  sha256(jobs.map(({id}) => `${id} ${resultHash(results.get(id)!)}\n`).join(''));
