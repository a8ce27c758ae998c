import {signalTools} from '../session-plan.ts';
import {seededWalk} from '../work/seeded-walk.ts';
import type {ClaimContext} from './claim.ts';

type Tools = Awaited<ReturnType<typeof signalTools>>;
type Report = Awaited<ReturnType<Tools['perturbFuture']>>;
type Trial = Parameters<Tools['perturbFuture']>[0];
type Columns = Parameters<Trial['run']>[0];

const TICKS = 8000;

/** What a feature can read that it must not, and how far ahead it then sees (null: everything). */
type Plant = readonly [name: string, value: (columns: Columns, at: number, own: number) => number, reach: number | null];

const price = (columns: Columns, at: number): number => columns.fields[0]?.[at] ?? Number.NaN;
const mean = (columns: Columns): number => (columns.fields[0] as Float64Array).reduce((sum, value) => sum + value, 0) / columns.count;

const plants = (): readonly Plant[] => {
  const means = new WeakMap<Columns, number>();
  const wholeMean = (columns: Columns): number => {
    if (!means.has(columns)) means.set(columns, mean(columns));
    return means.get(columns) as number;
  };
  return [
    ['high of the next tick', (columns, at) => columns.fields[1]?.[at + 1] ?? Number.NaN, 1],
    ['price three ticks ahead', (columns, at) => price(columns, at + 3), 3],
    ['centred window', (columns, at) => (price(columns, at - 10) + price(columns, at + 10)) / 2, 10],
    ['time of the next tick', (columns, at) => columns.timeUs[at + 1] ?? 0, 1],
    ['scale of the whole file', (columns, _, own) => own - wholeMean(columns) * 1e-9, null],
    ['length of the file', (columns, at) => at / columns.count, null],
    ['volume fifty ticks ahead', (columns, at, own) => own + (columns.fields[3]?.[at + 50] ?? 0) * 1e-12, 50],
  ];
};

export interface LeakTrials {
  /** the features as they are */
  readonly own: Report;
  readonly trials: readonly {readonly name: string; readonly seconds: number; readonly found: boolean}[];
}

/** The repository's features, and the same with one of them, another each time, reading what it must not. */
export const leakTrials = async (context: ClaimContext): Promise<LeakTrials> => {
  const tools = await signalTools();
  const columns = await seededWalk(TICKS, context.seed);
  const clean = tools.streamedTrial((await tools.openWorld(null)).makeFeatures);
  const width = clean.names.length;
  const trials: LeakTrials['trials'][number][] = [];
  for (const [index, [name, value, reach]] of plants().entries()) {
    const feature = Math.floor(((index + 0.5) / plants().length) * width);
    const row = new Float64Array(width);
    const leaking: Trial = {names: clean.names, run: (given, onRow) => clean.run(given, (at, own) => {
      row.set(own);
      row[feature] = value(given, at, own[feature] as number);
      onRow(at, row);
    })};
    const startedMs = performance.now();
    const {leaks} = await tools.perturbFuture(leaking, columns, {cuts: 4, seed: context.seed});
    const [leak] = leaks;
    // a feature that is warm late shows a small reach at most
    const found = leaks.length === 1 && leak?.feature === clean.names[feature] && (leak?.reachTicks === reach);
    trials.push({name, seconds: (performance.now() - startedMs) / 1000, found});
  }
  return {own: await tools.perturbFuture(clean, columns, {cuts: 4, seed: context.seed}), trials};
};
