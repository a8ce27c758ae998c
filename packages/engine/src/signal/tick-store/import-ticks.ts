import {basename} from 'node:path';
import {TandemError} from '@tandem/contract';
import {bookTickerTicks, freqtradeCandleTicks, freqtradeTradeTicks, leanMinuteQuoteTicks, leanQuoteTicks, leanTradeTicks, type TickReader, truefxTicks} from './tick-readers.ts';
import {readRegular} from '../regular-file.ts';
import {TICK_FIELDS, type RawTick} from './tick-columns.ts';

/** Which reader takes a file, by its name; the first that fits. */
const READERS: readonly (readonly [pattern: RegExp, read: TickReader])[] = [
  [/_tick_.*_trade\.csv(\.gz)?$/, leanTradeTicks], [/_tick_.*_quote\.csv(\.gz)?$/, leanQuoteTicks], [/_minute_.*_quote\.csv(\.gz)?$/, leanMinuteQuoteTicks],
  [/-trades\.jsonl(\.gz)?$/, freqtradeTradeTicks], [/-1m\.jsonl(\.gz)?$/, freqtradeCandleTicks], [/usdjpy-ticks\.csv(\.gz)?$/, truefxTicks],
  [/bookticker.*\.txt(\.gz)?$/, bookTickerTicks],
];

/** What can be imported, for messages. */
export const IMPORTABLE = 'LEAN tick and minute CSV, freqtrade trades and 1m candles (JSON lines), TrueFX CSV, Binance book tickers; each may be gzipped';

/** What fits into one text of the runtime. */
const FILE_BYTES_MAX = 500_000_000;

const refuse = (where: string, what: string, seen: string, cause?: unknown): TandemError =>
  new TandemError({id: 'TDM-E436', kind: 'usage', what, where, seen, fix: 'look whether it has the form that its name says; correct or take out the line that is named'}, {cause});
const words = (cause: unknown): string => (cause instanceof Error ? cause.message : String(cause)).slice(0, 200);

const textOf = (file: string): string => {
  try {
    return Buffer.from(readRegular(file, FILE_BYTES_MAX)).toString('utf8').replace(/^\uFEFF/, '');
  } catch (cause) {
    throw refuse(file, 'the recording cannot be read', words(cause), cause);
  }
};

/** Why a tick cannot be simulated on; null when it can. */
const wrongTick = ({timeUs, values}: RawTick): string | null => {
  if (!Number.isSafeInteger(Math.floor(timeUs)) || timeUs < 0) return `a time of ${timeUs} µs`;
  const field = TICK_FIELDS.find((name) => !Number.isFinite(values[name]));
  return field === undefined ? null : `${field} is ${String(values[field])}`;
};

/**
 * Ticks of one recorded file. The name of the file says which form it has, and for LEAN the symbol and the day.
 * @throws TandemError TDM-E436 when it has no known form, cannot be read, or a line of it is no tick: that line is named
 */
export const importTicks = (file: string): RawTick[] => {
  const name = basename(file);
  const read = READERS.find(([pattern]) => pattern.test(name))?.[1];
  if (read === undefined) throw new TandemError({id: 'TDM-E436', kind: 'usage', what: 'ticks of this form cannot be imported', where: file, seen: name, fix: `give one of: ${IMPORTABLE}`});
  let at = 0;
  const lines = function* lines(text: string): Generator<string> {
    for (const line of text.split('\n')) {
      at++;
      const whole = line.endsWith('\r') ? line.slice(0, -1) : line;
      if (whole !== '') yield whole;
    }
  };
  const ticks: RawTick[] = [];
  const text = textOf(file);
  try {
    for (const tick of read(lines(text), name)) {
      const wrong = wrongTick(tick);
      if (wrong !== null) throw refuse(`${file}, line ${at}`, 'a line of the recording is no tick', wrong);
      ticks.push(tick);
    }
  } catch (cause) {
    throw cause instanceof TandemError ? cause : refuse(`${file}, line ${at}`, 'a line of the recording is no tick', words(cause), cause);
  }
  if (ticks.length === 0) throw refuse(file, 'the file holds no tick', `${at} lines`);
  return ticks;
};
