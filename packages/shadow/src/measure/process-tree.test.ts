import {mkdirSync, mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterEach, describe, expect, it} from 'vitest';
import {startBusyLane} from './fixtures/busy-lane.ts';
import type {BusyLane} from './fixtures/busy-lane.ts';
import {createProcessTree} from './process-tree.ts';
import {readProcess, readPssBytes, readScheduler} from './procfs.ts';

const lanes: BusyLane[] = [];
const folders: string[] = [];

afterEach(async () => {
  await Promise.all(lanes.splice(0).map((lane) => lane.end()));
  for (const folder of folders.splice(0)) rmSync(folder, {recursive: true});
});

async function laneHere(): Promise<BusyLane> {
  const lane = await startBusyLane();
  lanes.push(lane);
  return lane;
}

/** A folder that looks like procfs: one process per entry. Real readers, planted content. */
function plantProc(processes: readonly {pid: number; parent: number; start: number; ticks: number; endedTicks?: number; rssKib?: number; name?: string}[], root = mkdtempSync(join(tmpdir(), 'tandem-proc-'))): string {
  if (!folders.includes(root)) folders.push(root);
  for (const {pid, parent, start, ticks, endedTicks = 0, rssKib = 100, name = 'lane'} of processes) {
    mkdirSync(join(root, String(pid)), {recursive: true});
    const fields = ['S', parent, 1, 1, 0, -1, 0, 0, 0, 0, 0, ticks, 0, endedTicks, 0, 20, 0, 3, 0, start, 0, 0];
    writeFileSync(join(root, String(pid), 'stat'), `${String(pid)} (${name}) ${fields.join(' ')}\n`);
    writeFileSync(join(root, String(pid), 'status'), `Name:\t${name}\nVmRSS:\t   ${String(rssKib)} kB\n`);
  }
  return root;
}

function vanish(root: string, pid: number): void {
  rmSync(join(root, String(pid)), {recursive: true});
}

describe.runIf(process.platform === 'linux')('process tree of a real program', () => {
  it('reads CPU, memory, threads and scheduler time', async () => {
    const lane = await laneHere();
    const tree = createProcessTree(lane.pid);
    const before = tree.read({pss: true});
    expect(before).toMatchObject({alive: true, processes: 1});
    expect(before.threads).toBeGreaterThan(1);
    expect(before.pssBytes).toBeGreaterThan(1e6);
    await lane.ask('hold 64');
    await lane.ask('burn 150');
    const after = tree.read({pss: true});
    expect(after.rssBytes - before.rssBytes).toBeGreaterThan(60 * 1024 ** 2);
    expect((after.pssBytes ?? 0) - (before.pssBytes ?? 0)).toBeGreaterThan(60 * 1024 ** 2);
    expect(after.cpuMs - before.cpuMs).toBeGreaterThanOrEqual(130);
    expect(after.cpuMs - before.cpuMs).toBeLessThan(600);
    if (after.ranNs !== null && before.ranNs !== null) expect((after.ranNs - before.ranNs) / 1e6).toBeGreaterThan(130);
  });

  it('counts a child that began and ended between two readings', async () => {
    const lane = await laneHere();
    const tree = createProcessTree(lane.pid);
    const before = tree.read({pss: false});
    await lane.ask('child 200');
    const after = tree.read({pss: false});
    expect(after.processes).toBe(1);
    expect(after.cpuMs - before.cpuMs).toBeGreaterThanOrEqual(180);
  });

  it('sees children that stay', async () => {
    const lane = await laneHere();
    const tree = createProcessTree(lane.pid);
    const before = tree.read({pss: false});
    await lane.ask('keep');
    let after = tree.read({pss: false});
    for (let tries = 0; after.processes < 2 && tries < 50; tries++) after = tree.read({pss: false});
    expect(after.processes).toBe(2);
    expect(after.rssBytes).toBeGreaterThan(before.rssBytes);
  });

  it('keeps the last totals of a program that was killed', async () => {
    const lane = await startBusyLane();
    const tree = createProcessTree(lane.pid);
    await lane.ask('burn 50');
    const before = tree.read({pss: false});
    await lane.kill();
    expect(tree.read({pss: true})).toMatchObject({alive: false, cpuMs: before.cpuMs, processes: 0, rssBytes: 0, pssBytes: null});
  });

  it('has nothing to say about a pid that is free', () => {
    expect(createProcessTree(2 ** 22 + 1).read({pss: true})).toMatchObject({alive: false, cpuMs: 0, processes: 0});
  });
});

