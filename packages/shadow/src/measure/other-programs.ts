import {readdirSync} from 'node:fs';
import {readChildren, readParents, readProcess} from './procfs.ts';

/**
 * CPU time since boot of every program that is not this process and was not started by it, ms; null where it cannot be read. Ended programs count through
 * whoever waited for them. The machine's own account (/proc/stat) is made by looking who runs 100 to 1000 times a second and misses programs that
 * run in short bursts (up to a quarter of what lanes ran, on an otherwise idle machine), so less the own exact times it would hide neighbours.
 */
export function readOthers(ownPid = process.pid, procRoot = '/proc'): number | null {
  const own = ownTree(ownPid, procRoot);
  let sumMs = 0;
  let seen = 0;
  for (const name of listed(procRoot)) {
    const pid = Number(name);
    if (!Number.isInteger(pid)) continue;
    seen += 1;
    if (own.has(pid)) continue;
    const one = readProcess(procRoot, pid);
    if (one !== null) sumMs += one.cpuMs + one.endedChildrenCpuMs;
  }
  return seen === 0 ? null : sumMs;
}

function ownTree(ownPid: number, procRoot: string): ReadonlySet<number> {
  const found = new Set([ownPid]);
  let parents: ReadonlyMap<number, readonly number[]> | null = null;
  for (const pid of found) {
    const children = readChildren(procRoot, pid) ?? (parents ??= readParents(procRoot)).get(pid) ?? [];
    for (const child of children) found.add(child);
  }
  return found;
}

function listed(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
