import {Buffer} from 'node:buffer';
import fc from 'fast-check';
import {describe, expect, it} from 'vitest';
import {seed} from '../../test/seed.ts';
import {smallRulebook} from '../../test/small-rulebook.ts';
import {sha256} from '../../test/order-harness.ts';
import {GRID_LOT, GRID_TICK, scaleDecimal} from './decimal-scale.ts';
import {Desk, REG_STEPS} from './desk.ts';
import {AVG_DIGITS, AVG_NOTIONAL, AVG_PRICE_POW, AVG_QTY, AVG_SIZE, AVG_TICK_UNITS, AVG_WHOLE, exactAverage} from './exact-average.ts';
import {DEC_DIGITS, DEC_FRACTION, DEC_NEGATIVE, DEC_PRICE, DEC_QTY, DEC_WHOLE, OrderEvent} from './order-event.ts';
import {readRulebook} from './rulebook-read.ts';
import {TOKEN, TokenBuckets} from './token-buckets.ts';
import {WideSums} from './wide-sum.ts';

const big = (max: number): fc.Arbitrary<number> => fc.oneof(fc.integer({min: 1, max: Math.min(max, 1000)}), fc.maxSafeInteger().map((n) => 1 + (Math.abs(n) % max)), fc.constantFrom(1, max));

describe('exact averages', () => {
  it('are the quotient rounded half to even, whatever the size', () => {
    const parts = fc.record({qty: big(2 ** 52), notional: big(2 ** 52 - 1), tickUnits: fc.oneof(fc.constantFrom(1, 5, 25, 500), big(10 ** 9)), decimals: fc.integer({min: 0, max: 6})});
    fc.assert(fc.property(parts, ({qty, notional, tickUnits, decimals}) => {
      const lots = Math.min(qty, notional);
      const reg = new Float64Array(AVG_SIZE);
      reg[AVG_NOTIONAL] = notional;
      reg[AVG_QTY] = lots;
      reg[AVG_TICK_UNITS] = tickUnits;
      reg[AVG_PRICE_POW] = 10 ** decimals;
      exactAverage(reg);
      const scaled = BigInt(notional) * BigInt(tickUnits) * 10_000n;
      let exact = scaled / BigInt(lots);
      const twice = (scaled % BigInt(lots)) * 2n;
      if (twice > BigInt(lots) || (twice === BigInt(lots) && exact % 2n === 1n)) exact += 1n;
      const unit = 10n ** BigInt(decimals) * 10_000n;
      // beyond the range of a price (nine digits and six decimals) the text cannot be asked for
      fc.pre(exact / unit < 2n ** 32n);
      expect(BigInt(reg[AVG_WHOLE]!) * unit + BigInt(reg[AVG_DIGITS]!)).toBe(exact);
      expect(reg[AVG_DIGITS]).toBeLessThan(Number(unit));
    }), {seed, numRuns: 20_000});
  });
});

