import type {ResourceEvidence} from '@tandem/contract';
import {readPortableUsage} from './portable-usage.ts';
import {createProcessTree} from './process-tree.ts';

/** What every source can say about a lane at one moment. */
export interface UsageReading {
  readonly alive: boolean;
  readonly cpuMs: number;
  readonly rssBytes: number;
  readonly pssBytes: number | null;
  readonly processes: number;
  readonly ranNs: number | null;
  readonly waitedNs: number | null;
}

export interface UsageSource {
  readonly name: ResourceEvidence['source'];
  /** null: nothing could be read at all */
  read(options: {readonly pss: boolean}): Promise<UsageReading | null>;
}

/** procfs on Linux, pidusage elsewhere; `unavailable` when neither can read the process. */
export async function openUsageSource(pid: number, wanted: 'auto' | 'procfs' | 'pidusage' = 'auto'): Promise<UsageSource> {
  if (wanted !== 'pidusage' && process.platform === 'linux') {
    const tree = createProcessTree(pid);
    if (tree.read({pss: false}).alive) return {name: 'procfs', read: (options) => Promise.resolve(tree.read(options))};
  }
  if (wanted !== 'procfs' && await readPortableUsage(pid) !== null) return portableSource(pid);
  return {name: 'unavailable', read: () => Promise.resolve(null)};
}

/** Only the process itself, without children, PSS and scheduler figures. */
function portableSource(pid: number): UsageSource {
  let last = {cpuMs: 0, rssBytes: 0, ageMs: 0};
  let gone = false;
  return {
    name: 'pidusage',
    async read() {
      const next = gone ? null : await readPortableUsage(pid);
      if (next === null || next.ageMs < last.ageMs) gone = true;
      else last = next;
      return {
        alive: !gone, cpuMs: last.cpuMs, rssBytes: gone ? 0 : last.rssBytes, pssBytes: null, processes: gone ? 0 : 1, ranNs: null, waitedNs: null,
      };
    },
  };
}
