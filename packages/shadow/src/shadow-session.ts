import {randomBytes} from 'node:crypto';
import {EXIT_CODE, TandemError, type ErrorDetail, type Evidence, type LaneName, type LaunchLane, type LatencyEvidence, type NoiseEvidence, type Outcome, type ResourceEvidence, type Verdict} from '@tandem/contract';
import {verdictOfRun} from './broken-run.ts';
import {ComparedLanes} from './compared-lanes.ts';
import {TripleCounts} from './compare/triple-counts.ts';
import {CoverageWatch} from './coverage-watch.ts';
import {lateShare, worstSendError} from './feed-pacing.ts';
import {LaneCrew} from './lane-crew.ts';
import type {FeedReport} from './lanes/feed/open-loop-sender.ts';
import {judge} from './judge/judge.ts';
import {textOfOutput, type LaneOutput} from './flow/lane-output.ts';
import {INPUT_BYTES_MAX, inputBytes, OVERSIZED_INPUT, type FeedInput} from './flow/feed-input.ts';
import {PayloadTexts} from './payload-texts.ts';
import {waiversOf} from './judge/judge-input.ts';
import {quantileInterval} from './judge/quantile-confidence.ts';
import {KeptOutputs} from './kept-outputs.ts';
import type {LaneListener} from './live-lane.ts';
import {watchHarness, type HarnessWatch} from './measure/harness-watch.ts';
import {prepareHistograms} from './measure/histogram-library.ts';
import {createLatencyBook, type LatencyBook} from './measure/latency-book.ts';
import {createNoiseGate, type NoiseGate} from './measure/noise-gate.ts';
import {createRunFolder, evidenceBytes, type RunFolderWriter} from './record/run-folder-writer.ts';
import {assertInputs, feedSession} from './session-feed.ts';
import {MeasuredTurns} from './measured-turns.ts';
import type {SessionPlan, SessionProgress} from './session-plan.ts';
import {TurnBacklog} from './turn-backlog.ts';

export interface SessionOutcome {
  readonly runId: string;
  readonly folder: string;
  readonly evidence: Evidence;
  readonly verdict: Verdict;
  readonly exitCode: number;
  /** why lanes could not go on, each with its last words and what to do */
  readonly faults: readonly ErrorDetail[];
}

export interface SessionWatch {
  readonly signal: AbortSignal;
  onProgress(progress: SessionProgress): void;
}

const PROGRESS_MS = 100;
/** of an input that its codec cannot read */
const NO_TEXT = new Uint8Array(0);

/** Joins the stages from top to bottom: lanes are started and fed from the log, their outputs matched, compared, measured and judged. */
export const runSession = async (plan: SessionPlan, watch: SessionWatch): Promise<SessionOutcome> => {
  assertInputs(plan.inputs.total);
  // 1. record: the folder exists before anything can fail
  const folder = await createRunFolder(plan.runsRoot, {
    kind: plan.kind, migration: plan.migration.name, configHash: plan.migration.configHash, seed: plan.seed, command: plan.command, startedAt: new Date(),
    random: randomBytes(3).toString('hex'), versions: plan.versions, notes: plan.notes,
    rules: {default: plan.migration.compare.default.kind, ignores: waiversOf(plan.migration.compare).ignores.map(({path, reason, owner, expires}) => ({path, reason, owner, expires}))},
  });
  const session = new Session(plan, watch, folder);
  try {
    return await session.run();
  } catch (error) {
    // whoever finds the folder later learns why it holds no verdict; a disk that takes nothing more takes no note either
    await folder.finish({finishedAt: new Date(), capture: {}, complete: false, notes: [error instanceof TandemError ? `${error.detail.id}: ${error.detail.what}` : 'ended by a defect']}).catch(() => undefined);
    throw error;
  } finally {
    await session.close();
  }
};

