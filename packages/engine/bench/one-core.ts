import {execFileSync} from 'node:child_process';

/**
 * Binds this process, and what it starts from now on, to one core, so that all that is measured in turn has the same one: cores of a shared machine differ by what runs
 * beside them, by up to a half. Gives the core; null where that cannot be done.
 */
export const holdOneCore = (): number | null => {
  const taskset = (...args: readonly string[]): string => execFileSync('taskset', [...args, String(process.pid)], {encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore']});
  try {
    const core = Number(/(\d+)\s*$/.exec(taskset('-cp'))?.[1]);
    taskset('-acp', String(core));
    return core;
  } catch {
    return null;
  }
};
