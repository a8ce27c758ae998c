import type {RawTick, TickField} from './tick-columns.ts';

/** Lines of a file and its name in, ticks out. */
export type TickReader = (lines: Iterable<string>, name: string) => Iterable<RawTick>;

const US_PER_MS = 1000;
/** LEAN writes prices of shares in ten-thousandths */
const LEAN_EQUITY_SCALE = 10_000;

type Values = Readonly<Record<TickField, number>>;
/** A trade: one price, and the size on the side that was hit. */
const tradeValues = (price: number, volume: number, bidSize: number, askSize: number): Values => ({price, high: price, low: price, volume, bidSize, askSize, reference: price});
/** A quote: the middle, its sides, their sizes. */
const quoteValues = (bid: number, ask: number, bidSize: number, askSize: number): Values => ({price: (bid + ask) / 2, high: ask, low: bid, volume: bidSize + askSize, bidSize, askSize, reference: (bid + ask) / 2});

const leanName = (name: string): {symbol: string; dayUs: number; scale: number} => {
  const match = /^(equity|forex|crypto)_\w+?_(?:tick|minute)_(\w+)_(\d{4})(\d{2})(\d{2})_/.exec(name);
  const [, kind = '', symbol = 'unknown', year = '1970', month = '01', day = '01'] = match ?? [];
  return {symbol: symbol.toUpperCase(), dayUs: Date.UTC(Number(year), Number(month) - 1, Number(day)) * US_PER_MS, scale: kind === 'equity' ? LEAN_EQUITY_SCALE : 1};
};

/** `ms of day, price, size, exchange, condition, suspicious` */
export const leanTradeTicks: TickReader = function* leanTradeTicks(lines, name) {
  const {symbol, dayUs, scale} = leanName(name);
  let before = 0;
  for (const line of lines) {
    const [ms, price, size, , , suspicious] = line.split(',');
    if (suspicious === '1' || Number(price) <= 0) continue;
    const value = Number(price) / scale;
    // the tick rule: a trade above the last one took the offer
    const up = value >= before;
    before = value;
    yield {timeUs: dayUs + Number(ms) * US_PER_MS, symbol, values: tradeValues(value, Number(size), up ? Number(size) : 0, up ? 0 : Number(size))};
  }
};

/** Shares: `ms, bid, bid size, ask, ask size, ...`, one side may be 0 = unchanged. Currencies: `ms, bid, ask`. */
export const leanQuoteTicks: TickReader = function* leanQuoteTicks(lines, name) {
  const {symbol, dayUs, scale} = leanName(name);
  const isShares = scale !== 1;
  let bid = 0, ask = 0, bidSize = 0, askSize = 0;
  for (const line of lines) {
    const cells = line.split(',').map(Number) as [number, number, number, number?, number?];
    const [ms, first, second, third = 0, fourth = 0] = cells;
    if (!isShares) [bid, ask, bidSize, askSize] = [first, second, 1, 1];
    else {
      if (first > 0) [bid, bidSize] = [first / scale, second];
      if (third > 0) [ask, askSize] = [third / scale, fourth];
    }
    if (bid > 0 && ask >= bid) yield {timeUs: dayUs + ms * US_PER_MS, symbol, values: quoteValues(bid, ask, bidSize, askSize)};
  }
};

/** `ms, bid open/high/low/close/size, ask open/high/low/close/size`: known at the end of its minute, and stamped so. */
export const leanMinuteQuoteTicks: TickReader = function* leanMinuteQuoteTicks(lines, name) {
  const {symbol, dayUs} = leanName(name);
  for (const line of lines) {
    const cells = line.split(',').map(Number);
    const at = (index: number): number => cells[index]!;
    if (!(at(4) > 0 && at(9) > 0)) continue;
    const price = (at(4) + at(9)) / 2;
    yield {timeUs: dayUs + (at(0) + 60_000) * US_PER_MS, symbol, values: {price, high: (at(2) + at(7)) / 2, low: (at(3) + at(8)) / 2, volume: at(5) + at(10), bidSize: at(5), askSize: at(10), reference: price}};
  }
};

const symbolOf = (name: string): string => name.replace(/-(trades|1m)\.jsonl(\.gz)?$/, '').replace('_', '-');

/** `[ms, id, type, side, price, amount, cost]` */
export const freqtradeTradeTicks: TickReader = function* freqtradeTradeTicks(lines, name) {
  const symbol = symbolOf(name);
  for (const line of lines) {
    const [ms, , , side, price, amount] = JSON.parse(line) as [number, string, string | null, string, number, number];
    const isBuy = side === 'buy';
    yield {timeUs: ms * US_PER_MS, symbol, values: tradeValues(price, amount, isBuy ? amount : 0, isBuy ? 0 : amount)};
  }
};

/** `[ms, open, high, low, close, volume]`: stamped at the end of its minute. */
export const freqtradeCandleTicks: TickReader = function* freqtradeCandleTicks(lines, name) {
  const symbol = symbolOf(name);
  for (const line of lines) {
    const [ms, open, high, low, close, volume] = JSON.parse(line) as [number, number, number, number, number, number];
    const up = close >= open;
    yield {timeUs: (ms + 60_000) * US_PER_MS, symbol, values: {price: close, high, low, volume, bidSize: up ? volume : 0, askSize: up ? 0 : volume, reference: open}};
  }
};

/** `timestamp,bid,ask` with a heading */
export const truefxTicks: TickReader = function* truefxTicks(lines) {
  let isHeading = true;
  for (const line of lines) {
    if (isHeading) { isHeading = false; continue; }
    const [time = '', bid, ask] = line.split(',');
    yield {timeUs: Date.parse(time.replace(' ', 'T')) * US_PER_MS, symbol: 'USDJPY', values: quoteValues(Number(bid), Number(ask), 1, 1)};
  }
};

/** `<local ns> <Binance bookTicker frame>` */
export const bookTickerTicks: TickReader = function* bookTickerTicks(lines) {
  for (const line of lines) {
    const space = line.indexOf(' ');
    const frame = JSON.parse(line.slice(space + 1)) as {data?: Record<string, string>} & Record<string, string>;
    const {s, b, B, a, A} = frame.data ?? frame;
    if (b === undefined || a === undefined || s === undefined) continue;
    yield {timeUs: Math.floor(Number(line.slice(0, space)) / US_PER_MS), symbol: s, values: quoteValues(Number(b), Number(a), Number(B), Number(A))};
  }
};
