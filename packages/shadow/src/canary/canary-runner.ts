import {setTimeout as delay} from 'node:timers/promises';
import {TandemError} from '@tandem/contract';
import type {CanaryControls, CanaryOptions, CanaryParts, CanaryResult} from './canary-options.ts';
import {RunningCanary} from './running-canary.ts';

const POLL_MS = 20;
/** After the last input everything must be settled within this time, or the result is not complete. */
const SETTLE_MS = 30_000;
/** What goes back when the inputs end has so long to be back: whoever looks afterwards finds legacy as the last owner. */
const BACK_MS = 5000;

/**
 * Runs a canary from the first input of the log to the last: starts the gate, both lanes and the controller, feeds, supervises, and ends
 * all of it in order. Effects leave by the gate alone. The downstream must be there already. Throws TandemError when it cannot begin.
 */
export async function runCanary(options: CanaryOptions, parts: CanaryParts, onControls?: (controls: CanaryControls) => void): Promise<CanaryResult> {
  checkOptions(options);
  const canary = new RunningCanary(options, parts);
  try {
    await canary.start();
  } catch (error) {
    await canary.stop(false);
    throw error;
  }
  onControls?.(canary.controls);
  let fedAtMs: number | null = null;
  while (canary.endedBy === null && !canary.isDone) {
    if (options.signal?.aborted === true) canary.endedBy = 'interrupted';
    if (canary.isFed) fedAtMs ??= performance.now();
    if (fedAtMs !== null && performance.now() - fedAtMs > SETTLE_MS) break;
    await delay(POLL_MS);
  }
  const untilMs = performance.now() + BACK_MS;
  while (canary.isDone && canary.endedBy === null && canary.isGoingBack && options.signal?.aborted !== true && performance.now() < untilMs) await delay(POLL_MS);
  // A lane that ended for good counts as done, but a canary that had to end for it is not through.
  return await canary.stop(canary.isDone && canary.endedBy === null);
}

function checkOptions({plan, cause, lanes}: CanaryOptions): void {
  const refuse = (what: string, seen: string, fix: string): never => {
    throw new TandemError({id: 'TDM-E260', kind: 'usage', what, seen, fix});
  };
  if (cause.kind !== 'sequence') refuse('A canary needs causes that are sequence numbers.', `cause kind ${cause.kind}`, 'name the field of the input\'s sequence number that outputs repeat');
  const rising = plan.stages.every((share, index) => share > 0 && share <= 1 && share > (plan.stages[index - 1] ?? 0));
  if (plan.stages.length === 0 || !rising || plan.stages.at(-1) !== 1) refuse('The stages of the canary cannot be used.', plan.stages.join(', '), 'write rising shares above 0, the last one 1');
  if (!Number.isSafeInteger(plan.outputRatioMax) || plan.outputRatioMax < 1) refuse('outputRatioMax must be a whole number from 1.', String(plan.outputRatioMax), 'allow as many outputs per input and partition as legacy ever sends');
  if (lanes.legacy.name !== 'legacy' || lanes.candidate.name !== 'candidate') refuse('The lanes of a canary are legacy and candidate.', `${lanes.legacy.name}, ${lanes.candidate.name}`, 'give both in that order');
}
