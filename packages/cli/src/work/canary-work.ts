import {basename, relative, resolve} from 'node:path';
import {EXIT_CODE, TandemError, type CanaryPlanSpec, type Migration} from '@tandem/contract';
import {writeReport} from '@tandem/reports';
import {aboutLog, askGate, auditReleases, killGate, logInputs, memoryInputs, runCanarySession, type CanarySessionOutcome, type CanarySessionPlan, type SessionInputs} from '@tandem/shadow';
import {RecordingSink} from '../canary-sink.ts';
import type {LoadedConfig} from '../config/load-config.ts';
import {planMigration} from '../session-plan.ts';
import {canaryEventLine, canaryViewLines} from '../terminal/canary-lines.ts';
import {marks, paint, visible} from '../terminal/style.ts';
import {trafficInputs} from './bench-plan.ts';
import {liveLines, liveOfFlags, livePlanLines} from './canary-live.ts';
import {configWords, migrationToRun} from './default-migration.ts';
import {refuseExampleTraffic, speaksExample} from './example-traffic.ts';
import {recoveryLines} from './recovery-lines.ts';
import {locateCanary} from './run-locator.ts';
import {runVersions, today} from './run-versions.ts';
import {numberFlag, switchFlag, textFlag, type WorkContext} from './work-context.ts';

const HALTED_SHOWN = 10;

export const planOf = (migration: Migration): CanaryPlanSpec => {
  if (migration.codec !== 'json') {
    throw new TandemError({id: 'TDM-E114', kind: 'usage', what: 'a canary needs outputs in JSON', where: migration.configFile, seen: `codec ${typeof migration.codec === 'string' ? migration.codec : 'of its own'}`,
      likely: 'the gate reads cause and partition of every output, and reads them in JSON alone', fix: 'shadow and replay work with every codec; for a canary let both systems answer in JSON'});
  }
  if (migration.cause.kind !== 'sequence') {
    throw new TandemError({id: 'TDM-E120', kind: 'usage', what: 'a canary needs inputs with a number of their own', where: migration.configFile, seen: `match.by ${migration.cause.input ?? ''}: an id says nothing about order`,
      likely: 'the gate releases by the number of the input, so that nothing is released twice after a crash', fix: "let inputs carry a whole, rising number that outputs repeat, and write match: {cause: {input: '/seq', output: '/refSeq'}}; shadow, replay and gate work with ids"});
  }
  if (migration.canary !== null) return migration.canary;
  throw new TandemError({id: 'TDM-E108', kind: 'usage', what: 'the migration file plans no canary', where: migration.configFile, fix: "add: canary: {stages: ['1%', '25%', '100%'], bake: '10m', minMessages: 100_000}"});
};
/** What was hidden before it was recorded would be released downstream as tags. */
const refuseHidden = async (capture: string): Promise<void> => {
  if ((await aboutLog(capture)).get('hidden') === undefined) return;
  throw new TandemError({id: 'TDM-E123', kind: 'usage', what: 'a canary releases nothing that was made from hidden values', where: capture, seen: 'the capture was recorded with redact: tags stand where the values were',
    likely: 'both systems would answer about tags, and the downstream would get them', fix: 'record without redact where the canary runs, or replay and shadow this capture'});
};
export const migrationOf = (context: WorkContext, loaded: LoadedConfig): Promise<Migration> => planMigration(loaded, {twin: false, say: (line) => { context.progress.say(line); }});

/** `tandem canary plan` */
export const canaryPlanWork = async (context: WorkContext): Promise<number> => {
  const loaded = await migrationToRun(textFlag(context, 'config'));
  const migration = await migrationOf(context, loaded);
  const plan = planOf(migration);
  const leastMs = plan.bakeMs * plan.stages.length;
  context.printJson({formatVersion: '1.0', migration: migration.name, partition: migration.cause.partition, plan, leastMs, inputs: migration.inputs});
  context.print(`canary of ${migration.name}: ownership moves by ${migration.cause.partition}, never splitting one`);
  for (const [at, share] of plan.stages.entries()) context.print(`  stage ${at + 1}  ${`${+(share * 100).toFixed(2)} %`.padStart(6)} of partitions   at least ${(plan.bakeMs / 1000).toLocaleString('en-US')} s and ${plan.minMessages.toLocaleString('en-US')} messages, verdict pass`);
  context.print(`  any fail, missing or stale evidence, or death of the candidate: everything back to legacy by itself`);
  context.print(`  an output in doubt after a crash of the gate: ${plan.inDoubt}; at most ${plan.outputRatioMax} outputs an input; at least ${Math.round(leastMs / 1000)} s in all`);
  for (const line of recoveryLines(migration)) context.print(line);
  context.print('  the process of tandem itself died: nothing leaves any more, gate and lanes end; tandem canary resume goes on by the journal (inputs of a capture, --downstream of your own)');
  context.print('\nwith --live');
  for (const line of livePlanLines(migration.inputs)) context.print(line);
  context.print(`\nnext       npm run tandem -- canary start${configWords(context)}${speaksExample(loaded) ? '' : ' --capture <folder that tandem record made>'}`);
  return EXIT_CODE.pass;
};

