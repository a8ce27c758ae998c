import {readFileSync} from 'node:fs';
import {gunzipSync} from 'node:zlib';
import {TandemError} from '@tandem/contract';

/** One best bid and offer out of a recorded frame. Texts as the venue wrote them, cut to two decimals. */
export interface MarketTick {
  readonly symbol: string;
  /** µs after the first frame of the excerpt */
  readonly offsetUs: number;
  /** hundredths */
  readonly bidTicks: number;
  readonly askTicks: number;
}

const TICKS_MAX = 200_000;
const hundredths = (text: string): number => Math.round(Number(text) * 100);

/**
 * Reads `<local ns> <raw bookTicker frame>` lines (gzip). Crossed or empty quotes are left out.
 * @throws TandemError TDM-E141 when the file is no such recording
 */
export const readMarketExcerpt = (file: string): readonly MarketTick[] => {
  const ticks: MarketTick[] = [];
  let first: bigint | null = null;
  for (const line of gunzipSync(readFileSync(file), {maxOutputLength: 64 * 1024 * 1024}).toString('utf8').split('\n')) {
    const match = /^(\d+) .*"s":"([A-Z]+)","b":"([\d.]+)","B":"[\d.]+","a":"([\d.]+)"/.exec(line);
    if (match === null || ticks.length >= TICKS_MAX) continue;
    const [, ns, symbol, bid, ask] = match as unknown as [string, string, string, string, string];
    first ??= BigInt(ns);
    const bidTicks = hundredths(bid), askTicks = hundredths(ask);
    if (bidTicks > 0 && bidTicks <= askTicks) ticks.push({symbol, offsetUs: Number((BigInt(ns) - first) / 1000n), bidTicks, askTicks});
  }
  if (ticks.length === 0) {
    throw new TandemError({id: 'TDM-E141', kind: 'usage', what: 'the market recording holds no best bid and offer', where: file,
      fix: 'give a gzip file with lines "<ns> <bookTicker frame>"'});
  }
  return ticks;
};
