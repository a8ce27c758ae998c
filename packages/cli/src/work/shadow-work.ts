import {mkdtempSync} from 'node:fs';
import {join} from 'node:path';
import {TandemError} from '@tandem/contract';
import {startLiveCapture} from '@tandem/shadow';
import {planMigration} from '../session-plan.ts';
import {migrationFile} from './default-migration.ts';
import {runVersions, today} from './run-versions.ts';
import {sessionWork} from './session-work.ts';
import {numberFlag, switchFlag, textFlag, type WorkContext} from './work-context.ts';

const KEEP_BYTES = 1024 * 1024 * 1024;

/** `tandem shadow`: live traffic into a log, every lane a reader of that log, until it is told to stop. */
export const shadowWork = async (context: WorkContext): Promise<number> => {
  const loaded = await migrationFile(textFlag(context, 'config'));
  const migration = await planMigration(loaded, {twin: switchFlag(context, 'twin'), say: (line) => { context.progress.say(line); }});
  const [input] = migration.inputs;
  if (input === undefined || migration.inputs.length > 1) {
    throw new TandemError({id: 'TDM-E106', kind: 'usage', what: 'this version shadows one input', where: migration.configFile, seen: `${migration.inputs.length} inputs`, fix: 'leave one input in the migration file'});
  }
  const runsRoot = textFlag(context, 'runs') ?? 'reports/runs';
  const log = join(mkdtempSync(join((await import('node:os')).tmpdir(), 'tandem-live-')), 'log');
  const live = await startLiveCapture({input, folder: log, messages: numberFlag(context, 'messages'), durationMs: numberFlag(context, 'for'), signal: context.signal,
    onNotice: (line) => { context.progress.say(line); }});
  return await sessionWork(context, {
    kind: 'shadow', migration, inputs: live.inputs, schedule: {kind: 'recorded', speed: 1}, historyInputs: 0, turns: null, runsRoot, seed: numberFlag(context, 'seed') ?? 7,
    command: context.command, versions: runVersions(), keep: (textFlag(context, 'keep') ?? 'all') as 'all' | 'differing' | 'none', keepBytesMax: KEEP_BYTES, today: today(), spinMs: 500, notes: [],
  });
};
