import fc from 'fast-check';
import {describe, expect, it} from 'vitest';
import {Chance, extremeRulebook, ExtremeTraffic} from '../../test/extreme-traffic.ts';
import {orderHarness} from '../../test/order-harness.ts';
import {deep, seed} from '../../test/seed.ts';
import type {Desk} from './desk.ts';
import {Expiries} from './expiries.ts';
import {BUY, isWorking, LIMIT, PENDING_CANCEL, PENDING_NEW, PENDING_REPLACE, TIF_GTD} from './order-status.ts';
import {
  F64, I32, NONE, O_ACCOUNT, O_ACK_NEXT, O_CUM, O_EXPIRY, O_OPEN_NEXT, O_ORD_TYPE, O_PENDING, O_PREVIOUS, O_PRICE, O_QTY, O_SEQ, O_SIDE, O_SIDE_NEXT, O_STATUS, O_SYMBOL, O_TIF, OrderStore, U16, U8,
} from './order-store.ts';
import {imageOf, takeImage} from './state-image.ts';

const walk = (desk: Desk, head: number, next: number): number[] => {
  const slots: number[] = [];
  for (let slot = head; slot !== NONE; slot = desk.orders.i32[slot * I32 + next]!) slots.push(slot);
  return slots;
};

/** Everything that is kept twice says the same thing twice. */
const checkInvariants = (desk: Desk): void => {
  const {f64, i32, u16, u8} = desk.orders;
  const open = walk(desk, desk.open.head, O_OPEN_NEXT);
  const sequences = open.map((slot) => f64[slot * F64 + O_SEQ]!);
  expect(open).toHaveLength(desk.open.count);
  expect(sequences).toEqual([...sequences].sort((a, b) => a - b));
  const qty = new Float64Array(desk.open.openQty.length);
  const notional = new Float64Array(desk.accounts.count);
  const count = new Int32Array(desk.open.sideCount.length);
  for (const slot of open) {
    const account = u16[slot * U16 + O_ACCOUNT]!;
    const symbol = u16[slot * U16 + O_SYMBOL]!;
    const list = desk.open.listOf(account, symbol, u8[slot * U8 + O_SIDE]!);
    const record = i32[slot * I32 + O_PENDING]!;
    const asked = record < 0 ? [0, 0] : [desk.pending.f64[desk.pending.base(slot)]!, desk.pending.f64[desk.pending.base(slot) + 1]!];
    const rest = Math.max(0, Math.max(f64[slot * F64 + O_QTY]!, asked[0]!) - f64[slot * F64 + O_CUM]!);
    qty[list]! += rest;
    notional[account]! += rest * Math.max(f64[slot * F64 + O_PRICE]!, asked[1]!) * desk.instruments.cashPerTickLot[symbol]!;
    count[list]!++;
    const best = desk.open.bestPrice[list]!;
    const isBuy = u8[slot * U8 + O_SIDE] === BUY;
    if (u8[slot * U8 + O_ORD_TYPE] === LIMIT) expect(isBuy ? best >= f64[slot * F64 + O_PRICE]! : best <= f64[slot * F64 + O_PRICE]!).toBe(true);
  }
  expect(desk.open.openQty).toEqual(qty);
  expect(desk.open.openNotional).toEqual(notional);
  expect(desk.open.sideCount).toEqual(count);
  expect([...desk.open.sideHead].flatMap((head) => walk(desk, head, O_SIDE_NEXT)).sort()).toEqual([...open].sort());
  const status = (slot: number): number => u8[slot * U8 + O_STATUS]!;
  const waits = (slot: number): boolean => status(slot) === PENDING_NEW || (status(slot) === PENDING_CANCEL && u8[slot * U8 + O_PREVIOUS] === PENDING_NEW);
  expect(walk(desk, desk.unacknowledged.head, O_ACK_NEXT)).toEqual(open.filter(waits));
  for (const slot of open) {
    expect(i32[slot * I32 + O_EXPIRY]! >= 0).toBe(u8[slot * U8 + O_TIF] === TIF_GTD);
    if (i32[slot * I32 + O_EXPIRY]! >= 0) expect(desk.expiries.isIn(slot)).toBe(isWorking(status(slot)));
    expect(i32[slot * I32 + O_PENDING]! >= 0).toBe(status(slot) === PENDING_REPLACE);
  }
};

