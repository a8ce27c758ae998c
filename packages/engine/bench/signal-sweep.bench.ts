import {spawn} from 'node:child_process';
import {createInterface} from 'node:readline';
import {runSweep} from '../src/signal/sweep/run-sweep.ts';
import type {SweepBackend} from '../src/signal/sweep/sweep-backend.ts';
import {jobsOf, resultHash, sweepHash, type JobResult, type SweepJob} from '../src/signal/sweep/sweep-job.ts';
import {openWorld, worldModule} from '../src/signal/open-world.ts';
import {walkColumns} from './tick-walk.ts';

// A sweep on one thread and on two, in turns, over the same ticks; and on one thread in each of two processes at once, which share nothing but the machine: what two cores of it give at all.
// `signal-sweep.bench.ts [ticks] [jobs] [rounds] [model]`. One JSON line.
const [ticks = 60_000, jobs = 8, rounds = 3] = process.argv.slice(2, 5).map(Number);
const model = process.argv[5] === undefined || process.argv[5] === '' ? null : process.argv[5];
const isChild = process.argv[6] === 'beside';
const world = await openWorld(model);
const columns = walkColumns(ticks, 2, 7);
const ground = {codeHash: '0'.repeat(64), featureHash: world.makeFeatures(1).featureHash, modelHash: world.model.modelHash, dataHash: '0'.repeat(64)};
const all = jobsOf(ground, {barUs: [null], enter: Array.from({length: jobs}, (_, at) => at / 1000), exit: [0], size: [1], latencyUs: [1000], slippageShare: [0], feeShare: [0]});

/** Jobs and results in memory. */
const memoryBackend = (): SweepBackend & {readonly results: Map<string, JobResult>} => {
  const open: SweepJob[] = [...all];
  const results = new Map<string, JobResult>();
  return {
    results, lease: (count) => Promise.resolve(open.splice(0, count).map((job) => ({job, untilMs: Infinity}))), renew: () => Promise.resolve(true),
    complete: (job, hash, result) => {
      if (resultHash(result) !== hash) throw new Error('a result is not what was hashed');
      results.set(job.id, result);
      return Promise.resolve();
    },
    close: () => Promise.resolve(),
  };
};

const timed = async (workers: number): Promise<{seconds: number; hash: string}> => {
  const backend = memoryBackend();
  const startedMs = performance.now();
  await runSweep({columns, ground, backend, leaseCount: 1_000_000, workers, worldModule: worldModule(), worldOptions: model, signal: new AbortController().signal, onProgress: () => undefined});
  return {seconds: (performance.now() - startedMs) / 1000, hash: sweepHash(all, backend.results)};
};

/** Asked by a line, does the sweep on one thread and answers with its seconds. */
const serve = async (): Promise<void> => {
  for await (const line of createInterface(process.stdin)) if (line !== '') process.stdout.write(`${(await timed(1)).seconds}\n`);
};

const measure = async (): Promise<void> => {
  const other = spawn(process.execPath, [import.meta.filename, ...[ticks, jobs, rounds].map(String), model ?? '', 'beside'], {stdio: ['pipe', 'pipe', 'inherit']});
  const answers = createInterface(other.stdout)[Symbol.asyncIterator]();
  const beside = async (): Promise<number> => { other.stdin.write('\n-\n'); return Number((await answers.next()).value); };
  const one: number[] = [], two: number[] = [], apart: number[] = [];
  const hashes = new Set<string>();
  const take = async (workers: number): Promise<number> => {
    const {seconds, hash} = await timed(workers);
    hashes.add(hash);
    return seconds;
  };
  const turns: readonly (() => Promise<void>)[] = [
    async () => { one.push(await take(1)); },
    async () => { two.push(await take(2)); },
    async () => { apart.push(Math.max(...await Promise.all([take(1), beside()]))); },
  ];
  for (let round = 0; round < rounds; round++) for (const turn of round % 2 === 0 ? turns : turns.toReversed()) await turn();
  other.kill('SIGKILL');
  const best = (times: readonly number[]): number => Math.min(...times);
  const scaling = best(one) / best(two), apartScaling = (2 * best(one)) / best(apart);
  process.stdout.write(`${JSON.stringify({bench: 'signal-sweep', ticks, jobs, rounds, features: world.makeFeatures(1).names.length, oneS: best(one), twoS: best(two), apartS: best(apart), scaling, apartScaling, ticksPerSecond: Math.round((ticks * jobs) / best(two)), hashes: hashes.size})}\n`);
};

await (isChild ? serve() : measure());
