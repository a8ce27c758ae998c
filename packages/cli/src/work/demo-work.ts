import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join, relative} from 'node:path';
import {EXIT_CODE, type Migration} from '@tandem/contract';
import {writeReport} from '@tandem/reports';
import {logInputs, type SessionOutcome} from '@tandem/shadow';
import {demoMigration, type DemoCandidate} from '../demo/demo-migration.ts';
import {foundBugs, PLANTED_BUGS} from '../demo/planted-bugs.ts';
import {marks, paint} from '../terminal/style.ts';
import {recordTraffic} from './record-work.ts';
import {runVersions, today} from './run-versions.ts';
import {verdictBlock, watchedSession} from './session-work.ts';
import {openInBrowser} from './report-work.ts';
import {numberFlag, switchFlag, textFlag, type WorkContext} from './work-context.ts';

/** Open loop, well below what either system holds, so that latency means something on a laptop. */
const DEMO_RATE = 6000;
const KEEP_BYTES = 64 * 1024 * 1024;

/** `tandem demo`: shadowing with planted bugs; `--fixed`: without them, then a canary; `--fault`: a canary that returns by itself. */
export const demoWork = async (context: WorkContext): Promise<number> => {
  const say = (line: string): void => { context.print(line); };
  const [fixed, fault] = [switchFlag(context, 'fixed'), switchFlag(context, 'fault')];
  const candidate: DemoCandidate = fixed || fault ? 'fixed' : 'planted';
  say(paint(context.style, 'strong', 'A Python order gateway and its TypeScript replacement, on orders quoted around recorded Binance quotes (2024-08-08).'));
  const migration = await demoMigration(candidate, (line) => { context.progress.say(line); });
  const folder = mkdtempSync(join(tmpdir(), 'tandem-demo-'));
  try {
    const capture = join(folder, 'capture');
    const seed = numberFlag(context, 'seed') ?? 7;
    const messages = await recordTraffic(capture, {seed, orders: numberFlag(context, 'orders') ?? 12_000}, {signal: context.signal, onProgress: () => undefined});
    if (fault) return await (await import('../demo/demo-canary.ts')).demoCanary(context, {migration: await demoMigration('waking-fault', () => undefined), capture, wakes: true});
    for (const lane of migration.lanes) say(`  ${lane.name.padEnd(10)} ${lane.label}${lane.name === 'candidate' && !fixed ? `, with ${PLANTED_BUGS.length} planted bugs` : ''}`);
    say(`  shadowing  ${messages.toLocaleString('en-US')} messages at ${DEMO_RATE.toLocaleString('en-US')}/s, about ${Math.round(messages / DEMO_RATE)} s\n`);
    const outcome = await shadowCapture(context, migration, capture);
    showVerdict(context, outcome, fixed);
    if (!fixed || outcome.exitCode !== EXIT_CODE.pass) return outcome.exitCode;
    say('\nThe verdict is a pass, so ownership may move: a canary to 100 %.\n');
    return await (await import('../demo/demo-canary.ts')).demoCanary(context, {migration, capture, wakes: false});
  } finally {
    rmSync(folder, {recursive: true, force: true});
  }
};

const shadowCapture = async (context: WorkContext, migration: Migration, capture: string): Promise<SessionOutcome> => watchedSession(context, {
  kind: 'shadow', migration, inputs: await logInputs(capture), schedule: {kind: 'rate', ratePerSecond: DEMO_RATE}, historyInputs: 0, turns: null,
  runsRoot: textFlag(context, 'runs') ?? 'reports/runs', seed: numberFlag(context, 'seed') ?? 7, command: context.command, versions: runVersions(), keep: 'differing', keepBytesMax: KEEP_BYTES,
  today: today(), spinMs: 300, notes: ['demo on seeded orders around recorded quotes'],
});

const showVerdict = (context: WorkContext, outcome: SessionOutcome, fixed: boolean): void => {
  const report = writeReport(outcome.folder, 'html');
  context.printJson({formatVersion: '1.0', runId: outcome.runId, exitCode: outcome.exitCode, verdict: outcome.verdict, faults: outcome.faults});
  for (const fault of outcome.faults) context.complain(fault);
  for (const line of verdictBlock(outcome.folder, context)) context.print(line);
  context.print(`\n  report     ${relative(process.cwd(), report)}`);
  if (switchFlag(context, 'open')) openInBrowser(report);
  if (fixed) return;
  const bugs = foundBugs(outcome.evidence.parity?.groups ?? []);
  const {style} = context;
  context.print(`\n${paint(style, 'strong', 'The planted bugs')}`);
  for (const {name, group} of bugs) {
    context.print(group === null ? `  ${paint(style, 'bad', marks(style).fail)} ${name}: not found` : `  ${paint(style, 'good', marks(style).pass)} ${name}: ${group.count.toLocaleString('en-US')} times, first at input ${group.firstInputSeq.toLocaleString('en-US')}`);
  }
  context.print('\nNext:');
  for (const {group} of bugs) if (group !== null) context.print(`  npm run tandem -- explain ${group.fingerprint}     one of these messages, both answers, and the rule`);
  context.print('  npm run demo -- --fixed               the same without the planted bugs, then a canary to 100 %');
  context.print('  npm run demo -- --fault               a bug that wakes during the canary: everything returns by itself');
};