describe('planted procfs', () => {
  it('a reused pid is never counted as the lane', () => {
    const root = plantProc([{pid: 50, parent: 1, start: 1000, ticks: 30}]);
    const tree = createProcessTree(50, root);
    expect(tree.read({pss: false})).toMatchObject({alive: true, cpuMs: 300});
    plantProc([{pid: 50, parent: 1, start: 9000, ticks: 7000}], root);
    expect(tree.read({pss: false})).toMatchObject({alive: false, cpuMs: 300, processes: 0});
  });

  it('a reused pid of a child counts as a new member', () => {
    const root = plantProc([{pid: 50, parent: 1, start: 1000, ticks: 10}, {pid: 60, parent: 50, start: 1100, ticks: 20}]);
    const tree = createProcessTree(50, root);
    expect(tree.read({pss: false}).cpuMs).toBe(300);
    plantProc([{pid: 60, parent: 50, start: 2000, ticks: 5}], root);
    expect(tree.read({pss: false})).toMatchObject({cpuMs: 350, processes: 2});
  });

  it('what an ended child used is counted once, from the parent or from its last reading', () => {
    const root = plantProc([{pid: 50, parent: 1, start: 1000, ticks: 10}, {pid: 60, parent: 50, start: 1100, ticks: 20}]);
    const tree = createProcessTree(50, root);
    tree.read({pss: false});
    vanish(root, 60);
    expect(tree.read({pss: false})).toMatchObject({cpuMs: 300, processes: 1});
    plantProc([{pid: 50, parent: 1, start: 1000, ticks: 10, endedTicks: 26}], root);
    expect(tree.read({pss: false}).cpuMs).toBe(360);
  });

  it('a name with brackets, spaces and line ends does not shift the fields', () => {
    const root = plantProc([{pid: 50, parent: 1, start: 1000, ticks: 12, name: 'a) R 9 9 (b)\n c'}]);
    expect(readProcess(root, 50)).toMatchObject({parentPid: 1, startTicks: 1000, cpuMs: 120, rssBytes: 102_400});
  });

  it('torn and empty files are no readings', () => {
    const root = plantProc([{pid: 50, parent: 1, start: 1000, ticks: 12}]);
    writeFileSync(join(root, '50', 'stat'), '50 (lane) S 1');
    expect(readProcess(root, 50)).toBeNull();
    writeFileSync(join(root, '50', 'stat'), '');
    expect(readProcess(root, 50)).toBeNull();
    writeFileSync(join(root, '50', 'smaps_rollup'), 'nonsense');
    expect(readPssBytes(root, 50)).toBeNull();
    expect(readScheduler(root, 50)).toBeNull();
  });

  it('children files are used where the kernel has them', () => {
    const root = plantProc([{pid: 50, parent: 1, start: 1000, ticks: 1}, {pid: 61, parent: 50, start: 1001, ticks: 1}, {pid: 62, parent: 50, start: 1002, ticks: 1}]);
    for (const [thread, children] of [['50', ''], ['51', '61 62 ']] as const) {
      mkdirSync(join(root, '50', 'task', thread), {recursive: true});
      writeFileSync(join(root, '50', 'task', thread, 'children'), children);
      writeFileSync(join(root, '50', 'task', thread, 'schedstat'), '1000 500 3\n');
    }
    expect(createProcessTree(50, root).read({pss: false})).toMatchObject({processes: 3, ranNs: 2000, waitedNs: 1000});
  });

  it('half a PSS is none', () => {
    const root = plantProc([{pid: 50, parent: 1, start: 1000, ticks: 1}, {pid: 61, parent: 50, start: 1001, ticks: 1}]);
    writeFileSync(join(root, '50', 'smaps_rollup'), '55-56 ---p 00 [rollup]\nRss:  90 kB\nPss:  80 kB\n');
    expect(createProcessTree(50, root).read({pss: true}).pssBytes).toBeNull();
    vanish(root, 61);
    expect(createProcessTree(50, root).read({pss: true}).pssBytes).toBe(80 * 1024);
  });
});
