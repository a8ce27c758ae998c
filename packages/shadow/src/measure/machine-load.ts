import {readProcText} from './procfs.ts';

/** CPU time of the whole machine since boot, ms; null where the platform does not tell. */
export interface MachineReading {
  readonly busyMs: number;
  /** taken away by the hypervisor */
  readonly stealMs: number;
  readonly totalMs: number;
}

const MS_PER_TICK = 10;

/** First line of /proc/stat. Guest time is part of user time and not counted twice. */
export function readMachine(procRoot = '/proc'): MachineReading | null {
  const line = readProcText(`${procRoot}/stat`)?.split('\n', 1)[0];
  return line === undefined || !line.startsWith('cpu ') ? null : machineOf(line);
}

/** One line of /proc/stat, of the machine or of a core. */
export function machineOf(line: string): MachineReading | null {
  const ticks = line.trim().split(/\s+/).slice(1).map(Number);
  const [user = 0, nice = 0, system = 0, idle = 0, ioWait = 0, irq = 0, softIrq = 0, steal = 0] = ticks;
  const busy = user + nice + system + irq + softIrq;
  const total = busy + idle + ioWait + steal;
  return Number.isFinite(total) ? {busyMs: busy * MS_PER_TICK, stealMs: steal * MS_PER_TICK, totalMs: total * MS_PER_TICK} : null;
}
