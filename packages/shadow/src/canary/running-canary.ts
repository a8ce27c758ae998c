import type {CanaryEvent, ErrorDetail, Owner} from '@tandem/contract';
import {monoNowNs} from '../endpoint/mono-clock.ts';
import type {GateView} from '../flow/ownership-control.ts';
import {OWNERS} from '../flow/ownership-output.ts';
import {stoppedBeforeReady, unlessStopped} from '../flow/unless-stopped.ts';
import {ByteJudge} from './byte-judge.ts';
import type {CanaryControls, CanaryJudge, CanaryOptions, CanaryParts, CanaryRelay, CanaryResult} from './canary-options.ts';
import {attestLanes, keepsSnapshots, prepareCanaryFolder, type CanaryPaths} from './canary-paths.ts';
import {writeCanarySettings} from './canary-settings.ts';
import type {ControllerWord} from './controller-process.ts';
import {gateNotUp} from './gate-not-up.ts';
import {killThroughGate, viewOfGate} from './gate-words.ts';
import {InputPace} from './input-pace.ts';
import {LaneKeeper} from './lane-keeper.ts';
import {plantedEnv} from './planted-env.ts';
import {SupervisedProcess} from './supervised-process.ts';
import {TimelineFile} from './timeline-file.ts';

const SNAPSHOT_MS = 50;
const READY_MS = 15_000;
const TOKEN_LETTERS = 'abcdefghijklmnopqrstuvwxyz0123456789';

const nowMs = (): number => monoNowNs() / 1e6;

/** All processes of one canary, joined. */
export class RunningCanary {
  readonly #options: CanaryOptions;
  readonly #parts: CanaryParts;
  readonly #paths: CanaryPaths;
  readonly #timeline: TimelineFile;
  readonly #judge: CanaryJudge;
  readonly #pace: InputPace;
  readonly #gate: SupervisedProcess;
  readonly #controller: SupervisedProcess;
  readonly #keepers = new Map<Owner, LaneKeeper>();
  #relay: CanaryRelay | null = null;
  #view: GateView | null = null;
  #stageView: Pick<CanaryEvent, 'stage' | 'share'> = {stage: 'SHADOW', share: 0};
  #timer: NodeJS.Timeout | null = null;
  /** told whether the first gate came up */
  #gateReady: ((up: boolean) => void) | null = null;
  /** what an operator wants and has not happened yet: a new controller must hear it again */
  #wish: Extract<ControllerWord, {kind: 'operator'}> | null = null;
  readonly #faults: ErrorDetail[] = [];
  #oversized = 0;
  endedBy: string | null = null;

