import fc from 'fast-check';
import {expect, test} from 'vitest';
import {plannedTimes} from './schedule.ts';

const seed = Number(process.env['TANDEM_SEED'] ?? 20_261_120);

test('a rate does not drift: input i stands at t0 + i / rate, to the ns, however far', () => {
  fc.assert(fc.property(fc.integer({min: 1, max: 1_000_000}), fc.integer({min: 0, max: 10_000_000}), (ratePerSecond, index) => {
    const plan = plannedTimes({kind: 'rate', ratePerSecond}, 1e15, 0);
    const exact = Number(BigInt(index) * 1_000_000_000n / BigInt(ratePerSecond));
    expect(Math.abs((plan(index, 0) ?? 0) - 1e15 - exact)).toBeLessThanOrEqual(1);
  }), {seed});
});

test('a recording keeps its distances and never plans backwards', () => {
  fc.assert(fc.property(fc.array(fc.integer({min: 0, max: 1e12}), {minLength: 1}), fc.integer({min: 1, max: 100}), (times, speed) => {
    const first = times[0] ?? 0;
    const plan = plannedTimes({kind: 'recorded', speed}, 1000, first);
    let latest = 0;
    for (const [index, time] of times.entries()) {
      latest = Math.max(latest, time - first);
      expect(plan(index, time)).toBe(1000 + Math.floor(latest / speed));
    }
  }), {seed});
});

test('max has no plan; a rate or speed that is not above 0 is refused', () => {
  expect(plannedTimes({kind: 'max'}, 5, 0)(3, 9)).toBeNull();
  for (const bad of [0, -1, NaN, Infinity]) {
    expect(() => plannedTimes({kind: 'rate', ratePerSecond: bad}, 0, 0)).toThrow(RangeError);
    expect(() => plannedTimes({kind: 'recorded', speed: bad}, 0, 0)).toThrow(RangeError);
  }
});