/** The same inputs for the same capture, or for the same seed and number of orders. */
export const recordedInputs = async ({capture, orders, seed}: {capture: string | null; orders: number; seed: number}): Promise<SessionInputs> =>
  (capture === null ? memoryInputs(trafficInputs(orders * 4, seed)) : await logInputs(capture));

/** `tandem canary start` */
export const canaryStartWork = async (context: WorkContext): Promise<number> => {
  const loaded = await migrationToRun(textFlag(context, 'config'));
  const capture = textFlag(context, 'capture');
  if (capture !== null) await refuseHidden(capture);
  const migration = await migrationOf(context, loaded);
  const plan = planOf(migration);
  const live = liveOfFlags(context, migration);
  if (live === null) refuseExampleTraffic(loaded, capture);
  const seed = numberFlag(context, 'seed') ?? 7;
  const orders = numberFlag(context, 'orders') ?? 20_000;
  const downstream = textFlag(context, 'downstream');
  const ratePerSecond = numberFlag(context, 'rate') ?? 2000;
  const inputs = live ?? await recordedInputs({capture, orders, seed});
  const config = textFlag(context, 'config');
  const origin = {config: config === null ? null : resolve(config), capture: capture === null ? null : resolve(capture), live: live !== null, orders, ratePerSecond, seed, downstream};
  return await watchedCanary(context, {migration, plan, inputs, ratePerSecond, runsRoot: textFlag(context, 'runs') ?? 'reports/runs', seed, command: context.command, versions: runVersions(), today: today(), origin}, downstream);
};

/** Runs a canary with progress, checks the downstream when it is ours, and says how it ended. */
export const watchedCanary = async (context: WorkContext, plan: Omit<CanarySessionPlan, 'downstreamEndpoint'>, downstream: string | null): Promise<number> => {
  const {progress, style, signal} = context;
  const sink = downstream === null ? await RecordingSink.start() : null;
  try {
    const outcome = await runCanarySession({...plan, downstreamEndpoint: downstream ?? (sink as RecordingSink).endpoint}, {signal,
      onEvent: (event) => { progress.say(canaryEventLine(event, style)); },
      onView: (view, behind) => { progress.offer(performance.now(), () => canaryViewLines(view, style, behind)); }});
    progress.done();
    await sink?.stop();
    return await showCanary(context, outcome, sink);
  } finally {
    progress.done();
    await sink?.stop();
    sink?.remove();
  }
};

