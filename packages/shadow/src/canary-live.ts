import {join} from 'node:path';
import type {CanaryEvent, ErrorDetail, Migration, TandemError} from '@tandem/contract';
import type {CanaryControls, CanaryJudge, CanaryRelay} from './canary/canary-options.ts';
import {InputOrder} from './canary/input-order.ts';
import {behindHistory, LiveJudge, NO_HISTORY, readHistory, withoutEffectsThrough, type History} from './canary-history.ts';
import type {GateView} from './flow/ownership-control.ts';
import {assertCanaryInputs, startLiveIntake, type IntakeEnd, type LiveIntake} from './live-intake.ts';
import {logInputs} from './log-inputs.ts';
import {openLogReader} from './log/log-reader.ts';
import type {SessionInputs} from './session-plan.ts';

/** everything has to be back with legacy within this time, or the intake is closed all the same */
const BACK_MS = 15_000;
/** and the lanes have to answer for what was taken within this one */
const ANSWER_MS = 60_000;
const POLL_MS = 10;
/** what the canary tells when legacy's answers have lost their place: they would be withheld for ever */
const UNRELEASABLE = 'legacy answered what cannot be released';

/** How a canary is fed from live traffic. */
export interface LiveSpec {
  /** folder of the log; null: `inputs` in the run folder */
  readonly logFolder: string | null;
  /** capture with everything that both systems have to have behind them; null: they begin with the first live input */
  readonly history: string | null;
  /** effects of inputs with lower numbers are not released: somebody else answered them; null: those of the history are not */
  readonly releaseFrom: number | null;
  /** null: until it is told to end */
  readonly durationMs: number | null;
  readonly freeBytesMin?: number;
  readonly onNotice: (line: string) => void;
}

/** How the live part of a canary ended. */
export interface LiveEnd {
  readonly logFolder: string;
  readonly places: readonly string[];
  /** position and number of the last input of the history; null without one */
  readonly history: {readonly inputs: number; readonly lastCause: number} | null;
  /** taken from the socket; what a log that had to stop did not keep of it is lost */
  readonly taken: number;
  /** null when the log had to stop */
  readonly intake: IntakeEnd | null;
  /** why it ended, in words; null when the canary ended by itself */
  readonly reason: string | null;
  /** where it stood when it was told to end */
  readonly stageAtEnd: Pick<GateView, 'stage' | 'share'> | null;
  /** it had gone back to legacy by itself before */
  readonly returned: boolean;
  readonly fault: ErrorDetail | null;
}

/** The input side of a canary on live traffic, from its history to its orderly end. */
export class LiveCanary {
  readonly inputs: SessionInputs;
  /** aborted when it must not go on at all */
  readonly cut = new AbortController();
  readonly #spec: LiveSpec;
  readonly #logFolder: string;
  readonly #history: History;
  readonly #intake: LiveIntake;
  #controls: CanaryControls | null = null;
  #view: GateView | null = null;
  #reason: string | null = null;
  #stageAtEnd: LiveEnd['stageAtEnd'] = null;
  #returned = false;
  #isOver = false;
  #fault: ErrorDetail | null = null;
  #stopped: Promise<IntakeEnd | null> | null = null;
  readonly #timers: NodeJS.Timeout[] = [];

  private constructor(parts: {spec: LiveSpec; logFolder: string; history: History; intake: LiveIntake; inputs: SessionInputs}) {
    this.#spec = parts.spec;
    this.#logFolder = parts.logFolder;
    this.#history = parts.history;
    this.#intake = parts.intake;
    this.inputs = parts.inputs;
  }

  /**
   * Takes the place of the input socket and begins to log. Nothing is lost from here on, however long both systems need for the history.
   * @throws TandemError TDM-E124, TDM-E264, and what a log or a tap cannot do
   */
  static async open(spec: LiveSpec, {migration, runFolder, signal}: {migration: Migration; runFolder: string; signal: AbortSignal}): Promise<LiveCanary> {
    const {cause} = migration;
    assertCanaryInputs(migration.inputs, cause, migration.configFile);
    const logFolder = spec.logFolder ?? join(runFolder, 'inputs');
    const order = new InputOrder(cause);
    const history = spec.history === null ? NO_HISTORY : await readHistory(await logInputs(spec.history), order, {cause, signal});
    let live: LiveCanary | null = null;
    let early: ErrorDetail | null = null;
    const intake = await startLiveIntake({
      inputs: migration.inputs, folder: logFolder, cause, order, after: history.lastSeq, onNotice: spec.onNotice, ...(spec.freeBytesMin === undefined ? {} : {freeBytesMin: spec.freeBytesMin}),
      onEnd: (why) => {
        early = why;
        live?.end(why.what, why);
      },
    });
    live = new LiveCanary({spec, logFolder, history, intake, inputs: behindHistory(history, await intake.inputs())});
    live.#listenTo(signal);
    for (const place of intake.places) spec.onNotice(`input at ${place}; log ${logFolder}`);
    if (history.count === 0) spec.onNotice('no history: both systems begin with the first live input');
    else spec.onNotice(`history of ${history.count} inputs is replayed first; live inputs go into the log meanwhile`);
    if (early !== null) live.end((early as ErrorDetail).what, early);
    return live;
  }

