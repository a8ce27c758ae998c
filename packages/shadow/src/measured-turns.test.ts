import {spawn} from 'node:child_process';
import {setTimeout as sleep} from 'node:timers/promises';
import {describe, expect, it} from 'vitest';
import {allowedCores, placeTree, splitCores, treeStandsOn} from './lanes/core-placement.ts';
import {CoreWatch} from './measure/core-watch.ts';
import {readMachine} from './measure/machine-load.ts';
import {createProcessTree} from './measure/process-tree.ts';
import {judgeNoise, NOISE_LIMITS} from './measure/noise-gate.ts';
import {readOthers} from './measure/other-programs.ts';

const split = splitCores(allowedCores());
/** as a lane does: some work, some rest */
const working = ['-e', 'process.stdout.write("up"); setInterval(() => { for (const until = performance.now() + 4; performance.now() < until;); }, 8);'];
const spinning = ['-e', 'process.stdout.write("up"); for (;;);'];

describe('who had the cores', () => {
  it('gives the harness one core of two and three, two of more, and none where there is one', () => {
    expect([splitCores([3]), splitCores([0, 1]), splitCores([1, 2, 5]), splitCores([0, 1, 2, 3])]).toEqual([null, {harness: [0], lane: [1]}, {harness: [1], lane: [2, 5]}, {harness: [0, 1], lane: [2, 3]}]);
  });

  it.skipIf(split === null).each([0, 19])('a real neighbour with nice %d on the core of a lane makes the run inconclusive', async (nice) => {
    const {lane: cores} = split as NonNullable<typeof split>;
    const lane = spawn(process.execPath, working, {stdio: ['ignore', 'pipe', 'ignore']});
    const neighbour = spawn('nice', ['-n', String(nice), 'taskset', '-c', cores.join(','), process.execPath, ...spinning], {stdio: ['ignore', 'pipe', 'ignore']});
    try {
      await Promise.all([lane, neighbour].map((child) => new Promise((resolve) => { child.stdout.once('data', resolve); })));
      const pid = lane.pid as number;
      expect(await placeTree(pid, cores)).toBe(true);
      expect(treeStandsOn(pid, cores)).toBe(true);
      const tree = createProcessTree(pid);
      const watch = new CoreWatch({harness: [0], lane: cores});
      const times = () => ({own: tree.read({pss: false}), rest: {ranNs: 0, waitedNs: 0}});
      const before = readMachine() as NonNullable<ReturnType<typeof readMachine>>;
      const first = times();
      watch.begin('legacy', first);
      await sleep(400);
      const last = times();
      watch.end('legacy', last);
      const after = readMachine() as NonNullable<ReturnType<typeof readMachine>>;
      const use = watch.figures();
      const legacy = use?.lanes['legacy'];
      expect(legacy?.othersShare).toBeGreaterThan(0.05);
      const machine = {busyMs: after.busyMs - before.busyMs, stealMs: 0, totalMs: after.totalMs - before.totalMs};
      const cpuMs = ((last.own.ranNs ?? 0) - (first.own.ranNs ?? 0)) / 1e6;
      const {reasons} = judgeNoise({spins: [], machine, use: {cpuMs, runQueueWaitShares: {legacy: legacy?.waitShare ?? null}, cores: use}, limits: NOISE_LIMITS});
      expect(reasons.join()).toMatch(/other programs used/);
      // one that gives way may leave the lane its strict reading; on equal terms it cannot
      if (nice === 0) expect(reasons.join()).toMatch(/legacy waited for its core .*others used/);
    } finally {
      lane.kill('SIGKILL');
      neighbour.kill('SIGKILL');
    }
  });

  it('a turn that could not be read, or in which somebody strayed, says nothing', () => {
    const watch = new CoreWatch({harness: [0], lane: [9999]});
    const none = {own: {ranNs: 0, waitedNs: 0}, rest: {ranNs: 0, waitedNs: 0}};
    watch.begin('legacy', none);
    watch.end('legacy', none);
    expect(watch.figures()).toBeNull();
  });

  it.skipIf(process.platform !== 'linux')('counts the programs of others and not our own', async () => {
    const child = spawn(process.execPath, spinning, {stdio: ['ignore', 'pipe', 'ignore']});
    try {
      await new Promise((resolve) => { child.stdout.once('data', resolve); });
      const [ours, theirs] = [readOthers(process.pid) ?? 0, readOthers(-1) ?? 0];
      expect(theirs).toBeGreaterThan(ours);
    } finally {
      child.kill('SIGKILL');
    }
  });
});
