import {createHash} from 'node:crypto';
import {parentPort, workerData} from 'node:worker_threads';
import {TandemError} from '@tandem/contract';
import {columnsOver} from '../tick-store/tick-columns.ts';
import {Simulation, type SimulationResult} from '../simulation/simulation.ts';
import type {SignalWorld} from '../signal-world.ts';
import type {WorkerFailure, WorkerMessage, WorkerStart} from './run-sweep.ts';
import type {JobResult, SweepGround} from './sweep-job.ts';

/** ticks between two looks at the stop flag */
const PIECE_TICKS = 16_384;

const start = workerData as WorkerStart;
const tell = (message: WorkerMessage): void => { parentPort?.postMessage(message); };
const kept = ({pnl, orders, signals, ticks, positions, hash}: SimulationResult): JobResult => ({pnl, orders: orders.length, signals, ticks, positions, hash});

/** What differs between what was loaded here and what the jobs are named by; null when nothing does. */
const otherGround = ({featureHash, modelHash}: Pick<SweepGround, 'featureHash' | 'modelHash'>): string | null => {
  if (featureHash !== start.ground.featureHash) return `features ${featureHash.slice(0, 12)}, not ${start.ground.featureHash.slice(0, 12)}`;
  return modelHash === start.ground.modelHash ? null : `model ${modelHash.slice(0, 12)}, not ${start.ground.modelHash.slice(0, 12)}`;
};

const work = async (): Promise<void> => {
  const {openWorld} = await import(start.worldModule) as {openWorld: (options: unknown) => Promise<SignalWorld>};
  const world = await openWorld(start.worldOptions);
  const columns = columnsOver(start.buffer, start.count, start.symbols);
  const other = otherGround({featureHash: world.makeFeatures(1).featureHash, modelHash: world.model.modelHash});
  if (other !== null) {
    tell({kind: 'other-ground', what: other});
    return;
  }
  for (let at = Atomics.add(start.counter, 0, 1); at < start.jobs.length && Atomics.load(start.counter, 1) === 0; at = Atomics.add(start.counter, 0, 1)) {
    const {parameters: {barUs, enter, exit, size, ...fills}} = start.jobs[at]!;
    const simulation = new Simulation(columns, {
      features: world.makeFeatures(columns.symbols.length), model: world.model, barUs, rule: {enter, exit, size}, fills, onSignal: null,
      digest: (octets) => createHash('sha256').update(octets).digest(),
    });
    for (let more = true; more;) {
      more = simulation.run(PIECE_TICKS);
      Atomics.add(start.ticksDone, start.slot, BigInt(PIECE_TICKS));
    }
    tell({kind: 'done', at, result: kept(simulation.result())});
  }
  tell({kind: 'end'});
};

const failure = (error: unknown): WorkerFailure => {
  const {message, stack} = error instanceof Error ? error : {message: String(error), stack: ''};
  return {kind: 'failed', what: message, stack: stack ?? '', detail: error instanceof TandemError ? error.detail : null};
};

work().catch((error: unknown) => { tell(failure(error)); });
