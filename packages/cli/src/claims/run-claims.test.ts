import {describe, expect, it} from 'vitest';
import {decided, meets, notHere, type Claim} from './claim.ts';
import {chooseClaims, claimTable, runClaims} from './run-claims.ts';

const claim = (id: string, area: Claim['area'], measure: Claim['measure']): Claim => ({id, area, claim: `says ${id}`, unit: 'x', goal: '<= 0.5', measure});
const claims = [claim('order.p99', 'order', () => Promise.resolve(decided('<= 0.5', 0.4, 'quiet'))), claim('ux.help', 'ux', () => Promise.resolve(notHere('no clock')))];
const context = {seed: 1, say: () => undefined, signal: new AbortController().signal};

describe('claims', () => {
  it('compares with the goal as written', () => {
    expect([meets('<= 0.15', 0.15), meets('<= 0.15', 0.1501), meets('>= 60_000', 60_000), meets('= 0', 0), meets('= 0', 1)]).toEqual([true, false, true, true, false]);
    expect(() => meets('about 3', 3)).toThrow(RangeError);
    expect(decided('<= 1', Number.NaN, '').holds).toBe(false);
  });
  it('refuses an area or an id that chooses nothing', () => {
    expect(() => chooseClaims(claims, ['ordr'], undefined)).toThrow(/no area "ordr"/);
    expect(() => chooseClaims(claims, ['market'], undefined)).toThrow(/hold no claim/);
    expect(() => chooseClaims(claims, [], 'order.p98')).toThrow(/no claim "order.p98"/);
    expect(chooseClaims(claims, ['order'], undefined).map(({id}) => id)).toEqual(['order.p99']);
  });
  it('turns a failing measurement into a claim that does not hold', async () => {
    const [result] = await runClaims([claim('order.bad', 'order', () => Promise.reject(new Error('no socket')))], context, () => 0);
    expect(result).toMatchObject({holds: false, figure: null, conditions: 'failed: no socket'});
  });
  it('takes no figure from a measurement that was stopped, and begins no other', async () => {
    const stop = new AbortController();
    const cut = claim('order.cut', 'order', () => {
      stop.abort();
      return Promise.resolve(decided('<= 0.5', 224, 'half of it'));
    });
    const results = await runClaims([cut, ...claims], {...context, signal: stop.signal}, () => 0);
    expect(results).toMatchObject([{id: 'order.cut', figure: null, holds: null, conditions: 'stopped before it was measured'}]);
  });
  it('prints a row a claim', async () => {
    expect(claimTable(await runClaims(claims, context, () => 0))).toMatchInlineSnapshot(`
      "ok  order.p99  0.400 x  goal <= 0.5  0 s  says order.p99 (quiet)
      ?   ux.help    – x      goal <= 0.5  0 s  says ux.help (no clock)"
    `);
  });
});