const showCanary = async (context: WorkContext, outcome: CanarySessionOutcome, sink: RecordingSink | null): Promise<number> => {
  const {style} = context;
  const {result, folder, runId} = outcome;
  const effects = sink?.effects() ?? [];
  const {faults} = sink === null ? {faults: []} : await auditReleases(result.journalFile, effects);
  const exitCode = faults.length > 0 ? EXIT_CODE.fail : outcome.exitCode;
  const by = (lane: string): string => effects.filter((effect) => effect.lane === lane).length.toLocaleString('en-US');
  const report = writeReport(folder, 'html');
  context.printJson({formatVersion: '1.0', runId, exitCode, stage: result.stage, share: result.share, complete: result.complete, inputs: result.inputs, released: effects.length, faults, accounts: result.view?.accounts ?? null, restarts: result.restarts, endedBy: result.endedBy, laneFaults: outcome.faults,
    halted: result.view?.halted ?? [], untagged: result.untagged, oversized: result.oversized, verdict: outcome.verdict.outcome, live: outcome.live});
  const mark = exitCode === EXIT_CODE.pass ? paint(style, 'good', marks(style).pass) : paint(style, 'bad', marks(style).fail);
  const words = exitCode === EXIT_CODE.pass ? outcome.live?.reason == null ? 'the candidate owns every partition' : 'the candidate owned every partition until the end; then everything went back to legacy' : exitCode === EXIT_CODE.rolledBack ? 'everything went back to legacy by itself' : exitCode === EXIT_CODE.fail ? whyFailed(outcome, faults) : outcome.live?.fault != null ? 'it could not go on, and went back to legacy' : result.endedBy === null ? 'it did not reach the last stage' : 'it ended before it was through';
  for (const fault of [...outcome.faults, ...[outcome.live?.fault, outcome.live?.intake?.silence].filter((detail) => detail !== null && detail !== undefined)]) context.complain(fault);
  context.print(`\nCANARY     ${mark} ${result.stage}: ${words}`);
  context.print(`  inputs     ${result.inputs.toLocaleString('en-US')} fed to both; every output settled: ${result.complete ? 'yes' : 'no'}${result.endedBy === null ? '' : ` (${result.endedBy})`}`);
  if (sink !== null) context.print(`  downstream ${effects.length.toLocaleString('en-US')} effects, ${by('legacy')} of legacy, ${by('candidate')} of the candidate; ${faults.length === 0 ? 'each once, in order of its partition, from its owner' : faults.join('; ')}`);
  const halted = result.view?.halted ?? [];
  for (const {partition, reason} of halted.slice(0, HALTED_SHOWN)) context.print(`  ${paint(style, 'bad', `halted     ${visible(partition)}: ${visible(reason)}`)}`);
  if (halted.length > HALTED_SHOWN) context.print(`  halted     and ${halted.length - HALTED_SHOWN} more`);
  for (const [lane, count] of Object.entries(result.untagged)) if (count > 0) context.print(`  ${paint(style, 'bad', `withheld   ${count.toLocaleString('en-US')} outputs of ${lane}, which nobody could release`)}`);
  for (const line of liveLines(outcome)) context.print(line);
  if (result.oversized > 0) context.print(`  not fed    ${result.oversized.toLocaleString('en-US')} inputs above 1 MiB`);
  const accounts = result.view?.accounts;
  if (accounts !== undefined) context.print(`  gate       offered ${accounts.offered.toLocaleString('en-US')} = released ${accounts.released.toLocaleString('en-US')} + suppressed ${accounts.suppressed.toLocaleString('en-US')} + deduped ${accounts.deduped} + fenced ${accounts.fenced} + in flight ${accounts.inFlight}${Object.entries(accounts.dropped).map(([why, count]) => ` + ${why} ${count}`).join('')}`);
  context.print(`  report     ${relative(process.cwd(), report)}`);
  if (exitCode !== EXIT_CODE.pass) context.print(`\nnext       tandem diff --run ${runId}`);
  return exitCode;
};

const whyFailed = ({result, verdict}: CanarySessionOutcome, faults: readonly string[]): string => {
  if (faults.length > 0) return 'effects were released wrongly';
  if ((result.view?.halted.length ?? 0) > 0) return 'partitions are halted: nothing of them is released until a person has looked at them';
  if (result.untagged.legacy > 0) return 'legacy answered what cannot be released';
  return `the candidate answers otherwise than legacy (verdict ${verdict.outcome}); it owns nothing`;
};

export const canaryRun = (context: WorkContext): string => locateCanary(textFlag(context, 'runs') ?? '', textFlag(context, 'run') ?? 'latest');

/** `tandem canary status` */
export const canaryStatusWork = async (context: WorkContext): Promise<number> => {
  const folder = canaryRun(context);
  const view = await askGate(folder);
  context.printJson({formatVersion: '1.0', running: view !== null, view});
  if (view === null) {
    context.print(`no gate of ${basename(folder)} answers: this canary has ended, or its gate hangs`);
    context.print('next       tandem report, for how it went');
    return EXIT_CODE.inconclusive;
  }
  for (const line of canaryViewLines(view, context.style)) context.print(line);
  for (const {partition, reason} of view.halted.slice(0, 20)) context.print(`  halted ${partition}: ${reason}`);
  return EXIT_CODE.pass;
};

const killed = async (context: WorkContext, mode: 'legacy' | 'halt'): Promise<number> => {
  const folder = canaryRun(context);
  const answer = await killGate(folder, mode, 'operator');
  const tookMs = typeof answer === 'number' ? answer : null;
  context.printJson({formatVersion: '1.0', runId: basename(folder), acknowledged: tookMs !== null, gate: tookMs === null ? answer : 'acknowledged', mode, tookMs});
  context.print(`canary ${basename(folder)}`);
  if (tookMs !== null) context.print(`${mode === 'halt' ? 'nothing leaves any more' : 'everything is back with legacy'}; the gate acknowledged after ${tookMs.toFixed(1)} ms`);
  else if (answer === 'ended') context.print('this canary has ended: no gate runs that could release. Is it another one? Name it with --run, or its folder with --runs');
  else context.print('the gate does not answer. It obeys as soon as it goes on or is started again: the kill file lies in its folder.\nuntil then nobody knows what it does: end its process (tandem canary status says when it answers again)');
  return tookMs === null ? EXIT_CODE.environment : EXIT_CODE.pass;
};

/** `tandem canary abort`: back to legacy, latched; asking twice changes nothing. */
export const canaryAbortWork = (context: WorkContext): Promise<number> => killed(context, 'legacy');

/** `tandem kill` */
export const killWork = (context: WorkContext): Promise<number> => killed(context, switchFlag(context, 'halt') ? 'halt' : 'legacy');