  relay(relay: CanaryRelay): CanaryRelay {
    return withoutEffectsThrough(relay, this.#heldThrough);
  }

  judge(judge: CanaryJudge): CanaryJudge {
    const {count, lastCause, lastSeq} = this.#history;
    const from = this.#heldThrough + 1;
    return new LiveJudge(judge, this.#history, () => {
      this.#spec.onNotice(`canary ready at sequence ${lastCause >= 0 ? lastCause : lastSeq}: both systems have answered for the ${count} inputs before; effects are released from ${from} on`);
    });
  }

  steer(controls: CanaryControls): void {
    this.#controls = controls;
    if (this.#reason !== null) void this.#goBack();
  }

  sawView(view: GateView): void {
    this.#view = view;
  }

  sawEvent({kind, action, reason}: CanaryEvent): void {
    if (kind === 'rollback' && this.#reason === null) this.#returned = true;
    if (action !== UNRELEASABLE) return;
    this.#intake.close({
      id: 'TDM-E267', kind: 'environment', what: 'Legacy answered an input in a way that nobody can release, so the canary ended.', where: this.#logFolder, seen: reason,
      likely: 'the producer was started again and counts from the beginning, or several producers share one number', fix: 'let numbers go on over a restart and come in order; inputs that came behind lie in the log as out/withheld',
    });
  }

  /** Once: everything back to legacy, then the intake is closed, then both lanes answer for what was taken. */
  end(reason: string, fault: ErrorDetail | null = null): void {
    if (this.#reason !== null) return;
    this.#reason = reason;
    this.#fault = fault;
    this.#stageAtEnd = this.#view === null ? null : {stage: this.#view.stage, share: this.#view.share};
    this.#spec.onNotice(`ending: ${reason}; everything goes back to legacy first`);
    if (this.#controls !== null) void this.#goBack();
  }

  /** To be called when the canary has ended, whatever ended it. */
  async finish(): Promise<LiveEnd> {
    this.#isOver = true;
    for (const timer of this.#timers) clearTimeout(timer);
    const intake = await this.#stop();
    const {count, lastCause} = this.#history;
    return {
      logFolder: this.#logFolder, places: this.#intake.places, taken: this.#intake.stats().messages, history: count === 0 ? null : {inputs: count, lastCause}, intake, reason: this.#reason, stageAtEnd: this.#stageAtEnd, returned: this.#returned, fault: this.#fault,
    };
  }

  /** Hashes of the log, which is sealed by now. */
  async captured(): Promise<Readonly<Record<string, string>>> {
    const seal = (await openLogReader(this.#logFolder).catch(() => null))?.seal ?? null;
    return {...this.#history.inputs?.capture(), ...Object.fromEntries((seal?.segments ?? []).map(({file, sha256}) => [file, sha256]))};
  }

  get #heldThrough(): number {
    const {releaseFrom} = this.#spec;
    return releaseFrom === null ? this.#history.lastCause : releaseFrom - 1;
  }

  #listenTo(signal: AbortSignal): void {
    const stopped = (): void => {
      // before the lanes are there nothing was released: there is nothing to give back
      if (this.#controls === null) this.cut.abort(signal.reason);
      else this.end(`stopped by ${String(signal.reason)}`);
    };
    signal.addEventListener('abort', stopped, {once: true});
    if (signal.aborted) stopped();
    const {durationMs} = this.#spec;
    if (durationMs !== null) this.#timers.push(setTimeout(() => { this.end('the time is over'); }, durationMs));
  }

  async #goBack(): Promise<void> {
    const untilMs = performance.now() + BACK_MS;
    this.#controls?.rollback(this.#reason ?? '');
    while (!this.#isBack() && !this.#isOver && performance.now() < untilMs) await new Promise((go) => setTimeout(go, POLL_MS));
    // a log that had to stop ends the inputs, and with them the canary, before anything here does
    if (this.#isOver) return;
    this.#timers.push(setTimeout(() => { this.cut.abort('the lanes do not come to an end'); }, ANSWER_MS));
    await this.#stop();
  }

  #isBack(): boolean {
    const {stage, share, partitions} = this.#view ?? {};
    return (stage === 'SHADOW' || stage === 'HALTED') && share === 0 && partitions?.every(({owner, handingOver}) => owner === 'legacy' && !handingOver) === true;
  }

  #stop(): Promise<IntakeEnd | null> {
    this.#stopped ??= this.#intake.stop().catch((error: unknown) => {
      this.#fault ??= (error as TandemError).detail;
      return null;
    });
    return this.#stopped;
  }
}
