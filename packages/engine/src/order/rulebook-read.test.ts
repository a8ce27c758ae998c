import {Buffer} from 'node:buffer';
import {describe, expect, it} from 'vitest';
import {smallRulebook} from '../../test/small-rulebook.ts';
import {readRulebook} from './rulebook-read.ts';
import {RulebookError} from './rulebook-section.ts';

/** Follows a path like `instruments[0].tickSize` in the rulebook and sets (undefined: deletes) what stands there. */
type Change = readonly [path: string, value: unknown];
type Branch = Record<string, unknown>;
const plant = (rulebook: object, [path, value]: Change): void => {
  const steps = path.replaceAll(/\[(\d+)\]/g, '.$1').split('.');
  const last = steps.pop()!;
  const branch = steps.reduce<Branch>((at, step) => at[step] as Branch, rulebook as Branch);
  if (value === undefined) delete branch[last];
  else branch[last] = value;
};
const readChanged = (...changes: readonly Change[]): ReturnType<typeof readRulebook> => {
  const rulebook = smallRulebook();
  for (const change of changes) plant(rulebook, change);
  return readRulebook(Buffer.from(JSON.stringify(rulebook)));
};
const refusal = (change: Change): {path: string; nearest: string | null} => {
  try {
    readChanged(change);
  } catch (error) {
    if (error instanceof RulebookError) return {path: error.path, nearest: error.nearest};
    throw error;
  }
  throw new Error('it was accepted');
};

describe('a rulebook', () => {
  it('becomes integers', () => {
    const rules = readChanged();
    expect(rules.cashDecimals).toBe(5);
    expect(rules.instruments[0]).toEqual({
      symbol: 'BTC', priceDecimals: 2, qtyDecimals: 3, tickUnits: 1, lotUnits: 1, minQtyLots: 10, maxQtyLots: 5000, maxPositionLots: 6000, minNotionalCash: 100_000, maxNotionalCash: 30_000_000,
      cashPerTickLot: 1, collarBps: 1000, refMaxAgeUs: 1_000_000,
    });
    expect(rules.instruments[1]).toMatchObject({tickUnits: 5, lotUnits: 25, minQtyLots: 1, maxQtyLots: 400, cashPerTickLot: 1250});
    expect(rules.accounts[0]).toMatchObject({account: 'none', symbols: [0, 1], maxOpenCash: 1e8, selfTrade: 'none'});
  });

  it.each<[string, string | null, unknown, string?]>([
    ['instruments[0].tickSiz', 'tickSize', '1'], ['accounts[2].selfTrade', 'cancel-both', 'cancel-bot'], ['duplicateWindows', 'duplicateWindow', 1], ['duplicateWindow', null, undefined],
    ['duplicateWindow', null, 0], ['formatVersion', '1.0', '2.0'], ['instruments[1].tickSize', null, 0.05], ['instruments[1].tickSize', null, '0.0000001'], ['instruments[1].tickSize', null, '0.00'],
    ['instruments[1].minQty', null, '0.3'], ['instruments[1].symbol', null, 'BTC'], ['instruments[0].symbol', null, 'a b'], ['instruments[0].collarBps', null, 1_000_001],
    ['accounts[0].symbols[1]', null, 'X'], ['accounts[0].symbols[1]', null, 'BTC'], ['accounts[0].maxOpenNotional', null, '45035996273.70496'], ['accounts[0].maxOpenNotional', null, '1.000001'],
    ['accounts[0].account', null, ''], ['globalRate.capacity', null, -1], ['globalRate', null, 5], ['rejectConsumesRate', null, 'yes'], ['accounts', null, []], ['terminalRetention', null, 1.5],
  ])('is refused at %s (nearest: %s) for %j', (path, nearest, value) => {
    expect(refusal([path, value])).toEqual({path, nearest});
  });

  it('takes the largest limit below 2^52 cash units', () => {
    expect(readChanged(['accounts[0].maxOpenNotional', '45035996273.70495']).accounts[0]!.maxOpenCash).toBe(2 ** 52 - 1);
  });

  it.each(['', '{', '[]', '{"a":1,"a":1}', '\ufeff{}', '{"formatVersion":"1.0"}', 'null'])('is not %j', (text) => {
    expect(() => readRulebook(Buffer.from(text))).toThrow(RulebookError);
  });
});
