import {readlinkSync} from 'node:fs';
import {getPriority, setPriority} from 'node:os';
import {basename} from 'node:path';

/** Enough that a thread of live's is never kept waiting by one of ours, little enough that ours still gets its share on busy cores. */
const NICE = 10;
const NICE_MAX = 19;

/**
 * From now on the calling thread, and those that it makes, give way to all ordinary ones. On Linux each thread has a priority of its own; elsewhere
 * it belongs to the whole process, so nothing is changed there. Whether it could be done.
 */
export const giveWay = (): boolean => {
  try {
    const thread = Number(basename(readlinkSync('/proc/thread-self')));
    setPriority(thread, Math.min(NICE_MAX, getPriority(thread) + NICE));
    return true;
  } catch {
    return false;
  }
};
