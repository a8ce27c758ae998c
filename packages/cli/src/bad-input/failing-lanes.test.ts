import {readFileSync} from 'node:fs';
import {join} from 'node:path';
import type {ErrorDetail, Evidence, LaneName} from '@tandem/contract';
import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import {BenchFolder, orders, type LaneBehaviour} from './fixtures/bench-folder.ts';
import {filesOf} from './fixtures/reading-runs.ts';
import {tandem, type Ended} from './fixtures/tandem-process.ts';

const COUNT = 400;
const AT = 150;
const deep = process.env['TANDEM_DEEP'] === '1';
/** What each way to go wrong in the middle leaves behind: id, last words, why its inputs are lost. */
const MIDWAY = {
  raise: {id: 'TDM-E225', seen: /exit code 1.*KeyError: 'no level for A\d'/, likely: /^KeyError: 'no level for A\d'/, lost: 'exited'},
  'exit-zero': {id: 'TDM-E225', seen: /exit code 0.*wrote nothing to stderr/, likely: null, lost: 'exited'},
  killed: {id: 'TDM-E225', seen: /ended by SIGKILL/, likely: null, lost: 'exited'},
  hang: {id: 'TDM-E226', seen: /\d+ ms|\d+ inputs/, likely: null, lost: 'hung'},
  oversized: {id: 'TDM-E228', seen: /a message above 2097152 bytes/, likely: null, lost: 'output-oversized'},
} as const;
type Midway = keyof typeof MIDWAY;

