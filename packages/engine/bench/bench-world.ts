import {createHash} from 'node:crypto';
import {Buffer} from 'node:buffer';
import type {Digest} from '../src/hot-path.ts';

export const sha256: Digest = () => createHash('sha256');

const SYMBOLS = ['BTCUSDT', 'ETHUSDT', 'SOLUSDT', 'XRPUSDT'];
const ACCOUNTS = 40;
const START_US = 1_700_000_000_000_000;
/** ended orders that are kept before all of them are dropped at once */
const FORGOTTEN_MAX = 8192;

/** A rulebook whose limits steady traffic does not meet: an order runs through all checks and is accepted. */
export const roomyRulebook = (): Uint8Array => Buffer.from(JSON.stringify({
  formatVersion: '1.0',
  instruments: SYMBOLS.map((symbol) => ({
    symbol, tickSize: '0.01', lotSize: '0.00001', minQty: '0.00010', maxQty: '20', minNotional: '10', maxNotional: '1000000', collarBps: 300,
    refMaxAgeUs: 60_000_000, maxPosition: '100000',
  })),
  accounts: Array.from({length: ACCOUNTS}, (_, i) => ({
    account: `ACC${String(i).padStart(2, '0')}`, symbols: SYMBOLS, maxOpenNotional: '50000000', creditLimit: '400000000', rateCapacity: 100_000, ratePerSecond: 1_000_000,
    cancelRateCapacity: 100_000, cancelRatePerSecond: 1_000_000, selfTrade: i % 2 === 0 ? 'none' : 'cancel-newest', deadManUs: 0,
  })),
  globalRate: {capacity: 1_000_000, perSecond: 1_000_000},
  duplicateWindow: 65_536, rejectConsumesDuplicate: true, rejectConsumesRate: true, ackTimeoutUs: 60_000_000, resumeWindowUs: 60_000_000, sanityNotional: '50000000',
  maxOpenPerSide: 64, maxOpenOrders: 65_536, terminalRetention: 524_288,
}));

/** A small generator of chance, the same on every machine. */
export const chance = (seed: number): (() => number) => {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
};

interface Live {
  readonly seq: number;
  readonly account: string;
  readonly symbol: string;
  readonly clOrdId: string;
  readonly qty: string;
  readonly price: string;
  step: number;
}

/**
 * Steady traffic as a market maker's gateway sees it: per order a new, its acknowledgement, and a cancel with its confirmation or a fill;
 * market data in between. About 40 % of the messages are new orders. @returns messages as JSON text, in sequence
 */
export function* steadyTraffic(count: number, seed: number): Generator<string> {
  const next = chance(seed);
  // the oldest stands at `first`: taking one out of the next 64 moves those before it, not all behind it
  const live: Live[] = [];
  let first = 0;
  let seq = 0;
  let now = START_US;
  let exec = 0;
  const level = 30_000;
  const head = (msgType: string): object => ({msgType, msgSeqNum: ++seq, transactTime: (now += 10)});
  const pick = <T>(list: readonly T[]): T => list[Math.floor(next() * list.length)]!;
  for (const symbol of SYMBOLS) yield JSON.stringify({...head('W'), symbol, bidPx: `${level}.00`, askPx: `${level}.01`});
  while (seq < count) {
    const draw = next();
    if (draw < 0.02) {
      yield JSON.stringify({...head('W'), symbol: pick(SYMBOLS), bidPx: `${level}.0${Math.floor(next() * 5)}`, askPx: `${level}.0${5 + Math.floor(next() * 5)}`});
    } else if (draw < 0.42 && live.length - first < 2000) {
      const side = next() < 0.5 ? '1' : '2';
      const price = (level + (side === '1' ? -1 : 1) * (1 + Math.floor(next() * 500) / 10)).toFixed(2);
      const qty = (0.001 + Math.floor(next() * 900) / 100_000).toFixed(5);
      const order = {account: `ACC${String(Math.floor(next() * ACCOUNTS)).padStart(2, '0')}`, symbol: pick(SYMBOLS), clOrdId: `c-${seq + 1}`};
      yield JSON.stringify({...head('D'), ...order, side, ordType: '2', orderQty: qty, price, tif: '1'});
      live.push({seq, ...order, qty, price, step: 0});
    } else if (live.length > first) {
      const at = first + (live[first]!.step < 2 ? Math.floor(next() * Math.min(live.length - first, 64)) : 0);
      const order = live[at]!;
      if (order.step === 0) {
        order.step = next() < 0.3 ? 3 : 1;
        yield JSON.stringify({...head('8'), orderId: `O${order.seq}`, execId: `x${++exec}`, execType: '0'});
      } else if (order.step === 1) {
        order.step = 2;
        yield JSON.stringify({...head('F'), account: order.account, symbol: order.symbol, clOrdId: `k-${order.seq}`, origClOrdId: order.clOrdId});
      } else {
        live.copyWithin(first + 1, first, at);
        first++;
        if (first === FORGOTTEN_MAX) {
          live.splice(0, first);
          first = 0;
        }
        yield order.step === 2
          ? JSON.stringify({...head('8'), orderId: `O${order.seq}`, execId: `x${++exec}`, execType: '4'})
          : JSON.stringify({...head('8'), orderId: `O${order.seq}`, execId: `x${++exec}`, execType: 'F', lastQty: order.qty, lastPx: order.price});
      }
    }
  }
}
