import {TandemError} from '@tandem/contract';
import {fixturePath} from '../package-root.ts';
import {signalTools} from '../session-plan.ts';
import {capturedTicks, isCapture} from './captured-ticks.ts';

type Tools = Awaited<ReturnType<typeof signalTools>>;
export type Ticks = ReturnType<Tools['readTickStore']>;

/** Real ticks that come with this repository: best bids and offers of two symbols (see fixtures/market/README.md). */
export const MARKET_EXCERPT = fixturePath('market/binance-spot-bookticker-20240808.txt.gz');

/** Stands in the source of ticks that are not all that was recorded. */
export const BESIDE = 'beside the ticks: ';

/** The reference of a tick is the last price of the first other symbol: what a feature correlates with. One symbol has itself. */
const withReference = (ticks: ReturnType<Tools['importTicks']>): ReturnType<Tools['importTicks']> => {
  const last = new Map<string, number>();
  return ticks.map((tick) => {
    const other = [...last].find(([symbol]) => symbol !== tick.symbol)?.[1];
    last.set(tick.symbol, tick.values.price);
    return {...tick, values: {...tick.values, reference: other ?? tick.values.reference}};
  });
};

/**
 * A tick store, a capture of live ticks, or recordings of any form that can be imported, merged by time.
 * @param countMax at most so many ticks; null: all
 */
export const openTicks = async (files: readonly string[], countMax: number | null = null): Promise<Ticks> => {
  const tools = await signalTools();
  const [first] = files;
  if (files.length === 1 && first !== undefined && first.endsWith('.ticks') && countMax === null) return tools.readTickStore(first);
  if (files.some((file) => file.endsWith('.ticks'))) throw new TandemError({id: 'TDM-E150', kind: 'usage', what: 'a tick store stands alone', where: files.join(' '), fix: 'give one store, or recordings'});
  if (files.length === 1 && first !== undefined && isCapture(first)) {
    const {ticks, ...beyond} = await capturedTicks(first, countMax);
    const columns = tools.gatherTicks(ticks, true);
    const words: readonly (readonly [keyof typeof beyond, string])[] = [['otherMessages', 'other messages'], ['gaps', 'gaps'], ['damaged', 'damaged places'], ['backwards', 'ticks out of the order of their times'], ['notFinite', 'ticks with values that are not finite']];
    const beside = words.filter(([key]) => beyond[key] > 0).map(([key, what]) => `${beyond[key].toLocaleString('en-US')} ${what}`);
    return {...columns, dataHash: tools.hashColumns(columns), source: beside.length === 0 ? first : `${first} (${BESIDE}${beside.join(', ')})`};
  }
  if (files.some(isCapture)) throw new TandemError({id: 'TDM-E150', kind: 'usage', what: 'a capture stands alone', where: files.join(' '), fix: 'give one capture, or recordings'});
  const merged = files.flatMap((file) => tools.importTicks(file)).sort((a, b) => a.timeUs - b.timeUs);
  const columns = tools.gatherTicks(withReference(countMax === null ? merged : merged.slice(0, countMax)), true);
  return {...columns, dataHash: tools.hashColumns(columns), source: files.join(' ')};
};
