import {setImmediate as nextTurn, setTimeout as sleep} from 'node:timers/promises';
import {monoNs} from '../monotonic-clock.ts';
import type {WakeThread} from './wake-thread.ts';

/** Node's timers have steps of 1 ms and may be one late: used only while more than this is left. */
const TIMER_SLACK_NS = 2.5e6;
/** A wake-up costs about 40 µs of CPU in all, so less than this is not worth one. */
const WAKE_WORTH_NS = 90e3;

/**
 * Waits until a time of the monotonic clock. Long waits sleep; the last stretch is spent in turns of the event loop, so that
 * sockets are served meanwhile and the wait ends within microseconds. Without `alarm` that stretch is 2.5 ms of a busy core.
 */
export async function untilDue(dueNs: number, alarm: WakeThread | null, signal?: AbortSignal): Promise<void> {
  for (;;) {
    const leftNs = dueNs - monoNs();
    if (leftNs <= 0 || signal?.aborted === true) return;
    if (leftNs > TIMER_SLACK_NS) await sleep(Math.min(100, (leftNs - TIMER_SLACK_NS) / 1e6 + 1));
    else if (alarm !== null && leftNs > WAKE_WORTH_NS) await alarm.wake(dueNs);
    else await nextTurn();
  }
}
