import {EXIT_CODE} from '@tandem/contract';
import {runCheck, type CheckResult} from '../doctor/check.ts';
import {machineChecks} from '../doctor/machine-checks.ts';
import {programChecks} from '../doctor/program-checks.ts';
import {socketChecks} from '../doctor/socket-checks.ts';
import {marks, paint, visible} from '../terminal/style.ts';
import {switchFlag, type WorkContext} from './work-context.ts';

const LIMIT_MS = 180_000;

/** `tandem doctor`: every check by itself; exit 3 when one fails. */
export const doctorWork = async (context: WorkContext): Promise<number> => {
  const {style, print} = context;
  const mark = marks(style);
  const results: ({id: string; label: string} & CheckResult)[] = [];
  const strict = switchFlag(context, 'strict');
  for (const check of [...machineChecks, ...programChecks((line) => { context.progress.say(line); }), ...(strict ? await socketChecks() : [])]) {
    const result = await runCheck(check, LIMIT_MS);
    results.push({id: check.id, label: check.label, ...result});
    const shown = result.state === 'ok' ? paint(style, 'good', mark.pass) : result.state === 'warn' ? paint(style, 'unsure', mark.unsure) : paint(style, 'bad', mark.fail);
    print(`${shown} ${check.label.padEnd(20)} ${visible(result.seen)}`);
    if (result.fix !== undefined) print(`  ${paint(style, 'faint', 'fix')}                  ${visible(result.fix)}`);
  }
  const failed = results.filter(({state}) => state === 'fail' || (strict && state === 'warn')).length;
  context.printJson({formatVersion: '1.0', healthy: failed === 0, checks: results});
  print(failed === 0 ? '\nready: npm run demo' : `\n${failed} of ${results.length} checks failed`);
  return failed === 0 ? EXIT_CODE.pass : EXIT_CODE.environment;
};
