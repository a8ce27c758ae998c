import {existsSync} from 'node:fs';
import {TandemError, type InputSpec, type Migration} from '@tandem/contract';
import {shellCommand} from '@tandem/reports';
import type {CanarySessionOutcome, LiveSpec} from '@tandem/shadow';
import {numberFlag, switchFlag, textFlag, type WorkContext} from './work-context.ts';

/** The live inputs that the flags ask for; null: they come from a capture, or are seeded. */
export const liveOfFlags = (context: WorkContext, migration: Migration): LiveSpec | null => {
  const [logFolder, releaseFrom, durationMs] = [textFlag(context, 'log'), numberFlag(context, 'release-from'), numberFlag(context, 'for')];
  if (!switchFlag(context, 'live')) {
    const given = Object.entries({log: logFolder, 'release-from': releaseFrom, for: durationMs}).flatMap(([name, value]) => (value === null ? [] : [`--${name}`]));
    if (given.length === 0) return null;
    throw new TandemError({id: 'TDM-E125', kind: 'usage', what: `${given.join(', ')} belongs to live inputs`, seen: 'no --live', fix: 'add --live, or leave it out'});
  }
  if (migration.redact !== undefined) {
    throw new TandemError({id: 'TDM-E123', kind: 'usage', what: 'a live canary cannot hide values', where: migration.configFile, seen: 'redact in the migration file: its log holds the inputs as both systems get them',
      likely: 'hidden values would be answered about, and plain ones would reach the disk', fix: 'leave redact out of the migration file of the canary, on a disk where these values may lie'});
  }
  if (logFolder !== null && existsSync(logFolder)) throw new TandemError({id: 'TDM-E107', kind: 'usage', what: 'the folder of the live log exists', where: logFolder, fix: 'give another one with --log; a log is never overwritten'});
  if (textFlag(context, 'downstream') === null) context.progress.say('? no --downstream: effects of live inputs go to a recording sink of this run and nowhere else');
  const names = migration.inputs.map(({stream}) => stream).join(', ');
  return {logFolder, history: textFlag(context, 'capture'), releaseFrom, durationMs, onNotice: (line) => { context.progress.say(`- ${names}: ${line}`); }};
};

/** What a live canary would do with each input, for a person. */
export const livePlanLines = (inputs: readonly InputSpec[]): string[] => [
  ...inputs.map(({stream, pattern, endpoint, listen}) => (pattern === 'pub-sub' ? `  live       ${stream}: subscribes to ${endpoint}; what the publisher drops is found by its number and said, and no stage is entered on it`
    : pattern === 'push-pull' ? `  live       ${stream}: takes the place of the PULL at ${listen ?? endpoint}, which must be free; producers wait and lose nothing while it is not there`
      : `  live       ${stream}: ${pattern} cannot feed a canary`)),
  '             every input goes to disk first, then to both systems; they answer to the gate alone. The legacy of today has to be ended before, this canary starts its own',
  '             --capture gives both systems their history first; its effects are not released again. Ctrl-C: everything back to legacy, then the input is closed',
];

/** How the live part went, for a person. */
export const liveLines = ({live}: CanarySessionOutcome): string[] => {
  if (live === null) return [];
  const {logFolder, places, taken, intake, reason, history} = live;
  const count = (value: number): string => value.toLocaleString('en-US');
  const said = intake === null ? `${count(taken)} were taken when the log had to stop` : `${count(intake.logged)} in the log, ${intake.gaps.records === 0 ? 'no gap' : `${count(intake.gaps.messages)} lost in ${count(intake.gaps.records)} gaps${intake.gaps.unknown > 0 ? `, ${count(intake.gaps.unknown)} of unknown size` : ''}`}${
    intake.behind > 0 ? `, ${count(intake.behind)} out of order` : ''}${intake.repeated > 0 ? `, ${count(intake.repeated)} repeated` : ''}${intake.withheld > 0 ? `, ${count(intake.withheld)} given to nobody (out/withheld)` : ''}`;
  return [
    `  live       ${places.join(', ')}: ${said}${history === null ? '' : `, behind ${count(history.inputs)} of history`}`,
    `  log        ${logFolder}${reason === null ? '' : ` (ended: ${reason})`}`,
    `  now        nothing of this canary runs any more. Legacy was the last owner: start it at the input, or go on with --live --capture ${shellCommand([logFolder])}`,
  ];
};
