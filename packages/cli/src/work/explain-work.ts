import type {RunManifest} from '@tandem/contract';
import {carriedWords, shellCommand} from '@tandem/reports';
import {explainRun, readRunFolder} from '@tandem/shadow';
import {planMigration} from '../session-plan.ts';
import {marks, paint, visible} from '../terminal/style.ts';
import {migrationOfRun} from './default-migration.ts';
import {locateRun} from './run-locator.ts';
import {today} from './run-versions.ts';
import {textFlag, type WorkContext} from './work-context.ts';

/** `tandem explain <position | fingerprint>`: input, both answers, the fields that differ, the rule that decided, how to repeat it. */
export const explainWork = async (context: WorkContext, what: string): Promise<number> => {
  const {style, print} = context;
  const folder = locateRun(textFlag(context, 'runs') ?? '', textFlag(context, 'run') ?? 'latest');
  const {manifest} = await readRunFolder(folder);
  const migration = await planMigration(await migrationOfRun(textFlag(context, 'config'), manifest), {twin: false, say: (line) => { context.progress.say(line); }});
  const {explanation, group, pair} = await explainRun(folder, migration, what, today());
  context.printJson({formatVersion: '1.0', group: group === null ? null : {...group, examples: group.examples.slice(0, 3)}, pair, explanation});
  if (group !== null) print(`${paint(style, 'strong', visible(group.title))}  (${group.class}, ${group.count.toLocaleString('en-US')} ×, group ${group.fingerprint})\n`);
  print(`${paint(style, 'name', 'input')}      position ${explanation.inputSeq}, cause ${visible(explanation.cause)}`);
  print(`  ${explanation.input === null ? paint(style, 'faint', '(not kept in this run)') : visible(explanation.input)}`);
  for (const {outputKind, partition, verdict, reason, expected, actual, fields} of explanation.pairs) {
    const good = verdict === 'equal';
    print(`\n${paint(style, good ? 'good' : 'bad', good ? marks(style).pass : marks(style).fail)} output ${visible(outputKind)} of ${visible(partition) || '(no partition)'}: ${verdict}${reason === '' ? '' : `, ${visible(reason)}`}`);
    if (good) continue;
    print(`  ${pair.expected.padEnd(10)} ${expected === null ? paint(style, 'faint', '(nothing)') : visible(expected)}`);
    print(`  ${pair.actual.padEnd(10)} ${actual === null ? paint(style, 'faint', '(nothing)') : visible(actual)}`);
    for (const field of fields) {
      if (field.verdict === 'equal') continue;
      print(`  ${paint(style, 'strong', visible(field.path).padEnd(16))} ${visible(field.expected ?? '(absent)')} → ${visible(field.actual ?? '(absent)')}   ${field.verdict}, rule ${field.ruleKind} (${visible(field.rule)})`);
    }
  }
  print(`\n${paint(style, 'faint', 'repeat')}     ${visible(repeatWords(manifest, explanation.inputSeq))}   state depends on everything before it`);
  return 0;
};

/** The replay that made the run, up to the input; a run of another kind had no capture that stays. */
const repeatWords = ({command, kind}: RunManifest, inputSeq: number): string => {
  const capture = kind === 'replay' ? command[command.indexOf('replay') + 1] : undefined;
  const named = capture === undefined || capture.startsWith('-') ? null : capture;
  return `tandem replay ${named === null ? '<capture>' : shellCommand([named])} ${shellCommand([...carriedWords({command}), '--to', String(inputSeq)])}`;
};
