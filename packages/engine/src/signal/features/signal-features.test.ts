import {expect, test} from 'vitest';
import {walkTicks} from '../../../bench/signal-feature-ticks.ts';
import {manifest} from './generated/reference.mjs';
import {openReferenceFeatures} from './reference-features.ts';
import {BACKWARDS, DEFAULT_POLICY, NOT_FINITE, TAKEN, UNKNOWN_SYMBOL} from './tick-policy.ts';

const ticks = walkTicks(1500, 9);
const at = (i: number): Float64Array => ticks.subarray(i * 7, i * 7 + 7);

test('ticks that are not as they should be are refused or passed as the policy says, and counted', () => {
  const engine = openReferenceFeatures(2, {form: 'js', policy: {...DEFAULT_POLICY, nonFinite: 'reject', gapUs: 1000, onGap: 'reset'}});
  const feed = (symbol: number, timeUs: number, price?: number): number => {
    engine.mailbox.set(at(0));
    if (price !== undefined) engine.mailbox[0] = price;
    return engine.tick(symbol, timeUs);
  };
  expect([feed(0, 10), feed(5, 10), feed(-1, 10), feed(Number.NaN, 10), feed(0, 9), feed(0, 11, Number.NaN), feed(0, 12)]).toEqual([TAKEN, UNKNOWN_SYMBOL, UNKNOWN_SYMBOL, UNKNOWN_SYMBOL, BACKWARDS, NOT_FINITE, TAKEN]);
  const ret = engine.names.indexOf('emaabs_20');
  expect(engine.row[ret]).toBe(0);
  feed(0, 5000);
  // cold again after the gap
  expect(engine.row[ret]).toBeNaN();
  expect(engine.counts).toEqual({taken: 3, nonFinite: 1, backwards: 1, gaps: 1, unknownSymbol: 3});
});

test.each(['js', 'wasm'] as const)('%s goes on from a snapshot as if nothing had been', (form) => {
  const first = openReferenceFeatures(2, {form}), second = openReferenceFeatures(2, {form: form === 'js' ? 'wasm' : 'js'});
  for (let i = 0; i < 1200; i++) first.step(i % 5 === 0 ? 1 : 0, at(i));
  // into the other form: both have one layout
  second.restore(first.snapshot());
  for (let i = 1200; i < 1500; i++) {
    first.step(i % 2, at(i));
    second.step(i % 2, at(i));
    expect(new BigUint64Array(second.row.slice().buffer)).toEqual(new BigUint64Array(first.row.slice().buffer));
  }
  expect(() => { second.restore(new Uint8Array(8)); }).toThrow('not the ones that were meant');
});

test.each(['js', 'wasm'] as const)('%s: a price of 0 leaves nothing behind that does not end', (form) => {
  const engine = openReferenceFeatures(1, {form});
  for (let i = 0; i < 300; i++) {
    engine.mailbox.set(at(i));
    if (i === 250) engine.mailbox[0] = 0;
    engine.step(0, engine.mailbox);
  }
  const rows = [20, 30, 50, 100, 200, 300, 500, 1000].map((span) => engine.row[engine.names.indexOf(`emaabs_${span}`)]);
  expect(rows.filter((value) => Number.isFinite(value))).toHaveLength(8);
});

test('after a thousand million ticks of a symbol the counters step back, and nothing else changes', () => {
  const plain = openReferenceFeatures(1), old = openReferenceFeatures(1);
  for (let i = 0; i < 1200; i++) plain.step(0, at(i));
  const state = plain.snapshot(), integers = new Int32Array(state.buffer, manifest.intsAt * 8, manifest.intCount);
  // a multiple of every ring: the same state, as if so many ticks more had been before it
  const earlier = 2 ** 30 - 2048;
  const shift = (place: number): void => { if (integers[place]! > -(2 ** 30)) integers[place]! += earlier; };
  for (let place = 0; place < 9; place++) shift(place);
  for (const {ticksAt, capacity, endAt, heads} of manifest.deques) {
    for (let place = ticksAt; place < ticksAt + capacity; place++) shift(place);
    for (let place = endAt; place <= endAt + heads; place++) shift(place);
  }
  old.restore(state);
  for (let i = 1200; i < 4000; i++) {
    plain.step(0, at(i % 1500));
    old.step(0, at(i % 1500));
    expect(new BigUint64Array(old.row.slice().buffer)).toEqual(new BigUint64Array(plain.row.slice().buffer));
  }
  expect(new Int32Array(old.snapshot().buffer, manifest.intsAt * 8, 1)[0]).toBeLessThan(2 ** 30);
});
