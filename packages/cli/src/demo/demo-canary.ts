import type {CanaryPlanSpec, Migration} from '@tandem/contract';
import {logInputs} from '@tandem/shadow';
import {watchedCanary} from '../work/canary-work.ts';
import {runVersions, today} from '../work/run-versions.ts';
import {numberFlag, textFlag, type WorkContext} from '../work/work-context.ts';

const RATE = 3000;
const STAGES = [0.05, 0.25, 0.5, 1];

/** Short stages, so that a demo sees all of them; a real canary bakes for minutes or days. */
const demoPlan = (migration: Migration): CanaryPlanSpec => ({...(migration.canary as CanaryPlanSpec), stages: STAGES, bakeMs: 1500, minMessages: 500});

/** The canary of the demo: to 100 %, or back by itself when the candidate wakes its fault. */
export const demoCanary = async (context: WorkContext, {migration, capture, wakes}: {migration: Migration; capture: string; wakes: boolean}): Promise<number> => {
  if (wakes) context.print('The candidate is right at first; a bug of it wakes during the canary.\n');
  const inputs = await logInputs(capture, {messages: 36_000});
  return await watchedCanary(context, {migration, plan: demoPlan(migration), inputs, ratePerSecond: RATE, runsRoot: textFlag(context, 'runs') ?? 'reports/runs', seed: numberFlag(context, 'seed') ?? 7,
    command: context.command, versions: runVersions(), today: today()}, null);
};
