import {setImmediate as nextTurn, setTimeout as sleep} from 'node:timers/promises';
import {monoNs} from '../monotonic-clock.ts';

/** Node's timers have steps of 1 ms and may be one late: sleep only while more than this is left. */
const TIMER_SLACK_NS = 2e6;

/**
 * Waits until a time of the monotonic clock. The last two milliseconds are spent in turns of the event loop, so that sockets
 * are served meanwhile and the wait ends within microseconds of its time, at the price of one busy core.
 */
export async function untilDue(dueNs: number, signal?: AbortSignal): Promise<void> {
  for (;;) {
    const leftNs = dueNs - monoNs();
    if (leftNs <= 0 || signal?.aborted === true) return;
    if (leftNs > TIMER_SLACK_NS) await sleep(Math.min(100, (leftNs - TIMER_SLACK_NS) / 1e6));
    else await nextTurn();
  }
}
