import {readdirSync, readFileSync} from 'node:fs';

/** Cores on which this process may run, by number; empty where the platform does not tell. */
export function allowedCores(procRoot = '/proc'): readonly number[] {
  return coresOf(`${procRoot}/self`);
}

/**
 * The harness and the resting lanes get the first core (the first two of four and more), the lane under test all others; null when there is no
 * second core.
 */
export function splitCores(cores: readonly number[]): {readonly harness: readonly number[]; readonly lane: readonly number[]} | null {
  if (cores.length < 2) return null;
  const own = cores.length >= 4 ? 2 : 1;
  return {harness: cores.slice(0, own), lane: cores.slice(own)};
}

/**
 * Puts every thread of a process, and of all that it started, on these cores. False when any of them stands elsewhere afterwards: a thread that
 * began meanwhile is given two more tries.
 */
export async function placeTree(pid: number, cores: readonly number[]): Promise<boolean> {
  const wanted = cores.join(',');
  for (let tries = 0; tries < 3; tries++) {
    const members = treeOf(pid);
    // one that ended meanwhile is refused, and is looked for no more
    for (const member of members) await taskset(['-apc', wanted, String(member)]);
    if (members.length > 0 && treeOf(pid).every((member) => standsOn(member, cores))) return true;
  }
  return false;
}

/** Puts all threads of this process, but nothing that it started, on these cores; with `mainOnly` the main thread alone. */
export async function placeSelf(cores: readonly number[], {mainOnly}: {mainOnly: boolean}): Promise<boolean> {
  if (!await taskset([mainOnly ? '-pc' : '-apc', cores.join(','), String(process.pid)])) return false;
  return mainOnly || standsOn(process.pid, cores);
}

/** Whether every thread of a process, and of all that it started, may run on these cores and on no other. */
export function treeStandsOn(pid: number, cores: readonly number[]): boolean {
  const members = treeOf(pid);
  return members.length > 0 && members.every((member) => standsOn(member, cores));
}

async function taskset(args: readonly string[]): Promise<boolean> {
  const {execa} = await import('execa');
  return await execa('taskset', args, {reject: false, stdio: 'ignore'}).then(({failed}) => !failed);
}

/** A process that is gone stands nowhere, and disturbs nobody. */
function standsOn(pid: number, cores: readonly number[]): boolean {
  return threadsOf(pid).every((thread) => {
    const stands = coresOf(`/proc/${String(pid)}/task/${thread}`);
    return stands.length === 0 || stands.every((core) => cores.includes(core));
  });
}

function threadsOf(pid: number): readonly string[] {
  try {
    return readdirSync(`/proc/${String(pid)}/task`);
  } catch {
    return [];
  }
}

function coresOf(folder: string): readonly number[] {
  const list = /^Cpus_allowed_list:\s*(\S+)/m.exec(read(`${folder}/status`))?.[1] ?? '';
  return list.split(',').filter((part) => part !== '').flatMap((part) => {
    const [from, to = from] = part.split('-').map(Number) as [number, number?];
    return Array.from({length: to - from + 1}, (_, index) => from + index);
  });
}

function treeOf(pid: number): readonly number[] {
  const found = [pid];
  for (let next = 0; next < found.length; next++) {
    const folder = `/proc/${String(found[next])}/task`;
    for (const thread of threadsOf(found[next] as number)) found.push(...read(`${folder}/${thread}/children`).split(' ').filter((word) => word.trim() !== '').map(Number));
  }
  return read(`/proc/${String(pid)}/stat`) === '' ? [] : found;
}

function read(path: string): string {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return ''; // it ended meanwhile, or this is no Linux
  }
}