describe('a lane that fails', {timeout: 120_000}, () => {
  const bench = new BenchFolder();
  let capture = '', tests = 0;
  beforeAll(async () => { capture = await bench.capture('capture', orders(COUNT)); });
  afterAll(() => {
    expect(bench.leftBehind()).toEqual([]);
    expect(bench.processes()).toEqual([]);
    bench.remove();
  });

  const replay = async (lanes: {legacy?: LaneBehaviour; candidate?: LaneBehaviour}, ...more: string[]): Promise<Ended & {runs: string}> => {
    tests += 1;
    const runs = `runs-${tests}`;
    return {...await tandem(['replay', capture, '-c', bench.migration(lanes), '--runs', bench.at(runs), '--no-twin', '--json', ...more], {temporary: bench.temporary}), runs};
  };

  it.concurrent.each(['legacy', 'candidate'] as const)('at its start, as %s: the last line of the traceback is shown, and nothing was compared', async (side) => {
    const {code, json, err, runs} = await replay({[side]: {behaviour: 'import-error'}});
    expect(code).toBe(11);
    expect(json().error).toMatchObject({id: 'TDM-E221', kind: 'lane', what: expect.stringContaining(side) as string, where: expect.stringContaining('bad_lane.py') as string,
      seen: expect.stringContaining('exit code 1') as string, likely: "ModuleNotFoundError: No module named 'pandas_of_another_machine'", fix: expect.stringMatching(/\S/) as string});
    expect(err).toMatch(/TDM-E221[\s\S]*ModuleNotFoundError[\s\S]*fix/);
    const manifest = JSON.parse(readFileSync(join(bench.onlyRun(runs), 'manifest.json'), 'utf8')) as {complete: boolean; notes: string[]};
    expect(manifest).toMatchObject({complete: false, notes: [expect.stringContaining('TDM-E221') as string]});
    if (side === 'legacy') return;
    const diff = await tandem(['diff', '--run', bench.onlyRun(runs)]);
    expect(diff.code).toBe(11);
    expect(diff.out).toMatch(/nothing was compared[\s\S]*TDM-E221/);
  });

  it.concurrent.each([
    ['legacy', 'never-ready'], ['candidate', 'stubborn'], ...(deep ? [['candidate', 'never-ready'], ['legacy', 'stubborn']] as const : []),
  ] as const)('that never gets ready, as %s (%s), is ended with all that it started', async (side, behaviour) => {
    const {code, json} = await replay({[side]: {behaviour, within: '1s'}});
    expect(code).toBe(11);
    expect(json().error).toMatchObject({id: 'TDM-E222', kind: 'lane', what: `The ${side} lane was not ready within 1000 ms.`, seen: expect.stringContaining('waiting for the exchange to answer') as string});
  });

  // in a ring, so that each failure is seen on either side
  const RING: readonly (readonly [Midway, Midway])[] = [['raise', 'killed'], ['killed', 'exit-zero'], ['exit-zero', 'hang'], ['hang', 'oversized'], ['oversized', 'raise']];
  it.concurrent.each(RING)('in the middle: legacy %s, candidate %s; what was whole until then is compared, the rest is lost with its reason', async (legacy, candidate) => {
    const {code, json, err, runs} = await replay({legacy: {behaviour: legacy, at: AT, within: '1500ms'}, candidate: {behaviour: candidate, at: AT + 60, within: '1500ms'}});
    expect(code).toBe(11);
    const {verdict, faults} = json<{verdict: {outcome: string}; faults: ErrorDetail[]}>();
    expect(verdict.outcome).toBe('error');
    for (const [side, behaviour] of [['legacy', legacy], ['candidate', candidate]] as const) expectFault(faults, side, MIDWAY[behaviour]);
    for (const {id} of faults) expect(err).toContain(id);
    const {evidence, manifest} = filesOf(bench.onlyRun(runs));
    expectConservation(evidence);
    expect(manifest.notes).toHaveLength(2);
    expect(Object.keys(evidence.parity?.conservation.lost ?? {})).toContainEqual(expect.stringMatching(/^(legacy|candidate) (exited|hung|output-oversized)$/));
    if (legacy === 'raise') expect(readFileSync(join(bench.onlyRun(runs), 'lanes/legacy.stderr.txt'), 'utf8')).toMatch(/^Traceback[\s\S]*KeyError/);
    if (legacy === 'oversized') expect(evidence.lanes.find(({lane}) => lane === 'legacy')).toMatchObject({state: 'crashed', exitCode: null, stderrTail: ['(The legacy lane sent an output above the size limit.)']});
  });

  it.concurrent.each([
    ['legacy', 'twice', 'duplicate'], ['candidate', 'garbage', 'malformed'], ...(deep ? [['candidate', 'twice', 'duplicate'], ['legacy', 'garbage', 'malformed'],
      ['candidate', 'garbage-alone', 'malformed'], ['legacy', 'garbage-alone', 'malformed'], ['candidate', 'large', 'malformed'], ['legacy', 'large', 'malformed']] as const : []),
  ] as const)('that goes on but, as %s, answers %s is a difference of class %s, and can be explained', async (side, behaviour, expected) => {
    const {code, json, runs} = await replay({[side]: {behaviour, at: AT}});
    expect(code).toBe(10);
    const {verdict, parity} = json<{verdict: {outcome: string}; parity: {byClass: Record<string, number>; conservation: {in: number; compared: number; remainder: number}; groups: {fingerprint: string; title: string}[]}}>();
    expect(verdict.outcome).toBe('fail');
    expect(Object.keys(parity.byClass)).toEqual([expected]);
    expect(parity.conservation).toMatchObject({in: COUNT, compared: COUNT, remainder: 0});
    const group = parity.groups[0];
    const explained = await tandem(['explain', group?.fingerprint ?? '', '--run', bench.onlyRun(runs), '-c', bench.migration()]);
    expect(explained.code, explained.err).toBe(0);
    expect(explained.out).toContain(group?.title ?? '?');
  });

  it.runIf(deep)('with an output just above the limit is at fault and has failed', async () => {
    const {code, json} = await replay({candidate: {behaviour: 'above-limit', at: AT}});
    expect(code).toBe(10);
    expect(json<{faults: ErrorDetail[]}>().faults).toMatchObject([{id: 'TDM-E228', seen: expect.stringMatching(/an output of 15\d{5} bytes; at most 1048576/) as string}]);
  });

  it.runIf(deep)('as legacy and twin at once', async () => {
    const {code, json} = await replay({legacy: {behaviour: 'raise', at: AT}}, '--twin');
    expect(code).toBe(11);
    expect(json<{faults: ErrorDetail[]}>().faults.map(({id}) => id)).toEqual(['TDM-E225', 'TDM-E225']);
  });
});

const expectFault = (faults: readonly ErrorDetail[], side: LaneName, {id, seen, likely}: (typeof MIDWAY)[Midway]): void => {
  const fault = faults.find(({where}) => where?.startsWith(`${side} (`));
  expect(fault, side).toMatchObject({id, kind: 'lane', seen: expect.stringMatching(seen) as string, fix: expect.stringMatching(/\S/) as string});
  if (likely !== null) expect(fault?.likely).toMatch(likely);
};

const expectConservation = ({parity, lanes}: Evidence): void => {
  const {in: all, compared, inFlight, lost, remainder} = parity?.conservation ?? {in: 0, compared: 0, inFlight: 0, lost: {}, remainder: 1};
  expect(remainder).toBe(0);
  // all that both lanes had answered for is compared, and not one input more
  expect(compared).toBe(Math.min(...lanes.map(({watermark}) => watermark)));
  expect(compared).toBeLessThan(AT);
  expect(compared + inFlight + Object.values(lost).reduce((sum, count) => sum + count, 0)).toBe(all);
  expect(parity?.matched).toBe(parity?.outputs);
};
