import {Buffer} from 'node:buffer';
import fc from 'fast-check';
import {describe, expect, it} from 'vitest';
import {seed} from '../../test/seed.ts';
import {IdKey} from './id-key.ts';
import {CANCELED, EXPIRED_STATUS, FILLED, REJECTED} from './order-status.ts';
import {F64, O_ACCOUNT, O_CUM, O_CUM_NOTIONAL, O_ID, O_ID_LENGTH, O_ORD_TYPE, O_PRICE, O_QTY, O_SEQ, O_SIDE, O_STATUS, O_SYMBOL, OrderStore, U16, U8} from './order-store.ts';
import {storeClientId} from './pending-replaces.ts';
import {RecordRing} from './record-ring.ts';
import {TerminalRecords} from './terminal-records.ts';

const count = fc.oneof(fc.integer({min: 1, max: 100}), fc.constantFrom(2 ** 31, 2 ** 32 - 1, 2 ** 32, 2 ** 48 - 1, 2 ** 48, 2 ** 52 - 1), fc.maxSafeNat().map((n) => n + 1));
const order = fc.record({
  seq: count, qty: count, price: count, cum: fc.oneof(fc.constantFrom(0, -1), count), notional: count, account: fc.integer({min: 0, max: 65_535}), symbol: fc.integer({min: 0, max: 65_535}),
  status: fc.constantFrom<number[]>(FILLED, CANCELED, REJECTED, EXPIRED_STATUS), side: fc.constantFrom<number[]>(0x31, 0x32), ordType: fc.constantFrom<number[]>(0x31, 0x32, 0x33),
  id: fc.string({minLength: 1, maxLength: 36, unit: fc.constantFrom(...'aZ09~!')}), bring: fc.boolean(),
}).map((made) => {
  // -1 stands for: all of it was traded
  const cum = made.cum === -1 ? made.qty : made.cum;
  return {...made, cum, notional: cum === 0 ? 0 : made.notional};
});
type Order = typeof order extends fc.Arbitrary<infer T> ? T : never;

const fill = (orders: OrderStore, slot: number, {seq, qty, price, cum, notional, account, symbol, status, side, ordType, id}: Order): void => {
  const {f64, u16, u8} = orders;
  for (const [field, value] of [[O_SEQ, seq], [O_QTY, qty], [O_PRICE, price], [O_CUM, cum], [O_CUM_NOTIONAL, notional]] as const) f64[slot * F64 + field] = value;
  u16[slot * U16 + O_ACCOUNT] = account;
  u16[slot * U16 + O_SYMBOL] = symbol;
  for (const [field, value] of [[O_STATUS, status], [O_SIDE, side], [O_ORD_TYPE, ordType]] as const) u8[slot * U8 + field] = value;
  const key = new IdKey(1);
  key.load(Buffer.from(id), 0, id.length, account);
  storeClientId(orders, slot, key);
};

const read = ({f64, u16, u8}: OrderStore, slot: number): Omit<Order, 'bring'> => {
  const number = (field: number): number => f64[slot * F64 + field]!;
  const octet = (field: number): number => u8[slot * U8 + field]!;
  return {
    seq: number(O_SEQ), qty: number(O_QTY), price: number(O_PRICE), cum: number(O_CUM), notional: number(O_CUM_NOTIONAL), account: u16[slot * U16 + O_ACCOUNT]!, symbol: u16[slot * U16 + O_SYMBOL]!,
    status: octet(O_STATUS), side: octet(O_SIDE), ordType: octet(O_ORD_TYPE), id: Buffer.from(u8.subarray(slot * U8 + O_ID, slot * U8 + O_ID + octet(O_ID_LENGTH))).toString('latin1'),
  };
};

describe('packed records of ended orders', () => {
  it('give back what was packed, in order, whatever was brought back meanwhile', () => {
    fc.assert(fc.property(fc.array(order, {maxLength: 60}), fc.integer({min: 1, max: 20}), (all, kept) => {
      const orders = new OrderStore(kept + 4);
      const records = new TerminalRecords(orders, kept);
      const known: {handle: number; order: Order; slot: number}[] = [];
      for (const each of all) {
        const slot = orders.take();
        fill(orders, slot, each);
        const entry = {handle: records.write(slot), order: each, slot: -1};
        orders.release(slot);
        known.push(entry);
        if (each.bring) entry.slot = records.bring(entry.handle);
        if (known.length > kept) {
          expect(records.oldest()).toBe(known.shift()!.handle);
          records.forgetOldest();
        }
        for (const {handle, order: {bring, ...expected}, slot: brought} of known) {
          expect(read(orders, records.show(handle))).toEqual(expected);
          if (bring) expect([records.show(handle), records.bring(handle)]).toEqual([brought, brought]);
          expect(records.keyHeadOf(handle)).toBe(expected.account * 64 + expected.id.length);
          expect([records.seqLowOf(handle), records.seqHighOf(handle)]).toEqual([expected.seq | 0, Math.floor(expected.seq / 2 ** 32)]);
        }
      }
    }), {seed, numRuns: 150});
  });

  it('lie in as much memory as is kept at once, however many pass through', () => {
    const kept = 500;
    const ring = new RecordRing(kept + 1, 21);
    const live: {at: number; size: number; mark: number}[] = [];
    const touched = new Set<number>();
    for (let mark = 1; mark <= 20_000; mark++) {
      const size = 6 + (mark * 7919) % 16;
      const at = ring.append(size);
      ring.words.fill(mark, at, at + size);
      touched.add(at >> 12);
      live.push({at, size, mark});
      if (live.length <= kept) continue;
      const oldest = live.shift()!;
      expect(ring.oldest()).toBe(oldest.at);
      expect(ring.words[oldest.at + oldest.size - 1]).toBe(oldest.mark);
      ring.dropOldest(oldest.size);
    }
    expect(touched.size).toBeLessThanOrEqual(Math.ceil((kept * 21) / 4096) + 2);
  });
});
