import {runSweep} from '../src/signal/sweep/run-sweep.ts';
import type {SweepBackend} from '../src/signal/sweep/sweep-backend.ts';
import {jobsOf, resultHash, sweepHash, type JobResult, type SweepJob} from '../src/signal/sweep/sweep-job.ts';
import {openWorld, worldModule} from '../src/signal/open-world.ts';
import {walkColumns} from './tick-walk.ts';

// A sweep on one thread and on two, in turns, over the same ticks: `signal-sweep.bench.ts [ticks] [jobs] [rounds] [model]`. One JSON line.
const [ticks = 60_000, jobs = 8, rounds = 3] = process.argv.slice(2, 5).map(Number);
const model = process.argv[5] ?? null;
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

const one: number[] = [], two: number[] = [];
const hashes = new Set<string>();
for (let round = 0; round < rounds; round++) {
  for (const workers of round % 2 === 0 ? [1, 2] : [2, 1]) {
    const {seconds, hash} = await timed(workers);
    hashes.add(hash);
    (workers === 1 ? one : two).push(seconds);
  }
}
const best = (times: readonly number[]): number => Math.min(...times);
process.stdout.write(`${JSON.stringify({bench: 'signal-sweep', ticks, jobs, features: world.makeFeatures(1).names.length, oneS: best(one), twoS: best(two), scaling: best(one) / best(two), ticksPerSecond: Math.round((ticks * jobs) / best(two)), hashes: hashes.size})}\n`);