describe('decimals on a grid', () => {
  it('are scaled exactly, and rounded up off the grid', () => {
    const grid = fc.record({decimals: fc.integer({min: 0, max: 6}), step: fc.oneof(fc.constantFrom(1, 5, 25), big(99_999))});
    const decimal = fc.record({whole: fc.oneof(fc.integer({min: 0, max: 20}), fc.integer({min: 0, max: 999_999_999})), digits: fc.integer({min: 0, max: 9}), fraction: fc.nat(999_999_999), negative: fc.boolean()});
    const write = (units: number, decimals: number): string => (units / 10 ** decimals).toFixed(decimals);
    fc.assert(fc.property(grid, decimal, ({decimals, step}, {whole, digits, fraction, negative}) => {
      const [instrument] = smallRulebook().instruments;
      const lots = (count: number): string => write(step * count, decimals);
      const rules = {...smallRulebook(), accounts: smallRulebook().accounts.map((account) => ({...account, symbols: []})), sanityNotional: '1', instruments: [{...instrument, tickSize: write(step, decimals), lotSize: write(step, decimals), minQty: '0', maxQty: lots(1), maxPosition: lots(1), minNotional: '0', maxNotional: '1'}]};
      for (const account of rules.accounts) Object.assign(account, {maxOpenNotional: '1', creditLimit: '1'});
      const desk = new Desk(readRulebook(Buffer.from(JSON.stringify(rules))), {digest: sha256, hashSeed: 1});
      const event = new OrderEvent();
      event.symbol = 0;
      const shown = fraction % 10 ** digits;
      for (const [at, kind] of [[DEC_QTY, GRID_LOT], [DEC_PRICE, GRID_TICK]] as const) {
        event.dec.set([whole, shown, digits, negative ? 1 : 0], at);
        expect([DEC_WHOLE, DEC_FRACTION, DEC_DIGITS, DEC_NEGATIVE]).toEqual([0, 1, 2, 3]);
        const exact = scaleDecimal(desk, event, at, kind);
        // value and step in 10^-9
        const value = (BigInt(whole) * 10n ** 9n + BigInt(shown) * 10n ** BigInt(9 - digits)) * (negative ? -1n : 1n);
        const unit = BigInt(step) * 10n ** BigInt(9 - decimals);
        expect(exact).toBe(value % unit === 0n);
        const down = value / unit;
        expect(BigInt(desk.reg[REG_STEPS]!)).toBe(value > 0n && value % unit !== 0n ? down + 1n : down);
      }
    }), {seed, numRuns: 1500});
  });
});

describe('token buckets', () => {
  it('are the integers of the specification', () => {
    const limits = fc.record({capacity: fc.oneof(fc.integer({min: 0, max: 1_000_000}), fc.constant(1_000_000)), perSecond: fc.oneof(fc.integer({min: 0, max: 1_000_000}), fc.constantFrom(1, 2))});
    // enough are taken at once for a long pause to matter more than its bound allows
    const steps = fc.array(fc.tuple(fc.oneof(fc.integer({min: 0, max: 2000}), fc.integer({min: 0, max: 5e9})), fc.oneof(fc.nat(2), fc.constant(4000))), {maxLength: 30});
    fc.assert(fc.property(limits, steps, (limit, all) => {
      const buckets = new TokenBuckets([limit]);
      const clock = Float64Array.of(1.7e15);
      let tokens: bigint | null = null;
      for (const [wait, take] of all) {
        clock[0]! += wait;
        buckets.refill(0, clock, 0);
        const full = BigInt(limit.capacity) * 1_000_000n;
        const idle = BigInt(Math.min(wait, 1e9));
        tokens = tokens === null ? full : tokens + idle * BigInt(limit.perSecond);
        if (tokens > full) tokens = full;
        expect(BigInt(buckets.tokens[0]!)).toBe(tokens);
        expect(buckets.hasToken(0)).toBe(tokens >= BigInt(TOKEN));
        for (let i = 0; i < take; i++) {
          buckets.take(0);
          if (tokens >= BigInt(TOKEN)) tokens -= BigInt(TOKEN);
        }
        expect(BigInt(buckets.tokens[0]!)).toBe(tokens);
      }
    }), {seed, numRuns: 300});
  });
});

describe('wide sums', () => {
  it('stay exact beyond the doubles', () => {
    const amounts = fc.array(fc.tuple(fc.oneof(fc.nat(1000), fc.constantFrom(2 ** 52, 2 ** 52 - 1), fc.maxSafeInteger().map((n) => Math.abs(n) % 2 ** 52)), fc.boolean()), {maxLength: 80});
    fc.assert(fc.property(amounts, (all) => {
      const sums = new WideSums(2);
      const numbers = new Float64Array(1);
      let exact = 0n;
      for (const [amount, plus] of all) {
        numbers[0] = amount;
        sums.add(1, numbers, 0, plus ? 1 : -1);
        exact += BigInt(amount) * (plus ? 1n : -1n);
        expect(sums.value(1)).toBe(exact);
        if (!sums.isWide(1)) expect(BigInt(sums.low[1]!)).toBe(exact);
      }
      expect(sums.value(0)).toBe(0n);
    }), {seed, numRuns: 500});
  });
});
