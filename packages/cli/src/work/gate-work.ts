import {relative} from 'node:path';
import {EXIT_CODE} from '@tandem/contract';
import {writeReport, type ReportFormat} from '@tandem/reports';
import {judgeAgain, readRunFolder} from '@tandem/shadow';
import {planMigration} from '../session-plan.ts';
import {migrationOfRun} from './default-migration.ts';
import {locateRun} from './run-locator.ts';
import {today} from './run-versions.ts';
import {verdictBlock} from './session-work.ts';
import {switchFlag, textFlag, type WorkContext} from './work-context.ts';

/** `tandem gate`: files are written before the exit code is decided. */
export const gateWork = async (context: WorkContext): Promise<number> => {
  const folder = locateRun(textFlag(context, 'runs') ?? '', textFlag(context, 'run') ?? 'latest');
  const {manifest} = await readRunFolder(folder);
  const migration = await planMigration(await migrationOfRun(textFlag(context, 'config'), manifest), {twin: false, say: (line) => { context.progress.say(line); }});
  const {verdict, exitCode, runId} = await judgeAgain(folder, migration, today());
  const formats = ['html', ...((context.flags['format'] as string[] | undefined) ?? [])] as ReportFormat[];
  for (const format of formats) context.print(`  wrote ${relative(process.cwd(), writeReport(folder, format))}`);
  for (const line of verdictBlock(folder, context)) context.print(line);
  context.printJson({formatVersion: '1.0', runId, exitCode, verdict});
  return switchFlag(context, 'allow-inconclusive') && exitCode === EXIT_CODE.inconclusive ? EXIT_CODE.pass : exitCode;
};
