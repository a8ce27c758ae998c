import {TandemError} from '@tandem/contract';
import {FIELD_COUNT, columnBytes, columnsOver, copyColumns, type TickColumns} from '../tick-store/tick-columns.ts';

/** Features as a black box: ticks in, one row a tick out, in order. `row` may be reused. Another program may stand behind it. */
export interface FeatureTrial {
  readonly names: readonly string[];
  run(columns: TickColumns, onRow: (at: number, row: Float64Array) => void): void | Promise<void>;
}

/** A feature that knew what came later. */
export interface Leak {
  readonly feature: string;
  readonly found: 'perturbed' | 'truncated';
  /** the earliest row that changed */
  readonly firstRow: number;
  readonly cut: number;
  /** so many ticks ahead it saw at least; null: the whole file */
  readonly reachTicks: number | null;
}

export interface PerturbReport {
  readonly ticks: number;
  readonly features: number;
  readonly cuts: readonly number[];
  readonly valuesCompared: number;
  /** features without a single number up to the last cut: nothing was compared, so nothing is said about them */
  readonly silent: readonly string[];
  /** one a feature, the farthest reach; no leak = empty */
  readonly leaks: readonly Leak[];
}

const SHIFT = 0.01;
/** a change in one of the first rows that hold a value stands for a look at everything */
const WHOLE_FILE_ROWS = 2;

/** Columns whose ticks after `cut` are others: every value moved, time stretched. The count stays. */
export const perturbed = (columns: TickColumns, cut: number, seed: number): TickColumns => {
  const copy = copyColumns(columns);
  const cutUs = columns.timeUs[cut]!;
  for (let at = cut + 1; at < copy.count; at++) {
    copy.timeUs[at] = cutUs + Math.floor((columns.timeUs[at]! - cutUs) * 1.5) + 1;
    for (let field = 0; field < FIELD_COUNT; field++) copy.fields[field]![at]! *= 1 + SHIFT * Math.sin(at * 12.9898 + field * 78.233 + seed);
  }
  return copy;
};

/** Columns that end after `cut`. */
export const truncated = (columns: TickColumns, cut: number): TickColumns => {
  const count = cut + 1;
  const copy = columnsOver(new ArrayBuffer(columnBytes(count)), count, columns.symbols);
  copy.timeUs.set(columns.timeUs.subarray(0, count));
  copy.symbol.set(columns.symbol.subarray(0, count));
  copy.fields.forEach((field, index) => { field.set(columns.fields[index]!.subarray(0, count)); });
  return copy;
};

const same = (a: number, b: number): boolean => (a === b ? a !== 0 || 1 / a === 1 / b : a !== a && b !== b);

/** The first row in which a feature is a number. */
const firstValue = (base: Float64Array, rows: number, width: number, index: number): number => {
  for (let at = 0; at < rows; at++) if (!Number.isNaN(base[at * width + index]!)) return at;
  return rows;
};

/** The first changed row of each feature, -1 = none. */
const firstChanges = async (trial: FeatureTrial, base: Float64Array, columns: TickColumns, cut: number): Promise<Int32Array> => {
  const width = trial.names.length;
  const first = new Int32Array(width).fill(-1);
  await trial.run(columns, (at, row) => {
    if (at > cut) return;
    const from = at * width;
    for (let i = 0; i < width; i++) if (first[i] === -1 && !same(row[i]!, base[from + i]!)) first[i] = at;
  });
  return first;
};

/** Features that give other values for the same ticks cannot be judged: every change of the future would seem to be seen. */
const refuseChance = async (trial: FeatureTrial, base: Float64Array, columns: TickColumns): Promise<void> => {
  const first = await firstChanges(trial, base, columns, columns.count);
  const at = first.findIndex((row) => row >= 0);
  if (at >= 0) throw new TandemError({id: 'TDM-E447', kind: 'usage', what: `the feature ${trial.names[at]!} is not the same for the same ticks`, seen: `row ${first[at]!} of two runs differs`, fix: 'take out chance, clocks and state that outlives a run'});
};

/**
 * Changes the future and looks whether the past notices. For several cuts every tick after the cut is changed, then left out; no value of
 * any feature up to the cut may differ in a single bit.
 * @param cuts how many; they lie spread over the later two thirds
 */
export const perturbFuture = async (trial: FeatureTrial, columns: TickColumns, {cuts = 4, seed = 1}: {cuts?: number; seed?: number} = {}): Promise<PerturbReport> => {
  const width = trial.names.length;
  const base = new Float64Array(columns.count * width);
  await trial.run(columns, (at, row) => { base.set(row, at * width); });
  await refuseChance(trial, base, columns);
  const places = Array.from({length: cuts}, (_, index) => Math.floor(columns.count * (1 / 3 + (2 / 3) * ((index + 0.5) / cuts))));
  const worst = new Map<string, Leak>();
  let valuesCompared = 0;
  for (const cut of places) {
    for (const found of ['perturbed', 'truncated'] as const) {
      const other = found === 'perturbed' ? perturbed(columns, cut, seed) : truncated(columns, cut);
      (await firstChanges(trial, base, other, cut)).forEach((firstRow, index) => {
        if (firstRow < 0) return;
        const feature = trial.names[index]!;
        const reachTicks = firstRow < firstValue(base, columns.count, width, index) + WHOLE_FILE_ROWS ? null : cut - firstRow + 1;
        const known = worst.get(feature);
        const isFarther = known === undefined || (known.reachTicks !== null && (reachTicks === null || reachTicks > known.reachTicks));
        if (isFarther) worst.set(feature, {feature, found, firstRow, cut, reachTicks});
      });
      valuesCompared += (cut + 1) * width;
    }
  }
  const lastCut = places.at(-1) ?? 0;
  const silent = trial.names.filter((name, index) => !worst.has(name) && firstValue(base, lastCut + 1, width, index) > lastCut);
  return {ticks: columns.count, features: width, cuts: places, valuesCompared, silent, leaks: trial.names.flatMap((name) => worst.get(name) ?? [])};
};
