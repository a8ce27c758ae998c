import {askGate, notResumable, originToResume} from '@tandem/shadow';
import {canaryRun, migrationOf, planOf, recordedInputs, watchedCanary} from './canary-work.ts';
import {migrationToRun} from './default-migration.ts';
import {runVersions, today} from './run-versions.ts';
import type {WorkContext} from './work-context.ts';

/** A gate whose starter died drains for at most 5 s. */
const GATE_ENDS_MS = 8000;

/** `tandem canary resume`: goes on with a canary whose process died, by its journal: what left is not sent again. */
export const canaryResumeWork = async (context: WorkContext): Promise<number> => {
  const folder = canaryRun(context);
  const {config, capture, orders, ratePerSecond, seed, downstream} = originToResume(folder);
  await waitForItsGate(folder);
  const migration = await migrationOf(context, await migrationToRun(config));
  return await watchedCanary(context, {
    migration, plan: planOf(migration), inputs: await recordedInputs({capture, orders, seed}), ratePerSecond, runsRoot: folder, seed, command: context.command, versions: runVersions(), today: today(), resume: folder,
  }, downstream);
};

const waitForItsGate = async (folder: string): Promise<void> => {
  const untilMs = performance.now() + GATE_ENDS_MS;
  while (await askGate(folder) !== null) {
    if (performance.now() > untilMs) throw notResumable(folder, 'it runs: its gate answers', 'tandem canary status says where it stands; tandem canary abort brings everything back to legacy');
    await new Promise((resolve) => { setTimeout(resolve, 100); });
  }
};