describe('the open orders', () => {
  it('reserve exactly what their list says, after every message of any traffic', () => {
    fc.assert(fc.property(fc.integer({min: 1, max: 2 ** 30}), (trafficSeed) => {
      const chance = new Chance(trafficSeed);
      const book = extremeRulebook(chance);
      const traffic = new ExtremeTraffic(chance, book);
      const harness = orderHarness(book.rulebook, trafficSeed);
      for (let i = 0; i < 300; i++) {
        traffic.observe(harness.accept(traffic.next()));
        checkInvariants(harness.lane.path.desk);
      }
    }), {seed, numRuns: deep ? 300 : 12});
  });
});

describe('an image of the state', () => {
  it('lets a new path go on as if it were the old one, wherever it was taken', () => {
    fc.assert(fc.property(fc.integer({min: 1, max: 2 ** 30}), fc.integer({min: 0, max: 400}), (trafficSeed, cut) => {
      const chance = new Chance(trafficSeed);
      const book = extremeRulebook(chance);
      const traffic = new ExtremeTraffic(chance, book);
      const old = orderHarness(book.rulebook, trafficSeed);
      for (let i = 0; i < cut; i++) traffic.observe(old.accept(traffic.next()));
      const image = imageOf(old.lane.path.desk);
      const young = orderHarness(book.rulebook, trafficSeed);
      expect(takeImage(young.lane.path.desk, image)).toBeNull();
      expect(young.lane.path.stateText()).toBe(old.lane.path.stateText());
      for (let i = 0; i < 300; i++) {
        const message = traffic.next();
        const answers = old.accept(message);
        traffic.observe(answers);
        expect(young.accept(message)).toEqual(answers);
      }
      expect(young.stateHash()).toBe(old.stateHash());
    }), {seed, numRuns: deep ? 300 : 12});
  });

  it('is refused where it was cut short, or taken of a path with another rulebook', () => {
    const chance = new Chance(7);
    const book = extremeRulebook(chance);
    const {layout, octets} = imageOf(orderHarness(book.rulebook).lane.path.desk);
    const desk = (): Desk => orderHarness(book.rulebook).lane.path.desk;
    for (let length = 0; length < octets.length; length += 997) expect(takeImage(desk(), {layout, octets: octets.subarray(0, length)})).not.toBeNull();
    const another = {...book.rulebook as object, maxOpenOrders: 77};
    expect(takeImage(orderHarness(another).lane.path.desk, {layout, octets})).toContain('other fields or sizes');
  });
});

describe('the expiry heap', () => {
  it('gives the earliest first, also after removals from the middle', () => {
    const steps = fc.array(fc.tuple(fc.integer({min: 1, max: 30}), fc.integer({min: 0, max: 3})), {maxLength: 120});
    fc.assert(fc.property(steps, (all) => {
      const orders = new OrderStore(200);
      const heap = new Expiries(orders, 200);
      const numbers = new Float64Array(1);
      const times = new Map<number, number>();
      let inside: number[] = [];
      const before = (a: number, b: number): number => times.get(a)! - times.get(b)! || orders.f64[a * F64 + O_SEQ]! - orders.f64[b * F64 + O_SEQ]!;
      all.forEach(([expire, action], i) => {
        if (action === 0 && inside.length > 0) {
          const slot = inside[expire % inside.length]!;
          heap.leave(slot);
          if (expire % 2 === 0) heap.detach(slot);
          heap.detach(slot);
          inside = inside.filter((each) => each !== slot);
        } else {
          const slot = orders.take();
          numbers[0] = expire;
          times.set(slot, expire);
          orders.f64[slot * F64 + O_SEQ] = i;
          heap.attach(slot, numbers, 0);
          heap.enter(slot);
          inside.push(slot);
        }
        expect(heap.count).toBe(inside.length);
        if (inside.length > 0) expect([heap.firstSlot, heap.isDue(numbers, 0)]).toEqual([[...inside].sort(before)[0], Math.min(...inside.map((slot) => times.get(slot)!)) <= numbers[0]!]);
      });
    }), {seed, numRuns: 200});
  });
});
