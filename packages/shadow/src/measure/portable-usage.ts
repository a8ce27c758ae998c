import pidusage from 'pidusage';

/** One process, without its children, on any platform. */
export interface PortableReading {
  readonly cpuMs: number;
  readonly rssBytes: number;
  /** ms since the process began; a fall means that the pid belongs to another process */
  readonly ageMs: number;
}

/** Reads through pidusage (procfs, `ps` or WMI, by platform); null when the process is gone or nothing can be read. */
export async function readPortableUsage(pid: number): Promise<PortableReading | null> {
  try {
    const {ctime, memory, elapsed} = await pidusage(pid);
    return Number.isFinite(ctime) && Number.isFinite(memory) ? {cpuMs: ctime, rssBytes: memory, ageMs: elapsed} : null;
  } catch {
    return null;
  }
}

/** Ends pidusage's own clean-up timer, so that it keeps neither memory nor the process. */
export function forgetPortableUsage(): void {
  pidusage.clear();
}
