import {randomBytes} from 'node:crypto';
import {existsSync, readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {EXIT_CODE, TandemError, type CanaryEvent, type CanaryPlanSpec, type ErrorDetail, type LaneName, type LaunchLane, type Migration, type Outcome, type Owner, type Verdict} from '@tandem/contract';
import {runCanary} from './canary/canary-runner.ts';
import type {CanaryControls, CanaryOptions, CanaryResult} from './canary/canary-options.ts';
import {ControlClient} from './canary/control-client.ts';
import {ParityCanaryJudge} from './canary-judge.ts';
import {noteOrigin, resumeCauseOf, type CanaryOrigin} from './canary-resume.ts';
import {LiveCanary, type LiveEnd, type LiveSpec} from './canary-live.ts';
import {Relay} from './egress/relay.ts';
import type {GateView, KillMode} from './flow/ownership-control.ts';
import {judge} from './judge/judge.ts';
import {waiversOf} from './judge/judge-input.ts';
import {startLane} from './lanes/start-lane.ts';
import {limitsOf} from './live-lane.ts';
import {createRunFolder, evidenceBytes, reopenRunFolder} from './record/run-folder-writer.ts';
import type {SessionInputs} from './session-plan.ts';

export interface CanarySessionPlan {
  readonly migration: Migration;
  readonly plan: CanaryPlanSpec;
  /** a log that is there already, or live traffic */
  readonly inputs: SessionInputs | LiveSpec;
  readonly ratePerSecond: number | null;
  readonly downstreamEndpoint: string;
  readonly runsRoot: string;
  readonly seed: number;
  readonly command: readonly string[];
  readonly versions: Readonly<Record<string, string>>;
  readonly today: string;
  readonly planted?: CanaryOptions['planted'];
  /** noted in the run folder, so that it can be taken up again */
  readonly origin?: CanaryOrigin;
  /** folder of a canary whose process died: it goes on in it, by its journal */
  readonly resume?: string;
}

export interface CanarySessionOutcome {
  readonly runId: string;
  readonly folder: string;
  readonly result: CanaryResult;
  readonly verdict: Verdict;
  /** 0: the candidate owns everything, or did when a live canary was told to end; 12: everything went back to legacy by itself; 10: the verdict is a fail, a partition is halted or outputs could not be released; 11: it did not get so far */
  readonly exitCode: number;
  /** the last reason for which each lane could not go on, with its last words */
  readonly faults: readonly ErrorDetail[];
  /** null on inputs that were there already */
  readonly live: LiveEnd | null;
}

export interface CanaryWatch {
  readonly signal: AbortSignal;
  onEvent?(event: CanaryEvent): void;
  onView?(view: GateView, behind: Readonly<Record<Owner, number>>): void;
  onControls?(controls: CanaryControls): void;
}

const program = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/** Program of a downstream that records what is released: `node <program> <endpoint> <file>`. */
export const sinkProgram = (): string => program('./egress/sink-process.ts');

/** Joins lanes, comparison, judge and egress to one canary, and leaves a run folder like any other run. */
export const runCanarySession = async (plan: CanarySessionPlan, watch: CanaryWatch): Promise<CanarySessionOutcome> => {
  const {migration} = plan;
  const lane = (name: 'legacy' | 'candidate'): LaunchLane => {
    const found = migration.lanes.find((one): one is LaunchLane => one.kind === 'launch' && one.name === name);
    if (found === undefined) throw new TandemError({id: 'TDM-E139', kind: 'usage', what: `a canary starts the ${name} lane itself`, where: migration.configFile, fix: 'give its program in the migration file'});
    return found;
  };
  const lanes = {legacy: lane('legacy'), candidate: lane('candidate')};
  const folder = plan.resume !== undefined ? await reopenRunFolder(plan.resume) : await createRunFolder(plan.runsRoot, {
    kind: 'canary', migration: migration.name, configHash: migration.configHash, seed: plan.seed, command: plan.command, startedAt: new Date(), random: randomBytes(3).toString('hex'), versions: plan.versions,
    rules: {default: migration.compare.default.kind, ignores: waiversOf(migration.compare).ignores.map(({path, reason, owner, expires}) => ({path, reason, owner, expires}))},
  });
  if (plan.origin !== undefined) noteOrigin(folder.path, plan.origin);
  const resumeCause = plan.resume === undefined ? 0 : await resumeCauseOf(plan.resume);
  const faults = new Map<LaneName, ErrorDetail>();
  const broken = async (error: unknown): Promise<never> => {
    // whoever finds the folder later learns why it holds no verdict
    await folder.finish({finishedAt: new Date(), capture: {}, complete: false, notes: [error instanceof TandemError ? `${error.detail.id}: ${error.detail.what}` : 'ended by a defect']}).catch(() => undefined);
    throw error;
  };
  const live = 'durationMs' in plan.inputs ? await LiveCanary.open(plan.inputs, {migration, runFolder: folder.path, signal: watch.signal}).catch(broken) : null;
  const inputs = live?.inputs ?? plan.inputs as SessionInputs;
  const signal = live?.cut.signal ?? watch.signal;
  const canaryJudge = new ParityCanaryJudge(migration, plan.today, {nowMs: () => performance.now(), gaps: () => inputs.gaps()});
  const running = runCanary({
    plan: plan.plan, configHash: migration.configHash, lanes, input: anew(() => inputs.open(signal)), ratePerSecond: live === null ? plan.ratePerSecond : null, cause: migration.cause, outputKind: migration.outputKind,
    folder: folder.path, downstreamEndpoint: plan.downstreamEndpoint, judge: live?.judge(canaryJudge) ?? canaryJudge, signal, resumeCause,
    onEvent: (event) => {
      live?.sawEvent(event);
      watch.onEvent?.(event);
    },
    onView: (view, behind) => {
      live?.sawView(view);
      watch.onView?.(view, behind);
    },
    ...(plan.planted === undefined ? {} : {planted: plan.planted}),
  }, {startLane: (spec, events) => startLane(spec, {...events, ...limitsOf(spec), onFault: (fault) => {
    faults.set(spec.name, fault.error.detail);
    events.onFault?.(fault);
  }}), openRelay: async (options) => live?.relay(await Relay.open(options)) ?? await Relay.open(options), gateProgram: program('./egress/gate-process.ts'), controllerProgram: program('./canary/controller-process.ts')},
  (controls) => {
    live?.steer(controls);
    watch.onControls?.(controls);
  });
  const result = await running.catch(async (error: unknown) => {
    await live?.finish();
    return await broken(error);
  });
  const liveEnd = await live?.finish() ?? null;
  canaryJudge.finish();
  const evidence = canaryJudge.wholeEvidence();
  const verdict = judge(evidence, {...migration.gates, latencyRatio: {}, cpuRatio: null, memoryRatio: null, memorySlopeBytesPerHour: null},
    {evidenceHash: evidenceBytes(evidence).hash, judgedOn: plan.today, waivers: waiversOf(migration.compare)});
  const exitCode = exitOf(result, verdict.outcome, liveEnd);
  await folder.writeEvidence(evidence);
  await folder.writeResult({exitCode, verdict});
  await folder.finish({finishedAt: new Date(), capture: await live?.captured() ?? inputs.capture(), complete: result.complete, notes: [...liveNotes(liveEnd), ...notesOf(result, [...faults.values()])]});
  return {runId: folder.runId, folder: folder.path, result, verdict, exitCode, faults: [...faults.values(), ...result.faults], live: liveEnd};
};

/** Each lane, and each start of a lane, reads the log from its beginning. */
const anew = <T>(open: () => AsyncIterable<T>): AsyncIterable<T> => ({[Symbol.asyncIterator]: () => open()[Symbol.asyncIterator]()});

/** What a person must look at comes first: partitions that stand still, and outputs of legacy that nobody could release. */
const exitOf = ({stage, share, complete, timelineFile, untagged, view}: CanaryResult, verdict: Outcome, live: LiveEnd | null): number => {
  if (untagged.legacy > 0 || (view?.halted.length ?? 0) > 0) return EXIT_CODE.fail;
  if (live !== null && live.reason !== null) return exitOfLive(live, complete, verdict);
  if (stage === 'PRIMARY' && share === 1 && complete) return EXIT_CODE.pass;
  const returned = existsSync(timelineFile) && readFileSync(timelineFile, 'utf8').includes('"kind":"rollback"');
  if (returned) return EXIT_CODE.rolledBack;
  return verdict === 'fail' ? EXIT_CODE.fail : EXIT_CODE.inconclusive;
};

/** A canary that was told to end went back because of that; what counts is where it stood. */
const exitOfLive = ({stageAtEnd, returned, fault}: LiveEnd, complete: boolean, verdict: Outcome): number => {
  if (verdict === 'fail' && !returned) return EXIT_CODE.fail;
  if (fault !== null) return EXIT_CODE.environment;
  if (stageAtEnd?.stage === 'PRIMARY' && stageAtEnd.share === 1 && complete) return EXIT_CODE.pass;
  return returned ? EXIT_CODE.rolledBack : EXIT_CODE.inconclusive;
};

const liveNotes = (live: LiveEnd | null): string[] => (live === null ? [] : [
  `live inputs at ${live.places.join(', ')}${live.history === null ? '' : `, behind a history of ${live.history.inputs} inputs`}`,
  ...(live.reason === null ? [] : [`told to end: ${live.reason}; everything went back to legacy`]), ...(live.fault === null ? [] : [`${live.fault.id}: ${live.fault.what} ${live.fault.seen ?? ''}`.trimEnd()]),
]);

const NOTES_MAX = 20;
const NOTE_CHARS_MAX = 400;
const notesOf = ({endedBy, view, untagged, oversized, faults}: CanaryResult, laneFaults: readonly ErrorDetail[]): string[] => [
  ...(endedBy === null ? [] : [endedBy.slice(0, NOTE_CHARS_MAX)]),
  ...[...laneFaults, ...faults].map(({id, what, seen}) => `${id}: ${what} ${seen ?? ''}`.trimEnd().slice(0, NOTE_CHARS_MAX)),
  ...(view?.halted ?? []).slice(0, NOTES_MAX).map(({partition, reason}) => `partition ${partition} is halted: ${reason}`),
  ...(['legacy', 'candidate'] as const).filter((lane) => untagged[lane] > 0).map((lane) => `${untagged[lane]} outputs of ${lane} could not be released`),
  ...(oversized === 0 ? [] : [`${oversized} inputs above 1 MiB were given to neither lane`]),
];

interface ControlFile {
  readonly controlSocket: string;
  readonly killFile: string;
}

const controlOf = (runFolder: string): ControlFile => {
  const path = join(runFolder, 'canary/control.json');
  const refuse = (seen: string): TandemError => new TandemError({id: 'TDM-E262', kind: 'usage', what: 'this run is no canary that can be spoken to', where: runFolder, seen, fix: 'name a canary with --run'});
  if (!existsSync(path)) throw refuse('it has no canary/control.json');
  try {
    const control = JSON.parse(readFileSync(path, 'utf8')) as Partial<ControlFile>;
    if (typeof control.controlSocket === 'string' && typeof control.killFile === 'string') return control as ControlFile;
  } catch {
    // said below
  }
  throw refuse('its canary/control.json cannot be read');
};

const ASK_MS = 3000;

/** Asks the running gate where the canary stands; null when it does not run any more. */
export const askGate = async (runFolder: string): Promise<GateView | null> => {
  const client = new ControlClient(controlOf(runFolder).controlSocket);
  try {
    const answer = await client.ask({kind: 'status'}, ASK_MS);
    return answer?.kind === 'status' ? answer.view : null;
  } finally {
    client.close();
  }
};

/**
 * The kill switch, spoken to the gate itself. Gives the time until it acknowledged, ms; `ended` when there is no gate any more; `silent` when
 * there is one that does not answer: then the kill file is laid down, which it obeys as soon as it goes on or is started again.
 */
export const killGate = async (runFolder: string, mode: KillMode, actor: string): Promise<number | 'ended' | 'silent'> => {
  const {controlSocket, killFile} = controlOf(runFolder);
  if (!existsSync(controlSocket)) return 'ended';
  const client = new ControlClient(controlSocket);
  try {
    const startedMs = performance.now();
    const answer = await client.ask({kind: 'kill', mode, actor}, ASK_MS);
    if (answer?.kind === 'killed') return performance.now() - startedMs;
    writeFileSync(killFile, mode, {mode: 0o600});
    return 'silent';
  } finally {
    client.close();
  }
};
