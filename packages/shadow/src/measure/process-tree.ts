import {readChildren, readParents, readProcess, readPssBytes, readScheduler} from './procfs.ts';
import type {ProcessReading} from './procfs.ts';

/** Totals of a process and all its descendants at one moment. Times never fall, also when members end. */
export interface TreeReading {
  /** false: the first process is gone (its pid is free or belongs to another process); totals are the last known */
  readonly alive: boolean;
  readonly cpuMs: number;
  readonly rssBytes: number;
  /** null unless asked for, and where the kernel does not offer it for every member */
  readonly pssBytes: number | null;
  readonly processes: number;
  readonly threads: number;
  /** null where the kernel keeps no scheduler statistics */
  readonly ranNs: number | null;
  readonly waitedNs: number | null;
}

export interface ProcessTree {
  read(options: {readonly pss: boolean}): TreeReading;
}

interface Member {
  cpuMs: number;
  endedChildrenCpuMs: number;
  ranNs: number;
  waitedNs: number;
  present: boolean;
}

const MEMBERS_MAX = 4096;
const SCAN_EVERY_READS = 4;

/**
 * Reads a process tree from procfs. Members are known by (pid, start time), so a reused pid is never counted as the lane's.
 * Ended members keep their last figures; what they used after the last reading appears in their parent's ended-children time,
 * therefore the CPU total is the larger of both ways of counting.
 */
export function createProcessTree(rootPid: number, procRoot = '/proc'): ProcessTree {
  const members = new Map<string, Member>();
  const first = readProcess(procRoot, rootPid);
  let scanned: ReadonlyMap<number, readonly number[]> | null = null;
  let reads = 0;
  let cpuMsSoFar = 0;

  const childrenOf = (pid: number): readonly number[] => {
    const listed = readChildren(procRoot, pid);
    if (listed !== null) return listed;
    scanned ??= readParents(procRoot);
    return scanned.get(pid) ?? [];
  };

  const collect = (): readonly ProcessReading[] => {
    const root = readProcess(procRoot, rootPid);
    if (root === null || first === null || root.startTicks !== first.startTicks) return [];
    if (reads++ % SCAN_EVERY_READS === 0) scanned = null;
    const found: ProcessReading[] = [root];
    const known = new Set([rootPid]);
    for (let next = 0; next < found.length && found.length < MEMBERS_MAX; next++) {
      for (const pid of childrenOf(found[next]?.pid ?? rootPid)) {
        if (known.has(pid)) continue;
        known.add(pid);
        const child = readProcess(procRoot, pid);
        if (child !== null) found.push(child);
      }
    }
    return found;
  };

  return {
    read({pss}) {
      const found = collect();
      for (const member of members.values()) member.present = false;
      for (const process of found) note(members, process, readScheduler(procRoot, process.pid));
      cpuMsSoFar = Math.max(cpuMsSoFar, cpuOf(members));
      const scheduler = schedulerOf(members);
      return {
        alive: found.length > 0, cpuMs: cpuMsSoFar, processes: found.length,
        rssBytes: found.reduce((sum, process) => sum + process.rssBytes, 0),
        threads: found.reduce((sum, process) => sum + process.threads, 0),
        pssBytes: pss && found.length > 0 ? pssOf(procRoot, found) : null,
        ...scheduler,
      };
    },
  };
}

function note(members: Map<string, Member>, process: ProcessReading, scheduler: {ranNs: number; waitedNs: number} | null): void {
  const key = `${String(process.pid)}@${String(process.startTicks)}`;
  const {cpuMs, endedChildrenCpuMs} = process;
  const member = members.get(key);
  if (member === undefined) {
    if (members.size >= MEMBERS_MAX) return;
    members.set(key, {cpuMs, endedChildrenCpuMs, ranNs: scheduler?.ranNs ?? Number.NaN, waitedNs: scheduler?.waitedNs ?? Number.NaN, present: true});
    return;
  }
  member.cpuMs = cpuMs;
  member.endedChildrenCpuMs = endedChildrenCpuMs;
  member.present = true;
  // A thread that ended takes its figures along; the sum must not fall.
  if (scheduler !== null) {
    member.ranNs = Math.max(member.ranNs, scheduler.ranNs);
    member.waitedNs = Math.max(member.waitedNs, scheduler.waitedNs);
  }
}

function cpuOf(members: ReadonlyMap<string, Member>): number {
  let remembered = 0;
  let inherited = 0;
  for (const member of members.values()) {
    remembered += member.cpuMs;
    if (member.present) inherited += member.cpuMs + member.endedChildrenCpuMs;
  }
  return Math.max(remembered, inherited);
}

function schedulerOf(members: ReadonlyMap<string, Member>): {readonly ranNs: number | null; readonly waitedNs: number | null} {
  let ranNs = 0;
  let waitedNs = 0;
  for (const member of members.values()) {
    if (Number.isNaN(member.ranNs)) continue;
    ranNs += member.ranNs;
    waitedNs += member.waitedNs;
  }
  return ranNs > 0 ? {ranNs, waitedNs} : {ranNs: null, waitedNs: null};
}

/** Null when any member that is still there cannot be read: half a sum would look like a saving. */
function pssOf(procRoot: string, found: readonly ProcessReading[]): number | null {
  let total = 0;
  for (const process of found) {
    const bytes = readPssBytes(procRoot, process.pid);
    if (bytes !== null) total += bytes;
    else if (readProcess(procRoot, process.pid)?.startTicks === process.startTicks) return null;
  }
  return total;
}
