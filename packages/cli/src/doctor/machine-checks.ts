import {readFileSync, statfsSync} from 'node:fs';
import {availableParallelism, tmpdir, totalmem} from 'node:os';
import {fail, ok, warn, type Check} from './check.ts';

const NODE_MIN = [22, 18] as const;
const MEMORY_MIN = 2 * 1024 ** 3;
const DISK_MIN = 1024 ** 3;
const gib = (bytes: number): string => `${(bytes / 1024 ** 3).toFixed(1)} GiB`;

const readOrNull = (path: string): string | null => {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch {
    return null;
  }
};

/** Node, cores, memory, disk, clock, governor. */
export const machineChecks: readonly Check[] = [
  {id: 'node', label: 'Node', look: () => {
    const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
    const enough = major > NODE_MIN[0] || (major === NODE_MIN[0] && minor >= NODE_MIN[1]);
    return Promise.resolve(enough ? ok(`${process.version} on ${process.platform}-${process.arch}`) : fail(process.version, 'npm run setup'));
  }},
  {id: 'cores', label: 'cores', look: () => Promise.resolve(availableParallelism() >= 2 ? ok(String(availableParallelism())) : warn('1', 'latency measured on one core is that of a queue; give the machine two'))},
  {id: 'memory', label: 'memory', look: () => Promise.resolve(totalmem() >= MEMORY_MIN ? ok(gib(totalmem())) : warn(gib(totalmem()), 'give the machine 2 GiB'))},
  {id: 'disk', label: 'disk for captures', look: () => {
    const {bavail, bsize} = statfsSync(process.cwd());
    return Promise.resolve(bavail * bsize >= DISK_MIN ? ok(`${gib(bavail * bsize)} free here`) : warn(`${gib(bavail * bsize)} free here`, 'free some space, or record elsewhere with --out'));
  }},
  {id: 'temp', label: 'temporary folder', look: () => {
    // an ipc address holds at most 107 bytes, and ours add about 40
    return Promise.resolve(tmpdir().length <= 60 ? ok(tmpdir()) : fail(`${tmpdir().length} characters: too long for ipc addresses`, 'TMPDIR=/tmp tandem ...'));
  }},
  {id: 'clock', label: 'monotonic clock', look: () => {
    let steps = 0, last = process.hrtime.bigint(), smallest = 1_000_000n;
    for (let i = 0; i < 20_000; i += 1) {
      const now = process.hrtime.bigint();
      if (now < last) steps += 1;
      if (now > last && now - last < smallest) smallest = now - last;
      last = now;
    }
    return Promise.resolve(steps > 0 ? fail(`went back ${steps} times`, 'this machine cannot be measured on') : smallest > 10_000n ? warn(`steps of ${smallest} ns`, 'use another clock source') : ok(`steps of ${smallest} ns${clockSource()}`));
  }},
  {id: 'governor', label: 'CPU governor', look: () => {
    const governor = readOrNull('/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor');
    return Promise.resolve(governor === null ? ok('not told by this machine') : governor === 'performance' ? ok(governor) : warn(governor, 'for stable latency: cpupower frequency-set -g performance'));
  }},
];

const clockSource = (): string => {
  const source = readOrNull('/sys/devices/system/clocksource/clocksource0/current_clocksource');
  return source === null ? '' : `, ${source}`;
};
