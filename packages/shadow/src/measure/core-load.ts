import {readProcText} from './procfs.ts';
import {machineOf, type MachineReading} from './machine-load.ts';

/** Time of some cores taken together, since boot, ms; null where the platform does not tell it for each of them. Steps of 10 ms. */
export function readCores(cores: readonly number[], procRoot = '/proc'): MachineReading | null {
  const lines = readProcText(`${procRoot}/stat`)?.split('\n') ?? [];
  let sum: MachineReading = {busyMs: 0, stealMs: 0, totalMs: 0};
  for (const core of cores) {
    const line = lines.find((one) => one.startsWith(`cpu${String(core)} `));
    const one = line === undefined ? null : machineOf(line);
    if (one === null) return null;
    sum = {busyMs: sum.busyMs + one.busyMs, stealMs: sum.stealMs + one.stealMs, totalMs: sum.totalMs + one.totalMs};
  }
  return cores.length === 0 ? null : sum;
}
