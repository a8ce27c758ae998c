import {TandemError, type Migration} from '@tandem/contract';
import {aboutKey, logInputs, StepGate, steppedInputs, type LogPart, type Schedule, type SessionPlan} from '@tandem/shadow';
import {messageCount} from '../config/measures.ts';
import type {CapturePlace} from '../flag-shapes.ts';
import {planMigration} from '../session-plan.ts';
import {migrationToRun} from './default-migration.ts';
import {refuseUnpairable} from './pairing-check.ts';
import {runVersions, today} from './run-versions.ts';
import {sessionWork} from './session-work.ts';
import {stepByLine} from './step-by-line.ts';
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
  const loaded = await migrationToRun(textFlag(context, 'config'));
  const migration = await planMigration(loaded, {twin: switchFlag(context, 'twin'), say: (line) => { context.progress.say(line); }});
  const inputs = await logInputs(capture, {...partOf(context), ...onlyOf(context, migration)});
  await refuseUnpairable(migration, inputs, context.signal);
  const order = inputs.order === undefined ? [] : [inputs.order];
  const plan: SessionPlan = {
    kind: 'replay', migration, inputs, schedule, historyInputs: 0, turns: null, runsRoot: textFlag(context, 'runs') ?? 'reports/runs', seed: numberFlag(context, 'seed') ?? 7,
    command: context.command, versions: runVersions(), keep: (textFlag(context, 'keep') ?? 'differing') as 'all' | 'differing' | 'none', keepBytesMax: KEEP_BYTES, today: today(),
    spinMs: schedule.kind === 'max' ? 0 : 500, notes: order,
  };
  if (!switchFlag(context, 'step')) return await sessionWork(context, plan);
  const gate = new StepGate(numberFlag(context, 'until') ?? 0);
  const stepping = stepByLine(gate, {context, input: process.stdin});
  try {
    return await sessionWork({...context, signal: stepping.signal}, {...plan, inputs: steppedInputs(inputs, gate)});
  } finally {
    stepping.close();
  }
};

const partOf = (context: WorkContext): LogPart => {
  const [from, to, messages] = [placeOf(context, 'from'), placeOf(context, 'to'), numberFlag(context, 'messages')];
  return {
    ...(from.seq === undefined ? {} : {fromSeq: from.seq}), ...(to.seq === undefined ? {} : {toSeq: to.seq}), ...(from.ms === undefined ? {} : {fromMs: from.ms}),
    ...(to.ms === undefined ? {} : {toMs: to.ms}), ...(messages === null ? {} : {messages}),
  };
};

const placeOf = (context: WorkContext, name: string): CapturePlace => (context.flags[name] as CapturePlace | undefined) ?? {};

const onlyOf = (context: WorkContext, migration: Migration): LogPart => {
  const only = textFlag(context, 'only');
  return only === null ? {} : {only: aboutKey(migration, only)};
};