class Session {
  readonly #plan: SessionPlan;
  readonly #watch: SessionWatch;
  readonly #folder: RunFolderWriter;
  readonly #pairs: ComparedLanes[];
  readonly #triples: TripleCounts | null;
  readonly #coverage: CoverageWatch;
  readonly #texts: PayloadTexts;
  readonly #startedMs = performance.now();
  readonly #crew: LaneCrew;
  #kept: KeptOutputs | null = null;
  #book: LatencyBook | null = null;
  #harness: HarnessWatch | null = null;
  #noise: NoiseGate | null = null;
  #turns: MeasuredTurns | null = null;
  readonly #backlog = new TurnBacklog({
    onInput: (input) => { this.#know(input); },
    onSent: (sent) => { for (const one of sent) this.#book?.sent(one); },
    onOutputs: (lane, outputs) => { this.#outputs(lane, outputs); },
  });
  /** CPU of the harness before anything was measured */
  #unmeasuredCpuMs = 0;
  #fed = 0;
  #measuredInputs = 0;
  #measuring = false;
  #lastInputSeq = 0;
  #phase: SessionProgress['phase'] = 'starting';

  constructor(plan: SessionPlan, watch: SessionWatch, folder: RunFolderWriter) {
    this.#plan = plan;
    this.#watch = watch;
    this.#folder = folder;
    const names = new Set(plan.migration.lanes.map(({name}) => name));
    const windowInputs = plan.turns === null ? (plan.schedule.kind === 'max' ? 40_000 : 400_000) : plan.turns.inputsPerTurn * 2 + 40_000;
    this.#triples = names.has('twin') && names.has('candidate') ? new TripleCounts() : null;
    const pair = (expected: LaneName, actual: LaneName): ComparedLanes[] =>
      (names.has(expected) && names.has(actual) ? [new ComparedLanes({expected, actual, migration: plan.migration, today: plan.today, windowInputs, triples: this.#triples})] : []);
    this.#pairs = [...pair('legacy', 'candidate'), ...pair('legacy', 'twin')];
    this.#coverage = new CoverageWatch(plan.migration.coverage);
    this.#texts = new PayloadTexts(plan.migration.codec);
    this.#crew = new LaneCrew({specs: plan.migration.lanes.filter((spec): spec is LaunchLane => spec.kind === 'launch'), inTurns: plan.turns !== null, folder, listener: this.#listener()});
  }

  async run(): Promise<SessionOutcome> {
    const {plan} = this;
    // 2. measure: how restless is the machine before anything runs
    const noise = this.#noise = plan.spinMs > 0 ? createNoiseGate({spinMs: plan.spinMs}) : null;
    const build = await prepareHistograms();
    this.#book = createLatencyBook({lanes: plan.migration.lanes.map(({name}) => name), build, quantileInterval: (buckets, quantile) => quantileInterval(buckets, quantile)});
    this.#kept = plan.keep === 'none' ? null : await KeptOutputs.open(this.#folder, plan);
    // 3. lanes: all of them, or none
    await this.#crew.start(this.#watch.signal);
    this.#turns = plan.turns === null ? null : await MeasuredTurns.open({lanes: this.#crew.lanes, backlog: this.#backlog, pin: plan.pin ?? 'off'});
    await this.#spin(() => noise?.before());
    this.#harness = watchHarness();
    // 4. feed from the log; outputs come back into match and compare as they arrive
    this.#phase = 'feeding';
    const ticker = setInterval(() => { this.#report(); }, PROGRESS_MS);
    let feeds: readonly FeedReport[] = [];
    try {
      feeds = await feedSession({plan, lanes: this.#crew.lanes, signal: this.#watch.signal, onInput: (input) => { this.#input(input); }, onTurns: async () => this.#turns?.begin(), onMeasure: () => this.#beginMeasuring(),
        onTurn: async (live, {isBegun, isMeasured}) => this.#turns?.[isBegun ? 'turnBegins' : 'turnEnds'](live, isMeasured ? this.#harness : null)});
      // 5. drain to the last barrier, then read the last figures while the lanes still live
      this.#phase = 'draining';
      await Promise.all(this.#crew.lanes.map(({lane}) => lane.finish(60_000)));
      await Promise.all(this.#crew.lanes.map((live) => live.endMeasuring()));
    } finally {
      clearInterval(ticker);
    }
    const harness = this.#harness.figures();
    await this.#crew.stop();
    const resources = this.#crew.resources(this.#measuredInputs);
    const runQueueWaitShares = Object.fromEntries(resources.map(({lane, runQueueWaitShare}) => [lane, runQueueWaitShare]));
    const cpuMs = harness.cpuMs - this.#unmeasuredCpuMs + resources.reduce((sum, one) => sum + one.cpuMs, 0);
    const noiseEvidence = await this.#spin(() => noise?.after({cpuMs, runQueueWaitShares, cores: this.#turns?.figures() ?? null}) ?? null);
    // 6. judge: a pure function of the evidence
    this.#phase = 'judging';
    this.#report();
    return await this.#judge({feeds, resources, noise: noiseEvidence, stallNs: harness.stallNsMax});
  }

  get plan(): SessionPlan {
    return this.#plan;
  }

  /** Nothing outlives the session. */
  async close(): Promise<void> {
    this.#harness?.stop();
    this.#book?.destroy();
    await this.#turns?.close();
    await this.#crew.stop();
    await this.#kept?.close();
  }

  /** What lanes say, on its way to matching and measuring; in a measured turn it waits. */
  #listener(): LaneListener {
    return {
      onOutputs: (lane, received) => { this.#backlog.outputs(lane, received); },
      onWatermark: (mark) => {
        this.#backlog.do(() => {
          for (const pair of this.#pairs) pair.watermark(mark);
          this.#drain();
        });
      },
      onSent: (sent) => {
        if (this.#measuring) this.#backlog.sent(sent);
      },
      onFault: (lane, fault) => {
        this.#backlog.flush();
        for (const pair of this.#pairs) pair.laneEnded(lane, `${lane} ${fault.kind}`);
      },
    };
  }

  /** Where lanes are pinned, on their cores. */
  async #spin<T>(act: () => T): Promise<T> {
    return this.#turns === null ? act() : await this.#turns.onLaneCores(act);
  }

  #outputs(lane: LaneName, received: readonly LaneOutput[]): void {
    const outputs = this.#texts.outputs(lane, received);
    for (const output of outputs) {
      if (lane === 'legacy') this.#coverage.output(textOfOutput(output));
      for (const pair of this.#pairs) {
        const inputSeq = pair.output(output);
        if (inputSeq !== null && this.#measuring) this.#book?.output(lane, inputSeq, output.tMonoNs);
      }
    }
    this.#kept?.outputs(outputs);
    this.#drain();
  }

  async #beginMeasuring(): Promise<void> {
    this.#measuring = true;
    this.#unmeasuredCpuMs = this.#harness?.figures().cpuMs ?? 0;
    this.#noise?.begin();
    await Promise.all(this.#crew.lanes.map((live) => live.beginMeasuring()));
  }

  #input(input: FeedInput): void {
    const {inputSeq} = input;
    if (inputSeq <= this.#lastInputSeq) return;
    this.#lastInputSeq = inputSeq;
    this.#fed += 1;
    if (inputBytes(input) > INPUT_BYTES_MAX) {
      for (const pair of this.#pairs) pair.lostInput(OVERSIZED_INPUT);
      return;
    }
    if (this.#measuring) this.#measuredInputs += 1;
    this.#crew.note(input);
    this.#backlog.input(input);
  }

  #know(input: FeedInput): void {
    const {inputSeq, payload} = input;
    const text = this.#texts.input(input);
    if (text !== null) this.#coverage.input(text);
    this.#kept?.input(inputSeq, text ?? payload);
    for (const pair of this.#pairs) pair.input(inputSeq, text ?? NO_TEXT);
  }

  #drain(): void {
    for (const pair of this.#pairs) {
      for (const finding of pair.compareSettled()) this.#kept?.differing(finding);
    }
  }

  #report(): void {
    const [parity] = this.#pairs;
    this.#book?.fold();
    this.#watch.onProgress({
      phase: this.#phase, elapsedMs: performance.now() - this.#startedMs, total: this.#plan.inputs.total, fed: this.#fed,
      compared: parity?.comparedInputs ?? 0, differences: parity?.differences ?? 0, groups: parity?.groups ?? 0,
      lanes: this.#crew.lanes.map(({lane}) => ({lane: lane.name, label: lane.label, sent: lane.sent, settled: lane.settled})),
    });
  }

  async #judge(measured: {feeds: readonly FeedReport[]; resources: readonly ResourceEvidence[]; noise: NoiseEvidence | null; stallNs: number}): Promise<SessionOutcome> {
    for (const pair of this.#pairs) pair.finish();
    this.#drain();
    this.#triples?.finish();
    await this.#kept?.close();
    const {plan} = this;
    const evidence = this.#evidence(measured);
    const evidenceHash = evidenceBytes(evidence).hash;
    const early = this.#endedEarly();
    const judged = judge(evidence, plan.migration.gates, {evidenceHash, judgedOn: plan.today, waivers: waiversOf(plan.migration.compare)});
    const verdict = verdictOfRun(judged, early === null);
    const exitCode = exitCodeOf(verdict.outcome);
    await this.#folder.writeEvidence(evidence);
    await this.#folder.writeResult({exitCode, verdict});
    await this.#folder.finish({finishedAt: new Date(), capture: plan.inputs.capture(), complete: early === null,
      notes: [...(early === null ? [] : [`${early} after ${this.#fed} inputs`]), ...this.#crew.faults().map(({error}) => error.message), ...this.#texts.notes(), ...(plan.endNotes?.() ?? []), ...(this.#turns === null ? [] : [this.#turns.note])]});
    return {runId: this.#folder.runId, folder: this.#folder.path, evidence, verdict, exitCode, faults: this.#crew.faults().map(({error}) => error.detail)};
  }

  #endedEarly(): string | null {
    const {aborted, reason} = this.#watch.signal;
    if (aborted) return typeof reason === 'string' ? `stopped by ${reason}` : 'stopped';
    return this.#plan.endedEarly?.() ?? null;
  }

  #evidence({feeds, resources, noise, stallNs}: {feeds: readonly FeedReport[]; resources: readonly ResourceEvidence[]; noise: NoiseEvidence | null; stallNs: number}): Evidence {
    const {plan} = this;
    const find = (actual: LaneName): ComparedLanes | undefined => this.#pairs.find((pair) => pair.actual === actual);
    const latency: readonly LatencyEvidence[] = this.#book?.evidence() ?? [];
    return {
      messages: this.#fed, durationMs: Math.round(performance.now() - this.#startedMs),
      pacing: {mode: plan.schedule.kind, ratePerSecond: plan.schedule.kind === 'rate' ? plan.schedule.ratePerSecond : null, latePlannedShare: lateShare(feeds), ...worstSendError(feeds)},
      parity: find('candidate')?.evidence() ?? null, floor: find('twin')?.evidence() ?? null,
      paired: this.#triples?.evidence(find('twin')?.fieldCensus() ?? new Map()) ?? null,
      latency, resources, lanes: this.#crew.health(), noise, coverage: this.#coverage.evidence(), gaps: plan.inputs.gaps(), harnessStallNsMax: stallNs,
    };
  }
}

export const exitCodeOf = (outcome: Outcome): number => (outcome === 'pass' ? EXIT_CODE.pass : outcome === 'fail' ? EXIT_CODE.fail : EXIT_CODE.inconclusive);
