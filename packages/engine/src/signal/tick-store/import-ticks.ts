import {readFileSync} from 'node:fs';
import {basename} from 'node:path';
import {gunzipSync} from 'node:zlib';
import {TandemError} from '@tandem/contract';
import {bookTickerTicks, freqtradeCandleTicks, freqtradeTradeTicks, leanMinuteQuoteTicks, leanQuoteTicks, leanTradeTicks, type TickReader, truefxTicks} from './tick-readers.ts';
import type {RawTick} from './tick-columns.ts';

/** Which reader takes a file, by its name; the first that fits. */
const READERS: readonly (readonly [pattern: RegExp, read: TickReader])[] = [
  [/_tick_.*_trade\.csv(\.gz)?$/, leanTradeTicks], [/_tick_.*_quote\.csv(\.gz)?$/, leanQuoteTicks], [/_minute_.*_quote\.csv(\.gz)?$/, leanMinuteQuoteTicks],
  [/-trades\.jsonl(\.gz)?$/, freqtradeTradeTicks], [/-1m\.jsonl(\.gz)?$/, freqtradeCandleTicks], [/usdjpy-ticks\.csv(\.gz)?$/, truefxTicks],
  [/bookticker.*\.txt(\.gz)?$/, bookTickerTicks],
];

/** What can be imported, for messages. */
export const IMPORTABLE = 'LEAN tick and minute CSV, freqtrade trades and 1m candles (JSON lines), TrueFX CSV, Binance book tickers; each may be gzipped';

/**
 * Ticks of one recorded file. The name of the file says which form it has, and for LEAN the symbol and the day.
 * @throws TandemError TDM-E436
 */
export const importTicks = (file: string): RawTick[] => {
  const name = basename(file);
  const read = READERS.find(([pattern]) => pattern.test(name))?.[1];
  if (read === undefined) throw new TandemError({id: 'TDM-E436', kind: 'usage', what: 'ticks of this form cannot be imported', where: file, seen: name, fix: `give one of: ${IMPORTABLE}`});
  const octets = readFileSync(file);
  const text = (name.endsWith('.gz') ? gunzipSync(octets) : octets).toString('utf8');
  const ticks = [...read(text.split('\n').filter((line) => line !== ''), name)];
  if (ticks.length === 0) throw new TandemError({id: 'TDM-E436', kind: 'usage', what: 'the file holds no tick', where: file, fix: 'look whether it has the form that its name says'});
  return ticks;
};
