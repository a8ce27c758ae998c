import {readFileSync} from 'node:fs';
import {availableParallelism} from 'node:os';
import {join} from 'node:path';
import {EXIT_CODE, TandemError} from '@tandem/contract';
import {signalTools} from '../session-plan.ts';
import {openTicks} from './tick-input.ts';
import {moduleFailure} from './user-module.ts';
import {openWorldOf} from './world-input.ts';
import {numberFlag, textFlag, type WorkContext} from './work-context.ts';

type Tools = Awaited<ReturnType<typeof signalTools>>;
type Grid = Parameters<Tools['jobsOf']>[1];

const US_PER_MS = 1000;
const BPS = 10_000;
const JOBS_MAX = 1_000_000;

const wrongGrid = (file: string, seen: string): TandemError => new TandemError({id: 'TDM-E149', kind: 'usage', what: 'the grid cannot be used', where: file, seen, fix: 'tandem sweep --help shows one'});

/** Values by name; what is left out is one usual value. */
export const readGrid = (file: string): Grid => {
  const usual: Record<string, readonly (number | null)[]> = {barMs: [null], enter: [0], exit: [0], size: [1], latencyMs: [1], slippageBps: [0], feeBps: [0]};
  let given: Record<string, unknown>;
  try {
    given = JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>;
  } catch (error) {
    throw wrongGrid(file, (error as Error).message);
  }
  if (given === null || typeof given !== 'object' || Array.isArray(given)) throw wrongGrid(file, 'it is no object of lists');
  for (const [name, values] of Object.entries(given)) {
    if (!Object.hasOwn(usual, name)) throw wrongGrid(file, `"${name}" is none of ${Object.keys(usual).join(', ')}`);
    const isNumbers = Array.isArray(values) && values.length > 0 && values.every((value) => (name === 'barMs' && value === null) || (Number.isFinite(value) && (name === 'barMs' ? value > 0 : value >= 0)));
    if (!isNumbers) throw wrongGrid(file, name === 'barMs' ? '"barMs" is no list of milliseconds above 0, or null for each tick' : `"${name}" is no list of numbers from 0`);
  }
  const list = (name: string): readonly (number | null)[] => given[name] as readonly (number | null)[] | undefined ?? usual[name] as readonly (number | null)[];
  const scaled = (name: string, by: number): number[] => list(name).map((value) => (value as number) * by);
  const grid: Grid = {barUs: list('barMs').map((value) => (value === null ? null : value * US_PER_MS)), enter: scaled('enter', 1), exit: scaled('exit', 1), size: scaled('size', 1), latencyUs: scaled('latencyMs', US_PER_MS),
    slippageShare: scaled('slippageBps', 1 / BPS), feeShare: scaled('feeBps', 1 / BPS)};
  const jobs = Object.values(grid).reduce((product, values) => product * values.length, 1);
  if (jobs > JOBS_MAX) throw wrongGrid(file, `${jobs} jobs, at most ${JOBS_MAX}`);
  return grid;
};

const shardOf = <T>(jobs: readonly T[], text: string | null): readonly T[] => {
  const match = /^(\d+)\/(\d+)$/.exec(text ?? '1/1');
  const [k, n] = [Number(match?.[1]), Number(match?.[2])];
  if (match !== null && k >= 1 && k <= n) return jobs.filter((_, at) => at % n === k - 1);
  throw new TandemError({id: 'TDM-E104', kind: 'usage', what: '--shard is not understood', seen: `"${text}"`, fix: 'for example --shard 1/4'});
};

/** A worker runs nothing of the user's but the world, so what fails there is the world's; what is told already stays what it is. */
const brokenWorld = (own: string, error: unknown): unknown => (error instanceof TandemError && error.detail.id === 'TDM-E438' ? moduleFailure(own, error.cause ?? new Error(`a worker of the sweep: ${error.detail.seen}`)) : error);

/** `tandem sweep` */
export const sweepWork = async (context: WorkContext, file: string): Promise<number> => {
  const tools = await signalTools();
  const ticks = await openTicks([file]);
  const {world, module, modelFile, codeHash, own} = await openWorldOf(textFlag(context, 'world'), textFlag(context, 'model'));
  const ground = {codeHash, featureHash: world.makeFeatures(1).featureHash, modelHash: world.model.modelHash, dataHash: ticks.dataHash};
  const jobs = shardOf(tools.jobsOf(ground, readGrid(textFlag(context, 'grid') ?? '')), textFlag(context, 'shard'));
  const out = textFlag(context, 'out') ?? 'runs/sweep';
  const folder = tools.openSweepFolder(out, ground, jobs);
  const workers = numberFlag(context, 'workers') ?? availableParallelism();
  const startedMs = performance.now();
  const done = await tools.runSweep({columns: ticks, ground, backend: folder.backend, leaseCount: 10_000, workers, worldModule: module, worldOptions: modelFile, signal: context.signal,
    onProgress: ({jobsDone, ticksDone}) => { context.progress.offer(performance.now(), () => [`sweep  ${(folder.resumed + jobsDone).toLocaleString('en-US')} of ${jobs.length.toLocaleString('en-US')} jobs  ${Math.round(ticksDone / ((performance.now() - startedMs) / 1000)).toLocaleString('en-US')} ticks/s`]); }})
    .catch((error: unknown) => { throw own === null ? error : brokenWorld(own, error); });
  context.progress.done();
  const seconds = Math.round(performance.now() - startedMs) / 1000;
  await folder.backend.close();
  const hash = folder.finish();
  const best = jobs.flatMap(({parameters, id}) => { const result = folder.backend.results.get(id); return result === undefined ? [] : [{...parameters, pnl: result.pnl, orders: result.orders}]; }).sort((a, b) => b.pnl - a.pnl).slice(0, numberFlag(context, 'top') ?? 10);
  context.printJson({formatVersion: '1.0', out, jobs: jobs.length, resumed: folder.resumed, done, workers, seconds, hash, best});
  context.print(`${done + folder.resumed} of ${jobs.length} jobs (${folder.resumed} from before), ${workers} workers, ${seconds} s${hash === null ? '; go on with the same command' : ''}`);
  for (const {pnl, orders, enter, exit, size, barUs, latencyUs} of best) context.print(`  PnL ${pnl.toPrecision(8).padStart(14)}  orders ${String(orders).padStart(7)}  enter ${enter} exit ${exit} size ${size} bar ${barUs === null ? 'tick' : `${barUs / US_PER_MS}ms`} latency ${latencyUs / US_PER_MS}ms`);
  if (hash !== null) context.print(`  result ${hash}  ${join(out, 'result.json')}`);
  return hash === null ? EXIT_CODE.interrupted : EXIT_CODE.pass;
};
