import {afterEach, beforeEach, describe, expect, test} from 'vitest';
import type {CanaryResult} from './canary-options.ts';
import {CanaryRig, echoLane, expectedEffects, heldOrders, QUICK_PLAN} from './fixtures/canary-rig.ts';
import {sinkFindings} from './fixtures/sink-checks.ts';

const deep = process.env['TANDEM_DEEP'] === '1';
const COUNT = 1800;
/** an order, behind the batch that waits for the promotion */
const AT = 1551;

let rig: CanaryRig;
beforeEach(async () => {
  rig = await CanaryRig.open();
});
afterEach(() => rig.close());

/** The candidate owns everything before input AT comes. */
const run = (lanes: {legacy?: string; candidate?: string}): Promise<CanaryResult> => rig.run({
  // a stage wants messages of its own: each hold is far behind the one before
  input: heldOrders(COUNT, {501: rig.told('promote', 'PROMOTING', 1), 1501: rig.told('promote', 'PRIMARY', 1)}), plan: {...QUICK_PLAN, stages: [1], bakeMs: 50, evidenceMaxAgeMs: 60_000},
  lanes: {legacy: echoLane('legacy', undefined, lanes.legacy), candidate: echoLane('candidate', undefined, lanes.candidate)},
});
const findings = async ({journalFile}: CanaryResult): Promise<string[]> => sinkFindings(await rig.lines(), journalFile, expectedEffects(COUNT));
/** Everything is back, and said so, though the inputs ended meanwhile. */
const BACK = {stage: 'SHADOW'};
const notBack = ({view}: CanaryResult): readonly string[] => (view?.partitions ?? []).filter(({owner}) => owner !== 'legacy').map(({partition}) => partition);

describe('a candidate that owns everything and goes wrong', {timeout: 90_000}, () => {
  test.each([
    ['garbage', /no usable \/refSeqNum or \/account in "Ã¿\{no json"/], ...(deep ? [['past', /an answer to 1351 behind one to 1\d{3}/], ['future', /an answer to 1001551, which it was not given/]] as const : []),
  ] as const)('answers %s: it is ended, legacy answers in its place, every effect comes once, and no partition stands still', async (way, seen) => {
    const result = await run({candidate: `${way}@${AT}`});
    expect(result).toMatchObject({...BACK, share: 0, complete: true, endedBy: null, restarts: {candidate: 0}});
    expect(notBack(result)).toEqual([]);
    expect(result.faults).toMatchObject([{id: 'TDM-E258', kind: 'lane', seen: expect.stringMatching(seen) as string}]);
    expect(result.view?.halted).toEqual([]);
    expect(await findings(result)).toEqual([]);
    expect((await rig.lines()).filter(({c, l}) => c >= AT && l === 'candidate')).toEqual([]);
  });

  test.each(['dies', ...(deep ? ['halfway'] : [])])('%s at the same input whenever it is started: it is given up, and every effect comes once', async (way) => {
    const result = await run({candidate: `${way}@${AT}`});
    expect(result).toMatchObject({...BACK, complete: true, endedBy: null, restarts: {candidate: 4}});
    expect(notBack(result)).toEqual([]);
    expect(rig.events.find(({action}) => action === 'candidate ended')?.reason).toMatch(/5 ends .*not started again/);
    expect(result.view?.halted).toEqual([]);
    expect(await findings(result)).toEqual([]);
  });
});

describe('legacy that answers garbage', {timeout: 90_000}, () => {
  test('is told, is never right, and takes everything back: what it left out is the one effect that is missing', async () => {
    const result = await run({legacy: `garbage@${AT}`});
    expect(result).toMatchObject({...BACK, share: 0, complete: true, untagged: {legacy: 1, candidate: 0}, faults: [{id: 'TDM-E258'}]});
    expect(notBack(result)).toEqual([]);
    // The candidate, which owns it, answers it, unless everything has gone back to legacy before that: then nobody does.
    const leftOut = /^I1\/I3 ACC9: effect number \d+ is 1552\.0, wanted 1551\.0 /;
    expect((await findings(result)).filter((found) => !leftOut.test(found))).toEqual([]);
  });

  test.runIf(deep)('dies for good: the canary ends and says why, nothing came twice or out of order', async () => {
    const result = await run({legacy: `dies@${AT}`});
    expect(result.complete).toBe(false);
    expect(result.endedBy).toMatch(/^legacy ends again and again: .*5 ends/);
    expect((await findings(result)).filter((found) => !found.startsWith('I10'))).toEqual([]);
  });
});
