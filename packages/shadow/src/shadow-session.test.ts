import {mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';
import type {GateLimits, LaneName, LaunchLane, Migration} from '@tandem/contract';
import {afterAll, describe, expect, it} from 'vitest';
import type {FeedInput} from './flow/feed-input.ts';
import {explainRun} from './explain-run.ts';
import {judgeAgain} from './judge-again.ts';
import {memoryInputs} from './log-inputs.ts';
import type {SessionPlan} from './session-plan.ts';
import {runSession, type SessionOutcome} from './shadow-session.ts';

const folder = mkdtempSync(join(tmpdir(), 'tandem-session-'));
afterAll(() => { rmSync(folder, {recursive: true, force: true}); });
const program = fileURLToPath(new URL('fixtures/echo-lane.ts', import.meta.url));
const INPUTS = 2000;

const lane = (name: LaneName, behaviour = 'plain'): LaunchLane => ({
  kind: 'launch', name, command: process.execPath, args: [program, '{in}', '{out}', behaviour, '1150'], env: {PATH: '/usr/bin:/bin', NODE_NO_WARNINGS: '1'}, cwd: '/',
  watermark: {kind: 'barrier', everyMessages: 100}, label: 'node fixture',
});
const gates: GateLimits = {minMessages: 1000, parity: {mismatches: 0, lossBudget: 0}, latencyRatio: {}, cpuRatio: null, memoryRatio: null, memorySlopeBytesPerHour: null, dryRun: [], sources: {}};
const migration = (lanes: readonly LaunchLane[], more: Partial<Migration> = {}): Migration => ({
  name: 'echo', configFile: 'none', configHash: '0'.repeat(64), inputs: [], lanes, codec: 'json', cause: {kind: 'sequence', input: '/msgSeqNum', output: '/refSeqNum', partition: '/account'},
  outputKind: '/msgType', entities: [], compare: {default: {kind: 'exact'}, fields: [], maxIgnoredShare: 0.2}, gates, canary: null, coverage: [], ...more,
});
const inputs = (count: number): FeedInput[] => Array.from({length: count}, (_, at) => ({
  inputSeq: at + 1, recordedNs: at * 1000, frames: null, payload: Buffer.from(`{"msgType":"D","msgSeqNum":${at + 1},"account":"A${at % 7}","price":"${at}.50"}`),
}));
const run = (plan: {migration: Migration; count?: number; turns?: Partial<SessionPlan>}): Promise<SessionOutcome> => {
  const whole: SessionPlan = {
    kind: 'replay', migration: plan.migration, inputs: memoryInputs(inputs(plan.count ?? INPUTS)), schedule: {kind: 'max'}, historyInputs: 0, turns: null, runsRoot: join(folder, 'runs'), seed: 1,
    command: ['test'], versions: {}, keep: 'differing', keepBytesMax: 1024 * 1024, today: '2026-11-20', spinMs: 0, notes: [], ...plan.turns,
  };
  return runSession(whole, {signal: new AbortController().signal, onProgress: () => undefined});
};
const judged = async (behaviour: string): Promise<SessionOutcome> => run({migration: migration([lane('legacy'), lane('candidate', behaviour)])});

describe('a session from inputs to verdict', () => {
  it('passes equal lanes, with a floor, and accounts for every input', async () => {
    const {verdict, evidence, exitCode} = await run({migration: migration([lane('legacy'), lane('candidate'), lane('twin')])});
    expect(verdict.outcome, verdict.summary).toBe('pass');
    expect(exitCode).toBe(0);
    expect(evidence.parity).toMatchObject({outputs: INPUTS, matched: INPUTS, conservation: {in: INPUTS, compared: INPUTS, inFlight: 0, remainder: 0}});
    expect(evidence.floor?.matched).toBe(INPUTS);
    expect(evidence.parity?.stateChecks.equal).toBeGreaterThan(0);
  });

  it('asks for digests between turns only: they would be load of our own in what is measured', async () => {
    const turns = {kind: 'bench', schedule: {kind: 'rate', ratePerSecond: 20_000}, historyInputs: 1100, turns: {rounds: 2, inputsPerTurn: 1200}} as const;
    const {verdict, evidence: {latency, parity}} = await run({migration: migration([lane('legacy'), lane('candidate')]), count: 3500, turns});
    expect(verdict.outcome, verdict.summary).toBe('pass');
    // one after the history, one after its paced end, one after each round, the last one at the end of the session
    expect(parity?.stateChecks).toMatchObject({equal: 5, unequal: 0});
    expect(latency.find(({lane: name, kind}) => name === 'candidate' && kind === 'response')?.count).toBe(2400);
  });

  it.each([['wrong', 'value'], ['drop', 'missing'], ['double', 'duplicate'], ['swap', 'reordered'], ['state', 'state']])('finds one planted defect: %s is reported as %s', async (behaviour, expected) => {
    const {verdict, evidence, exitCode, folder: runFolder} = await judged(behaviour);
    expect(verdict.outcome, verdict.summary).toBe('fail');
    expect(exitCode).toBe(10);
    expect(Object.keys(evidence.parity?.byClass ?? {})).toContain(expected);
    expect(evidence.parity?.conservation.remainder).toBe(0);
    if (behaviour === 'wrong') {
      const group = evidence.parity?.groups[0];
      expect(group).toMatchObject({path: '/price', count: 1, firstInputSeq: 1150});
      const {explanation} = await explainRun(runFolder, migration([]), group?.fingerprint ?? '', '2026-11-20');
      expect(explanation.input).toContain('"msgSeqNum":1150');
      expect(explanation.pairs[0]?.fields.find(({verdict: one}) => one !== 'equal')).toMatchObject({path: '/price', expected: '"1149.50"', actual: '"9.99"'});
    }
  });

  it('never passes when a lane dies, and says which inputs were lost', async () => {
    const {verdict, evidence, exitCode} = await judged('die');
    expect(verdict.outcome).toBe('error');
    expect(exitCode).toBe(11);
    expect(evidence.lanes.find(({lane: name}) => name === 'candidate')).toMatchObject({state: 'crashed', exitCode: 9});
    const {in: all, compared, lost, inFlight, remainder} = evidence.parity?.conservation ?? {in: 0, compared: 0, lost: {}, inFlight: 0, remainder: 1};
    expect(remainder).toBe(0);
    expect(compared).toBeLessThan(1150);
    expect(compared + inFlight + Object.values(lost).reduce((sum, count) => sum + count, 0)).toBe(all);
  });

  it('never passes on too few messages', async () => {
    const {verdict, exitCode} = await run({migration: migration([lane('legacy'), lane('candidate')]), count: 300});
    expect(verdict.outcome).toBe('inconclusive');
    expect(exitCode).toBe(11);
  });

  it('never passes when a declared cell was not exercised', async () => {
    const {verdict, evidence} = await run({migration: migration([lane('legacy'), lane('candidate')], {coverage: [{name: 'cancel', side: 'input', path: '/msgType', equals: 'F'}, {name: 'report', side: 'output', path: '/msgType', equals: '8'}]})});
    expect(evidence.coverage?.missing).toEqual(['cancel']);
    expect(verdict.outcome).toBe('inconclusive');
  });

  it('judges again from the folder alone, by other gates, and refuses edited evidence', async () => {
    const {folder: runFolder} = await judged('plain');
    expect((await judgeAgain(runFolder, migration([]), '2026-11-20')).verdict.outcome).toBe('pass');
    expect((await judgeAgain(runFolder, migration([], {gates: {...gates, minMessages: 1_000_000}}), '2026-11-20')).verdict.outcome).toBe('inconclusive');
    writeFileSync(join(runFolder, 'evidence.json'), '{"formatVersion":"1.0"}');
    await expect(judgeAgain(runFolder, migration([]), '2026-11-20')).rejects.toThrow();
  });
});
