import {describe, expect, it} from 'vitest';
import {compareExtreme} from './differential.ts';
import {orderHarness} from './order-harness.ts';
import {pythonIsMissing, replayInPython} from './python-replay.ts';
import {deep, seed} from './seed.ts';
import {smallRulebook, START_US} from './small-rulebook.ts';

const missing = pythonIsMissing();
const SEEDS = deep ? 400 : 4;
const MESSAGES = deep ? 2500 : 700;

describe.skipIf(missing !== null)(`the Python order path${missing === null ? '' : ` (skipped: ${missing})`}`, () => {
  it('decides the same about extreme traffic, and ends in the same state', async () => {
    for (let i = 0; i < SEEDS; i++) {
      const {difference, outputs} = await compareExtreme(seed + i, MESSAGES);
      expect(difference, `TANDEM_SEED=${seed + i} repeats it`).toBeNull();
      expect(outputs).toBeGreaterThan(0);
    }
  }, deep ? 3_600_000 : 60_000);

  it('books positions beyond 2^53 the same way', async () => {
    const [instrument] = smallRulebook().instruments;
    // one cash unit is 10^-12 here: a handful of fills leaves the doubles
    const fine = {...instrument, tickSize: '0.000001', lotSize: '0.000001', minQty: '0', maxQty: '1000', minNotional: '0', maxNotional: '4000', collarBps: 1_000_000, refMaxAgeUs: 1e15, maxPosition: '100000'};
    const rulebook = {
      ...smallRulebook(), instruments: [fine], sanityNotional: '4503.5', maxOpenPerSide: 50,
      accounts: smallRulebook().accounts.map((account) => ({...account, symbols: ['BTC'], maxOpenNotional: '4000', creditLimit: '4503', rateCapacity: 1000, ratePerSecond: 1000})),
    };
    let seq = 0;
    const head = (msgType: string): object => ({msgType, msgSeqNum: ++seq, transactTime: START_US + seq});
    const order = (side: string, extra: object = {}): object => ({...head('D'), account: 'none', symbol: 'BTC', clOrdId: `c${seq}`, side, ordType: '2', orderQty: '0.5', price: '0.000001', tif: '1', ...extra});
    const messages: object[] = [{...head('W'), symbol: 'BTC', bidPx: '0.000001', askPx: '0.000001'}];
    const accepted = ['1', '2'].flatMap((side) => Array.from({length: 16}, () => {
      messages.push(order(side));
      return `O${seq}`;
    }));
    for (const orderId of accepted) {
      for (let k = 0; k < 4; k++) messages.push({...head('8'), orderId, execId: `x${seq}`, execType: 'F', lastQty: '999999999', lastPx: '0.000001'});
      messages.push(order('1', {execInst: 'E'}), order('2', {execInst: 'E'}), order('1', {orderQty: '999'}), order('2', {orderQty: '999'}));
    }
    const ours = orderHarness(rulebook);
    const frames: Uint8Array[] = [];
    const expected: string[][] = [];
    let wide = false;
    for (const message of messages) {
      frames.push(Buffer.from(JSON.stringify(message)), new Uint8Array(0));
      expected.push([...ours.accept(message)], [ours.stateHash()]);
      wide ||= ours.lane.path.desk.positions.isWide(0);
    }
    expect(wide).toBe(true);
    expect(ours.lane.path.desk.traded.isWide(0)).toBe(true);
    expect(await replayInPython(rulebook, frames)).toEqual(expected);
  }, 60_000);
});
