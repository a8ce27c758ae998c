import {relative} from 'node:path';
import {EXIT_CODE, type Evidence} from '@tandem/contract';
import {readRun, resultLines, writeReport} from '@tandem/reports';
import {runSession, type SessionOutcome, type SessionPlan} from '@tandem/shadow';
import {sessionLines} from '../terminal/session-lines.ts';
import {paint, visible} from '../terminal/style.ts';
import {unpairedOutputs} from './pairing-check.ts';
import {switchFlag, type WorkContext} from './work-context.ts';

/** Runs a session with progress, writes its report, and says what came out of it. Gives the exit code. */
export const sessionWork = async (context: WorkContext, plan: SessionPlan): Promise<number> => {
  const outcome = await watchedSession(context, plan);
  let report: string | null = null;
  try {
    report = writeReport(outcome.folder, 'html');
  } finally {
    // a disk that takes no report must not hide the verdict
    showOutcome(context, outcome, report);
    const unpaired = unpairedOutputs(plan.migration, outcome);
    if (unpaired === null) for (const line of idleRules(plan, outcome)) context.progress.say(line);
    else context.complain(unpaired);
  }
  return switchFlag(context, 'allow-inconclusive') && outcome.exitCode === EXIT_CODE.inconclusive ? EXIT_CODE.pass : outcome.exitCode;
};

/** Rules that met no field: their path may be misspelt, and then the field is compared by another rule than was meant. */
const idleRules = ({migration}: SessionPlan, {evidence: {parity}}: SessionOutcome): string[] => {
  if (parity === null || parity.outputs === 0) return [];
  return migration.compare.fields.filter(({source}) => source.includes(':') && !((parity.ruleHits[source] ?? 0) > 0))
    .map(({path, rule, source}) => visible(`? the rule ${rule.kind} for ${path} met no field in this run (${source})`));
};

export const watchedSession = async (context: WorkContext, plan: SessionPlan): Promise<SessionOutcome> => {
  const {progress, style, signal} = context;
  try {
    return await runSession(plan, {signal, onProgress: (state) => { progress.offer(performance.now(), () => sessionLines(`tandem ${plan.kind}`, state, style)); }});
  } finally {
    progress.done();
  }
};

/** Verdict, reasons and the next command. */
export const showOutcome = (context: WorkContext, outcome: SessionOutcome, report: string | null): void => {
  const {verdict, evidence, runId, exitCode, faults} = outcome;
  context.printJson({formatVersion: '1.0', runId, exitCode, runFolder: relative(process.cwd(), outcome.folder), verdict, faults,
    parity: evidence.parity === null ? null : {...evidence.parity, groups: evidence.parity.groups.map(({examples, ...group}) => ({...group, examples: examples.slice(0, 3)}))},
    paired: evidence.paired ?? null,
    floor: evidence.floor === null ? null : {conservation: evidence.floor.conservation, outputs: evidence.floor.outputs, matched: evidence.floor.matched, byClass: evidence.floor.byClass, stateChecks: evidence.floor.stateChecks}});
  for (const fault of faults) context.complain(fault);
  for (const line of verdictBlock(outcome.folder, context)) context.print(line);
  const undecoded = evidence.parity?.undecoded ?? 0;
  if (undecoded > 0) context.print(`  ${paint(context.style, 'unsure', `undecoded ${undecoded.toLocaleString('en-US')} of ${evidence.parity?.outputs.toLocaleString('en-US') ?? 0} outputs: compared as octets only`)}`);
  for (const line of pacingLines(evidence.pacing)) context.print(`  ${paint(context.style, 'faint', line)}`);
  if (report !== null) context.print(`  ${paint(context.style, 'faint', 'report')}   ${relative(process.cwd(), report)}`);
};

/** How well the plan of a schedule was kept. */
export const pacingLines = ({sendErrorNs, latePlannedShare}: Evidence['pacing']): string[] => {
  if (sendErrorNs === undefined) return [];
  const us = (ns: number): string => `${(ns / 1000).toLocaleString('en-US', {maximumFractionDigits: 1})} µs`;
  const {planned, p50, p99, p999, max} = sendErrorNs;
  return [`sent     ${planned.toLocaleString('en-US')} on planned times; after the plan p50 ${us(p50)}, p99 ${us(p99)}, p99.9 ${us(p999)}, worst ${us(max)}; later than 1 ms by our own doing ${(latePlannedShare * 100).toFixed(3)} %`];
};

/** The verdict as the report states it, painted for this terminal. */
export const verdictBlock = (folder: string, {style}: WorkContext): string[] => resultLines(readRun(folder)).map(({role, outcome, text}) => {
  const tone = outcome === 'pass' ? 'good' : outcome === 'fail' ? 'bad' : 'unsure';
  if (role === 'verdict') return paint(style, tone, text);
  if (role === 'gate' || role === 'cause' || role === 'warning') return `  ${paint(style, tone, text)}`;
  return `  ${text}`;
});
