import {readdirSync, readFileSync} from 'node:fs';
import {setTimeout as sleep} from 'node:timers/promises';

const POLL_MS = 10;
/** Groups that run now, so that an ordinary exit of this process takes them along. */
const living = new Set<ProcessGroup>();
let hooked = false;

/**
 * A process group that we started and lead. A group id cannot be given to anyone else while a member lives; once the group
 * was seen empty it is never signalled again, so no stranger who gets the number later is hit.
 */
export class ProcessGroup {
  readonly id: number;
  #gone = false;

  constructor(id: number) {
    this.id = id;
    living.add(this);
    if (!hooked) {
      hooked = true;
      process.on('exit', () => {
        for (const group of living) group.signal('SIGKILL');
      });
    }
  }

  /** Sends a signal to every member; false when nobody is left. */
  signal(name: 'SIGTERM' | 'SIGKILL' | 'SIGSTOP' | 'SIGCONT' | 0): boolean {
    if (this.#gone) return false;
    try {
      process.kill(-this.id, name);
      return true;
    } catch (error) {
      // EPERM: a member changed its user; it is there, but not ours to end.
      if ((error as NodeJS.ErrnoException).code === 'EPERM') return true;
      this.#gone = true;
      living.delete(this);
      return false;
    }
  }

  /** No member that can still do anything: one that ended and waits for its parent to notice does not count. */
  isEmpty(): boolean {
    return !this.signal(0) || hasOnlyZombies(this.id);
  }

  /** Waits until no member is left; false when some still are after the time. */
  async waitEmpty(timeoutMs: number): Promise<boolean> {
    const rounds = Math.max(1, Math.ceil(timeoutMs / POLL_MS));
    for (let round = 0; round < rounds; round++) {
      if (this.isEmpty()) return true;
      await sleep(POLL_MS);
    }
    return this.isEmpty();
  }
}

/** A dead grandchild stays in its group until init collects it, which may take seconds; signals cannot tell it from a living one. */
function hasOnlyZombies(groupId: number): boolean {
  if (process.platform !== 'linux') return false;
  let members = 0;
  try {
    for (const entry of readdirSync('/proc')) {
      if (!/^\d+$/.test(entry)) continue;
      const stat = readStat(entry);
      // after the name, which may hold anything but ends at the last bracket: state, parent, group
      const [state, , group] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      if (Number(group) !== groupId) continue;
      if (state !== 'Z' && state !== 'X') return false;
      members += 1;
    }
  } catch {
    return false; // no /proc: believe the signal
  }
  return members > 0;
}

function readStat(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/stat`, 'latin1');
  } catch {
    return ''; // it ended between listing and reading
  }
}