  constructor(options: CanaryOptions, parts: CanaryParts) {
    this.#options = options;
    this.#parts = parts;
    this.#judge = options.judge ?? new ByteJudge(nowMs);
    this.#pace = new InputPace(options.ratePerSecond, nowMs);
    this.#paths = prepareCanaryFolder(options.folder);
    this.#timeline = new TimelineFile(this.#paths.timelineFile);
    writeCanarySettings(options, this.#paths);
    const planted = options.planted ?? {};
    this.#gate = new SupervisedProcess({
      program: parts.gateProgram, args: [this.#paths.gateSettings], firstEnv: plantedEnv(planted.gate, planted.tell),
      onLine: (line) => this.#gateSays(line),
      onReady: () => {
        if (this.#gate.restarts > 0) this.#tell('restart', 'gate started again', `session after ${this.#view?.session ?? 0}`);
        this.#relay?.greet();
        this.#gateReady?.(true);
      },
      onEnd: ({words, loops}) => {
        this.#tell('crash', 'gate ended', words);
        this.#gateReady?.(false);
        if (loops) this.#end(`the gate ends again and again: ${words}`);
      },
    });
    this.#controller = new SupervisedProcess({
      program: parts.controllerProgram, args: [this.#paths.controllerSettings], firstEnv: plantedEnv(planted.controller, planted.tell),
      onLine: (line) => this.#controllerSays(line),
      onReady: () => {
        if (this.#wish !== null) this.#controller.tell(this.#wish);
        if (this.#controller.restarts > 0) this.#tell('restart', 'controller started again', 'it reads where the journal stands');
      },
      onEnd: ({words, loops}) => {
        this.#tell('crash', 'controller ended', loops ? `${words} (not started again)` : words);
        // Without a controller nobody would go back by himself: go back now.
        if (loops) void killThroughGate(this.#paths.controlSocket, 'the controller ends again and again');
      },
    });
  }

  get controls(): CanaryControls {
    return {
      start: (reason) => this.#operate('start', reason),
      rollback: (reason) => this.#operate('rollback', reason),
      pids: () => ({gate: this.#gate.pid, controller: this.#controller.pid, legacy: this.#keeper('legacy').pid, candidate: this.#keeper('candidate').pid}),
      controlSocket: this.#paths.controlSocket, killFile: this.#paths.killFile,
    };
  }

  async start(): Promise<void> {
    const {onSettled} = this;
    this.#gate.start();
    await this.#gateIsReady();
    this.#relay = await this.#parts.openRelay({
      endpoint: this.#paths.relayEndpoint, attest: attestLanes(this.#options.lanes), onSettled,
      onView: (view) => {
        this.#view = view;
        this.#options.onView?.(view, {legacy: this.#keepers.get('legacy')?.behind ?? 0, candidate: this.#keepers.get('candidate')?.behind ?? 0});
      },
      onFault: (error) => this.#end(`the relay broke: ${String(error)}`),
    });
    for (const owner of OWNERS) this.#keepers.set(owner, this.#newKeeper(owner, this.#relay));
    await this.#startLanes();
    this.#controller.start();
    this.#timer = setInterval(() => this.#snapshot(), SNAPSHOT_MS);
  }

  /** Everything fed, answered for and settled; lanes that ended for good count as done. */
  get isDone(): boolean {
    return OWNERS.every((owner) => {
      const keeper = this.#keeper(owner);
      return (keeper.finished || keeper.life === 'ended') && this.#relay?.lane(owner).items === 0;
    });
  }

  /** It goes back, or was told to, and is not back yet. */
  get isGoingBack(): boolean {
    const {stage} = this.#stageView;
    return stage === 'ROLLING_BACK' || (this.#wish?.command === 'rollback' && stage !== 'SHADOW' && stage !== 'HALTED');
  }

  /** Inputs done, whether or not everything is settled. */
  get isFed(): boolean {
    return OWNERS.every((owner) => this.#keeper(owner).finished || this.#keeper(owner).life === 'ended');
  }

  async stop(complete: boolean): Promise<CanaryResult> {
    this.#pace.ended = true;
    const finalView = await viewOfGate(this.#paths.controlSocket) ?? this.#view;
    if (this.#timer !== null) clearInterval(this.#timer);
    await this.#controller.stop(2000);
    const isInterrupted = this.#options.signal?.aborted === true;
    await Promise.all([...this.#keepers.values()].map((keeper) => keeper.stop(!isInterrupted)));
    await this.#gate.stop(8000);
    this.#relay?.close();
    this.#paths.removeSockets();
    const {legacy, candidate} = {legacy: this.#keepers.get('legacy'), candidate: this.#keepers.get('candidate')};
    return {
      stage: finalView?.stage ?? 'SHADOW', share: finalView?.share ?? 0, complete, inputs: Math.min(legacy?.fed ?? 0, candidate?.fed ?? 0),
      untagged: {legacy: legacy?.untagged ?? 0, candidate: candidate?.untagged ?? 0}, oversized: this.#oversized, faults: this.#faults,
      restarts: {gate: this.#gate.restarts, controller: this.#controller.restarts, legacy: legacy?.restarts ?? 0, candidate: candidate?.restarts ?? 0},
      view: finalView, evidence: this.#judge.evidence(), endedBy: this.endedBy,
      timelineFile: this.#paths.timelineFile, journalFile: this.#paths.journalFile,
      snapshotsRefused: {legacy: legacy?.snapshotsRefused ?? 0, candidate: candidate?.snapshotsRefused ?? 0},
    };
  }

  // ---- start

  /** Both, or none: whoever comes up late is ended by `stop`. */
  async #startLanes(): Promise<void> {
    const {signal} = this.#options;
    const results = await unlessStopped(Promise.allSettled(OWNERS.map((owner) => this.#keeper(owner).start())), signal);
    if (results === null) throw stoppedBeforeReady(this.#options.folder);
    const failed = results.find((result) => result.status === 'rejected');
    if (failed !== undefined) throw failed.reason;
  }

  async #gateIsReady(): Promise<void> {
    const ready = new Promise<boolean>((resolve) => {
      this.#gateReady = resolve;
    });
    const timeout = new Promise<boolean>((resolve) => setTimeout(() => resolve(false), READY_MS).unref());
    if (await Promise.race([ready, timeout])) return;
    throw gateNotUp(this.#gate.lastWords, {endpoint: this.#options.downstreamEndpoint, waitedMs: READY_MS});
  }

  #newKeeper(owner: Owner, relay: CanaryRelay): LaneKeeper {
    const {lanes} = this.#options;
    const random = Array.from(crypto.getRandomValues(new Uint8Array(6)), (byte) => TOKEN_LETTERS[byte % TOKEN_LETTERS.length]).join('');
    return new LaneKeeper({
      owner, spec: lanes[owner], token: random, canary: this.#options, judge: this.#judge, relay, startLane: this.#parts.startLane, pace: this.#pace,
      socketBase: this.#paths.socketBase, snapshotFolder: keepsSnapshots(lanes[owner]) ? this.#paths.snapshotFolder(owner) : null, resumeCause: this.#options.resumeCause ?? 0,
      onLife: (lane, life, reason) => {
        this.#tell(life !== 'up' ? 'crash' : reason === 'started' ? 'note' : 'restart', `${lane} ${life}`, reason);
        this.#snapshot();
        if (life === 'ended' && lane === 'legacy') this.#end(`legacy ends again and again: ${reason}`);
      },
      onWrong: (lane, error) => {
        this.#faults.push(error.detail);
        this.#tell('note', `${lane} answered what cannot be released`, error.detail.seen ?? '');
      },
      onOversized: (input) => {
        this.#oversized += 1;
        if (this.#oversized === 1) this.#tell('note', 'an input is given to neither lane', `input ${input.inputSeq} is above 1 MiB`);
      },
    });
  }

  #keeper(owner: Owner): LaneKeeper {
    return this.#keepers.get(owner) as LaneKeeper;
  }

  // ---- running

  #operate(command: 'start' | 'rollback', reason: string): void {
    this.#wish = {kind: 'operator', command, reason};
    this.#controller.tell(this.#wish);
  }

  readonly onSettled = (): void => {
    for (const keeper of this.#keepers.values()) keeper.roomAgain();
  };

  #snapshot(): void {
    if (this.#keepers.size < OWNERS.length) return;
    const [legacy, candidate] = [this.#keeper('legacy'), this.#keeper('candidate')];
    const evidence = this.#judge.evidence();
    // What legacy sends and nobody can release is lost to the downstream: no candidate may be promoted on that.
    const outcome = legacy.untagged > 0 && evidence?.outcome === 'pass' ? 'error' : evidence?.outcome ?? 'no-data';
    this.#controller.tell({
      kind: 'snapshot', lives: {legacy: legacy.life, candidate: candidate.life}, lagInputs: legacy.watermark - candidate.watermark, replayInputs: Math.max(legacy.behind, candidate.behind),
      messages: evidence?.messages ?? 0,
      evidence: evidence === null ? null : {outcome, hash: evidence.hash, atMs: nowMs() - evidence.ageMs},
    } satisfies ControllerWord);
  }

  #gateSays(line: Record<string, unknown>): void {
    const {notice, crashpoint} = line as {notice?: {kind: string; partition: string; text: string}; crashpoint?: string};
    if (crashpoint !== undefined) this.#options.planted?.onCrashpoint?.(crashpoint);
    if (notice === undefined || notice.kind === 'handed-over') return;
    const kind = notice.kind === 'kill' ? 'kill' : notice.kind === 'ownership' || notice.kind === 'stall' ? 'note' : 'halt';
    if (notice.kind === 'journal') this.#end(notice.text);
    this.#tell(kind, `gate: ${notice.kind}${notice.partition === '' ? '' : ` ${notice.partition}`}`, notice.text);
  }

  #controllerSays(line: Record<string, unknown>): void {
    const {event, crashpoint} = line as {event?: Pick<CanaryEvent, 'kind' | 'stage' | 'share' | 'action' | 'reason'>; crashpoint?: string};
    if (crashpoint !== undefined) this.#options.planted?.onCrashpoint?.(crashpoint);
    if (event === undefined) return;
    this.#stageView = {stage: event.stage, share: event.share};
    // A `start` holds until something goes back, a `rollback` until all of it is back.
    if (event.kind === 'rollback' && (this.#wish?.command === 'start' || event.stage === 'SHADOW')) this.#wish = null;
    this.#tell(event.kind, event.action, event.reason);
  }

  #tell(kind: CanaryEvent['kind'], action: string, reason: string): void {
    const accounts = this.#view?.accounts;
    const event: CanaryEvent = {tWallMs: Date.now(), kind, ...this.#stageView, action, reason, released: accounts?.released ?? 0, suppressed: accounts?.suppressed ?? 0};
    this.#timeline.add(event);
    if (this.#timeline.failure !== null) this.#end(`the timeline cannot be written: ${this.#timeline.failure}`);
    this.#options.onEvent?.(event);
  }

  #end(reason: string): void {
    this.endedBy ??= reason;
  }
}
