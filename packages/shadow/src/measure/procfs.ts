import {closeSync, openSync, readSync, readdirSync} from 'node:fs';

/** One process at one moment, from Linux procfs. A (pid, start) pair names a process for ever; a pid alone is reused. */
export interface ProcessReading {
  readonly pid: number;
  readonly parentPid: number;
  /** start time in clock ticks since boot */
  readonly startTicks: number;
  /** user + system time of the process itself, ms, in steps of 10 ms each */
  readonly cpuMs: number;
  /** user + system time of its ended and waited-for children, ms */
  readonly endedChildrenCpuMs: number;
  readonly rssBytes: number;
  readonly threads: number;
}

/** Scheduler figures of all present threads of a process, ns. */
export interface SchedulerReading {
  readonly ranNs: number;
  readonly waitedNs: number;
}

/** Linux reports process times in 1/100 s to user space on every architecture. */
const MS_PER_TICK = 10;
const BYTES_PER_KIB = 1024;
const CHUNK_BYTES = 64 * 1024;
const FILE_BYTES_MAX = 1024 * 1024;

const chunk = Buffer.allocUnsafe(CHUNK_BYTES);

/** Text of a procfs file; null when it vanished, is not permitted or longer than 1 MiB. */
export function readProcText(path: string): string | null {
  let file: number;
  try {
    file = openSync(path, 'r');
  } catch {
    return null;
  }
  try {
    let text = '';
    for (let total = 0; total < FILE_BYTES_MAX;) {
      const count = readSync(file, chunk, 0, CHUNK_BYTES, null);
      if (count === 0) return text;
      text += chunk.toString('latin1', 0, count);
      total += count;
    }
    return null;
  } catch {
    return null;
  } finally {
    closeSync(file);
  }
}

/** `<pid>/stat` (without the command's name, which may contain anything) and `<pid>/status`; null when the process is gone. */
export function readProcess(root: string, pid: number): ProcessReading | null {
  const stat = readProcText(`${root}/${String(pid)}/stat`);
  if (stat === null) return null;
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const field = (index: number): number => Number(fields[index - 3]);
  const reading = {
    pid, parentPid: field(4), startTicks: field(22), threads: field(20),
    cpuMs: (field(14) + field(15)) * MS_PER_TICK, endedChildrenCpuMs: (field(16) + field(17)) * MS_PER_TICK,
  };
  if (!Object.values(reading).every(Number.isFinite)) return null;
  const status = readProcText(`${root}/${String(pid)}/status`);
  return {...reading, rssBytes: status === null ? 0 : kibibytesAfter(status, 'VmRSS:') ?? 0};
}

/** Proportional set size in bytes; null where the kernel does not offer it or forbids it. About 0.9 ms. */
export function readPssBytes(root: string, pid: number): number | null {
  const text = readProcText(`${root}/${String(pid)}/smaps_rollup`);
  return text === null ? null : kibibytesAfter(text, '\nPss:');
}

/** Sums `schedstat` over the present threads; null where the kernel keeps no such statistics. */
export function readScheduler(root: string, pid: number): SchedulerReading | null {
  let ranNs = 0;
  let waitedNs = 0;
  let found = false;
  for (const thread of listNumbers(`${root}/${String(pid)}/task`)) {
    const text = readProcText(`${root}/${String(pid)}/task/${String(thread)}/schedstat`);
    if (text === null) continue;
    const [ran, waited] = text.split(' ').map(Number);
    if (ran === undefined || waited === undefined || !Number.isFinite(ran + waited)) continue;
    found = true;
    ranNs += ran;
    waitedNs += waited;
  }
  return found ? {ranNs, waitedNs} : null;
}

/** Children of every thread of a process; null where the kernel lacks the `children` files. */
export function readChildren(root: string, pid: number): readonly number[] | null {
  const children: number[] = [];
  let offered = false;
  for (const thread of listNumbers(`${root}/${String(pid)}/task`)) {
    const text = readProcText(`${root}/${String(pid)}/task/${String(thread)}/children`);
    if (text === null) continue;
    offered = true;
    for (const word of text.split(' ')) if (word !== '') children.push(Number(word));
  }
  return offered ? children : null;
}

/** Parent of every process of the machine; for kernels without `children` files. */
export function readParents(root: string): ReadonlyMap<number, readonly number[]> {
  const childrenOf = new Map<number, number[]>();
  for (const pid of listNumbers(root)) {
    const stat = readProcText(`${root}/${String(pid)}/stat`);
    if (stat === null) continue;
    const parent = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
    const siblings = childrenOf.get(parent);
    if (siblings === undefined) childrenOf.set(parent, [pid]);
    else siblings.push(pid);
  }
  return childrenOf;
}

/** Names of a folder that are numbers; empty when it vanished. */
function listNumbers(folder: string): readonly number[] {
  try {
    return readdirSync(folder).map(Number).filter((value) => Number.isInteger(value));
  } catch {
    return [];
  }
}

function kibibytesAfter(text: string, label: string): number | null {
  const at = text.indexOf(label);
  if (at < 0) return null;
  const value = Number.parseInt(text.slice(at + label.length), 10);
  return Number.isFinite(value) ? value * BYTES_PER_KIB : null;
}
