import {describe, expect, test} from 'vitest';
import {BiasTest} from './bias-test.ts';

/** A seeded source of chance. */
function chance(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 4_294_967_296;
  };
}

describe('bias inside a tolerance', () => {
  test('flooring by three tenths of the tolerance is found within a few hundred values', () => {
    const bias = new BiasTest(0.05, 0.001);
    let found = 0;
    for (let index = 1; index <= 1000 && found === 0; index += 1) if (bias.add(-0.3)) found = index;
    expect(found).toBeGreaterThan(3);
    expect(found).toBeLessThan(60);
    expect([bias.found, bias.add(-0.3)]).toEqual([true, false]);
  });

  test('errors on both sides are no bias, however often one looks', () => {
    const seed = 20261120;
    const next = chance(seed);
    let alarms = 0;
    for (let run = 0; run < 300; run += 1) {
      const bias = new BiasTest(0.05, 0.01);
      for (let index = 0; index < 1000 && !bias.found; index += 1) bias.add(next() * 2 - 1);
      if (bias.found) alarms += 1;
    }
    expect(alarms, `seed ${String(seed)}`).toBeLessThanOrEqual(6);
  });

  test('a mean within what is allowed is no bias either', () => {
    const next = chance(7);
    let alarms = 0;
    for (let run = 0; run < 200; run += 1) {
      const bias = new BiasTest(0.05, 0.01);
      for (let index = 0; index < 1000 && !bias.found; index += 1) bias.add(next() < 0.525 ? 1 : -1);
      if (bias.found) alarms += 1;
    }
    expect(alarms).toBeLessThanOrEqual(5);
  });

  test('a small bias among many equal values is found in time, and equal values are cheap', () => {
    const bias = new BiasTest(0.01, 0.001);
    let looks = 0;
    while (!bias.found && looks < 200_000) {
      bias.equal();
      bias.add(0.2);
      looks += 1;
    }
    expect(bias.found).toBe(true);
    expect(bias.mean).toBeCloseTo(0.1, 6);
    expect(looks).toBeLessThan(1000);
  });
});
