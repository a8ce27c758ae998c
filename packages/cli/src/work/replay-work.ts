import {TandemError} from '@tandem/contract';
import {logInputs, type Schedule} from '@tandem/shadow';
import {messageCount} from '../config/measures.ts';
import {planMigration} from '../session-plan.ts';
import {migrationFile} from './default-migration.ts';
import {runVersions, today} from './run-versions.ts';
import {sessionWork} from './session-work.ts';
import {numberFlag, switchFlag, textFlag, type WorkContext} from './work-context.ts';

const KEEP_BYTES = 256 * 1024 * 1024;

/** `max`, `1` (as recorded), `10` (ten times faster), `5k/s` (a fixed rate). */
export const scheduleOf = (text: string): Schedule => {
  if (text === 'max') return {kind: 'max'};
  const perSecond = /^(.+)\/s$/.exec(text)?.[1];
  const rate = perSecond === undefined ? null : messageCount(perSecond);
  if (rate !== null && rate > 0) return {kind: 'rate', ratePerSecond: rate};
  if (perSecond === undefined && /^\d+(\.\d+)?$/.test(text) && Number(text) > 0) return {kind: 'recorded', speed: Number(text)};
  throw new TandemError({id: 'TDM-E104', kind: 'usage', what: '--speed is not understood', seen: `"${text}"`, fix: 'max, 1 (as recorded), 10 (ten times faster) or 5k/s (a fixed rate)'});
};

/** `tandem replay <capture>` */
export const replayWork = async (context: WorkContext, capture: string): Promise<number> => {
  const schedule = scheduleOf(textFlag(context, 'speed') ?? 'max');
  const loaded = await migrationFile(textFlag(context, 'config'));
  const migration = await planMigration(loaded, {twin: switchFlag(context, 'twin'), say: (line) => { context.progress.say(line); }});
  const only = textFlag(context, 'only');
  const [from, to, messages] = [numberFlag(context, 'from'), numberFlag(context, 'to'), numberFlag(context, 'messages')];
  const inputs = await logInputs(capture, {
    ...(from === null ? {} : {fromSeq: from}), ...(to === null ? {} : {toSeq: to}), ...(messages === null ? {} : {messages}),
    ...(only === null ? {} : {only: (payload) => Buffer.from(payload.buffer, payload.byteOffset, payload.byteLength).includes(`"${only}"`)}),
  });
  return await sessionWork(context, {
    kind: 'replay', migration, inputs, schedule, historyInputs: 0, turns: null, runsRoot: textFlag(context, 'runs') ?? 'reports/runs', seed: numberFlag(context, 'seed') ?? 7,
    command: context.command, versions: runVersions(), keep: (textFlag(context, 'keep') ?? 'differing') as 'all' | 'differing' | 'none', keepBytesMax: KEEP_BYTES, today: today(),
    spinMs: schedule.kind === 'max' ? 0 : 500, notes: [],
  });
};
