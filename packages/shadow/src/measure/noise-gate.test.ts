import {mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {setTimeout as sleep} from 'node:timers/promises';
import {describe, expect, it} from 'vitest';
import {readMachine} from './machine-load.ts';
import {createNoiseGate, judgeNoise, NOISE_LIMITS} from './noise-gate.ts';
import {spinForGaps} from './spin-gaps.ts';

const calm = {spinMs: 1000, gaps: 3, worstGapNs: 400_000, gapsNs: 700_000, longestNs: [400_000, 150_000, 150_000]};
const machine = {busyMs: 900, stealMs: 0, totalMs: 4000};
const use = {cpuMs: 850, runQueueWaitShares: {legacy: 0.01, candidate: null}};

describe('judging noise', () => {
  it('a calm machine is steady, without reasons', () => {
    expect(judgeNoise({spins: [calm, calm], machine, use, limits: NOISE_LIMITS})).toEqual({spinMs: 2000, gaps: 6, worstGapNs: 400_000, stealShare: 0, steady: true, reasons: [],
      heldUpNs: {'0.5': 0, '0.9': 0, '0.95': 0, '0.99': 0, '0.999': 0, '0.9999': expect.closeTo(300_000, 0) as number}});
  });
  it.each([
    ['only one spin', {spins: [calm]}, /not watched both before and after/],
    ['no spin at all', {spins: []}, /not watched.*/],
    ['a long pause', {spins: [calm, {...calm, worstGapNs: 40e6}]}, /paused for 40.0 ms, limit 25.0 ms/],
    ['many pauses', {spins: [{...calm, gapsNs: 150e6}, calm]}, /spinning loop took 7.5 %, limit 5.0 %/],
    ['steal', {machine: {...machine, stealMs: 280}}, /hypervisor took 7.0 %/],
    ['other programs', {machine: {...machine, busyMs: 2000}}, /other programs used 28.7 %/],
    ['waiting for a core', {use: {cpuMs: 850, runQueueWaitShares: {legacy: 0.2}}}, /legacy waited for a core 20.0 %/],
  ])('%s is unsteady and named', (_, change, reason) => {
    const evidence = judgeNoise({spins: [calm, calm], machine, use, limits: NOISE_LIMITS, ...change});
    expect(evidence.steady).toBe(false);
    expect(evidence.reasons.join('; ')).toMatch(reason);
  });
  const cores = (lane: {waitShare: number; othersShare: number}, harnessOthersShare = 0) =>
    ({harnessCores: [0], laneCores: [1], harnessOthersShare, lanes: {legacy: {...lane, stealShare: 0}}});
  it.each([
    ['its own threads waited for each other', cores({waitShare: 0.2, othersShare: 0.03}), []],
    ['a neighbour stood on its core', cores({waitShare: 0.2, othersShare: 0.08}), ['legacy waited for its core 20.0 %, and of that core others used 8.0 %, limit 5.0 %']],
    ['the strict reading is satisfied', cores({waitShare: 0.04, othersShare: 0.08}), []],
    ['a neighbour stood on the core of the harness', cores({waitShare: 0.01, othersShare: 0.01}, 0.07), ["others used of the harness's own core 7.0 %, limit 5.0 %"]],
    ['nobody knows who was there', null, ['legacy waited for a core 20.0 %, limit 5.0 %']],
  ])('a lane alone on its core: %s', (_, seen, reasons) => {
    expect(judgeNoise({spins: [calm, calm], machine, use: {cpuMs: 850, runQueueWaitShares: {legacy: 0.2}, cores: seen}, limits: NOISE_LIMITS}).reasons).toEqual(reasons);
  });
  it('neighbours that the sampled account of the machine misses are seen in their own', () => {
    expect(judgeNoise({spins: [calm, calm], machine, othersMs: 800, use, limits: NOISE_LIMITS}).reasons).toEqual(['other programs used 20.0 %, limit 5.0 %']);
  });
  it('what the platform does not tell is null, not 0', () => {
    const evidence = judgeNoise({spins: [calm, calm], machine: null, use: {cpuMs: null, runQueueWaitShares: {}}, limits: NOISE_LIMITS});
    expect(evidence).toMatchObject({stealShare: null, steady: true});
  });
});

describe('spin-gap test', () => {
  it('finds planted pauses of a planted clock', () => {
    let round = 0;
    let nowNs = 0;
    const clock = (): number => {
      round += 1;
      nowNs += round === 30_000 ? 3e6 : round === 40_000 ? 60_000 : 200;
      return nowNs;
    };
    expect(spinForGaps(200, clock)).toMatchObject({gaps: 2, worstGapNs: 3e6, gapsNs: 3.06e6});
  });
  it('reads the real machine within its limits of time', async () => {
    const gate = createNoiseGate({spinMs: 1});
    gate.before();
    await sleep(30);
    const evidence = gate.after({cpuMs: null, runQueueWaitShares: {}});
    expect(evidence.spinMs).toBeGreaterThanOrEqual(400);
    expect(evidence.spinMs).toBeLessThan(2000);
    if (process.platform === 'linux') expect(evidence.stealShare).not.toBeNull();
  });
  it('what was done before begin is nobody else\'s doing', () => {
    const procRoot = mkdtempSync(join(tmpdir(), 'tandem-stat-'));
    const machine = (busyTicks: number, idleTicks: number): void => { writeFileSync(join(procRoot, 'stat'), `cpu  ${busyTicks} 0 0 ${idleTicks} 0 0 0 0 0 0\n`); };
    const run = (begins: boolean): readonly string[] => {
      const gate = createNoiseGate({spinMs: 200, procRoot});
      machine(0, 0);
      gate.before();
      // ten seconds of a history at full speed, then ten quiet ones of which the lanes used one
      machine(1000, 0);
      if (begins) gate.begin();
      machine(1100, 900);
      return gate.after({cpuMs: 1000, runQueueWaitShares: {}}).reasons.filter((reason) => reason.startsWith('other programs'));
    };
    expect(run(true)).toEqual([]);
    expect(run(false)).toEqual(['other programs used 50.0 %, limit 5.0 %']);
    rmSync(procRoot, {recursive: true});
  });
  it('after without before is unsteady', () => {
    expect(createNoiseGate({spinMs: 200}).after({cpuMs: null, runQueueWaitShares: {}}).steady).toBe(false);
  });
});

describe('load of the machine', () => {
  it('reads the first line, with and without steal', () => {
    const root = mkdtempSync(join(tmpdir(), 'tandem-stat-'));
    writeFileSync(join(root, 'stat'), 'cpu  100 10 50 800 20 5 5 30 0 0\ncpu0 1 1 1 1\n');
    expect(readMachine(root)).toEqual({busyMs: 1700, stealMs: 300, totalMs: 10_200});
    writeFileSync(join(root, 'stat'), 'cpu  100 10 50 800\n');
    expect(readMachine(root)).toEqual({busyMs: 1600, stealMs: 0, totalMs: 9600});
    writeFileSync(join(root, 'stat'), 'nonsense');
    expect(readMachine(root)).toBeNull();
    rmSync(root, {recursive: true});
    expect(readMachine(root)).toBeNull();
  });
});
