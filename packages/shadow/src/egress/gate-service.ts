import {monoNowNs} from '../endpoint/mono-clock.ts';
import type {ControlAnswer, ControlRequest, KillMode} from '../flow/ownership-control.ts';
import {openControlServer, type ControlServer} from './control-server.ts';
import type {Crashpoints} from './crashpoint.ts';
import {DownstreamLink} from './downstream-link.ts';
import {cutRecords, hasUrgent} from './gate-core-journal.ts';
import {inDoubtPartitions, resolveInDoubt} from './gate-core-recovery.ts';
import {GATE_RULES} from './gate-core-rules.ts';
import {createGateState, type GateCommand, type GateNotice, type GateState, type QueuedRecord, type TakenIntent} from './gate-core-state.ts';
import {gateStep, gateView, type GateEvent} from './gate-core.ts';
import {appendRecords, openGateJournal, type GateJournal} from './gate-journal.ts';
import {gateConfig, type GateSettings} from './gate-settings.ts';
import type {JournalFile} from './journal-file.ts';
import {watchKill, type KillWatch} from './kill-watch.ts';
import {openRelayPort, type RelayPort} from './relay-port.ts';

/** A confirmation that nothing else carries to disk waits at most so long for company. */
const CONFIRM_GROUP_MS = 5;
const SWEEP_MS = 50;
const VIEW_EVERY_SWEEPS = 2;
/** a downstream that stalls must not hold up the acknowledgement; what is on its way to it is told instead */
const KILL_CONFIRM_MS = 30;
/** a disk that stalls must not hold it up either */
const KILL_CUT_MS = 25;
const DRAIN_MS = 5000;
const PARTITIONS_SHOWN = 10_000;

export interface GateServiceOptions {
  readonly settings: GateSettings;
  readonly crashpoints: Crashpoints;
  readonly onNotice: (notice: GateNotice) => void;
  /** a defect of our own, or the downstream is lost: end at once, the next process begins from the journal */
  readonly onBroken: (error: unknown) => void;
}

/** Gives the gate's core its sockets, its disk and its clock. */
export class GateService {
  readonly #options: GateServiceOptions;
  readonly #journal: JournalFile;
  readonly #lock: GateJournal['lock'];
  readonly #state: GateState;
  readonly #downstream: DownstreamLink;
  #relay: RelayPort | null = null;
  #control: ControlServer | null = null;
  readonly #kill: KillWatch;
  #timers: NodeJS.Timeout[] = [];
  readonly #answers = new Map<number, (answer: ControlAnswer) => void>();
  readonly #killWaiters: (() => void)[] = [];
  #requests = 0;
  #writing: Promise<void> | null = null;
  #confirmTimer: NodeJS.Timeout | null = null;
  #newestEpoch = 0;
  #sweeps = 0;

  private constructor(options: GateServiceOptions, parts: Omit<GateJournal, 'folded'> & {state: GateState; downstream: DownstreamLink; kill: KillWatch}) {
    this.#options = options;
    this.#journal = parts.journal;
    this.#lock = parts.lock;
    this.#state = parts.state;
    this.#downstream = parts.downstream;
    this.#kill = parts.kill;
    this.#newestEpoch = parts.state.epoch;
  }

  get session(): number {
    return this.#state.session;
  }

  /** Recovers from the journal, resolves what is in doubt, then opens for business. */
  static async start(options: GateServiceOptions): Promise<GateService> {
    const {settings} = options;
    // First of all: a kill that comes while the gate starts is not lost.
    const early: [KillMode, string][] = [];
    let service: GateService | null = null;
    const kill = watchKill(settings.killFile, (mode, actor) => {
      if (service === null) early.push([mode, actor]);
      else void service.#killNow(mode, actor);
    });
    const {journal, folded, lock} = await openGateJournal(settings);
    const downstream = await DownstreamLink.open({address: settings.downstreamEndpoint, gate: settings.gate, session: folded.session}, {
      onConfirmed: (through) => service?.step({kind: 'confirmed', through}),
      onFault: (error) => service?.step({kind: 'journal-failed', reason: error.detail.what}),
      onBroken: options.onBroken, onLost: options.onBroken,
    });
    const doubtful = settings.inDoubt === 'query' ? inDoubtPartitions(folded).map(({partition}) => partition) : [];
    const answers = await downstream.lastOf(doubtful);
    await appendRecords({journal, folded}, resolveInDoubt(folded, settings.inDoubt, answers));
    service = new GateService(options, {journal, lock, state: createGateState(gateConfig(settings), folded, GATE_RULES), downstream, kill});
    for (const [mode, actor] of early) void service.#killNow(mode, actor);
    await service.#open();
    return service;
  }

  async #open(): Promise<void> {
    const {settings} = this.#options;
    this.#control = await openControlServer(settings.controlSocket, (request) => this.#handle(request));
    this.#relay = await openRelayPort(settings.relayEndpoint, this.#state.session, {
      onBurst: (apply) => {
        this.#tellTime();
        apply((event) => this.step(event));
        this.#pump();
      },
      onFault: this.#options.onBroken,
    });
    this.#timers.push(setInterval(() => this.#sweep(), SWEEP_MS));
  }

  /** One event into the core, its commands out. */
  step(event: GateEvent): void {
    const out: GateCommand[] = [];
    gateStep(this.#state, event, out);
    for (const command of out) this.#obey(command);
    if (event.kind === 'confirmed') this.#planConfirm();
  }

  #obey(command: GateCommand): void {
    switch (command.kind) {
      case 'send': this.#send(command.intent); return;
      case 'resync': this.#relay?.resync(command.lane); return;
      case 'answer':
        this.#answers.get(command.requestId)?.(command.answer);
        this.#answers.delete(command.requestId);
        return;
      case 'kill-drained': for (const waiter of this.#killWaiters.splice(0)) waiter(); return;
      case 'notice': this.#options.onNotice(command.notice);
    }
  }

  #send(intent: TakenIntent): void {
    this.#options.crashpoints.reach('release-after-fsync');
    this.#downstream.send(intent);
    this.#options.crashpoints.reach('release-after-send');
    if (intent.epoch <= this.#newestEpoch) return;
    this.#newestEpoch = intent.epoch;
    this.#options.crashpoints.reach('after-first-release');
  }

  /** Writes whatever is ready; while one group is on its way to disk the next one gathers. */
  #pump(): void {
    if (this.#writing !== null || this.#state.journalFailed !== null || !hasUrgent(this.#state)) return;
    this.#writing = this.#write().finally(() => {
      this.#writing = null;
      this.#pump();
    });
  }

  async #write(): Promise<void> {
    const {crashpoints} = this.#options;
    const cut = cutRecords(this.#state);
    if (cut.length === 0) return;
    const change = cut.find(({record}) => record.kind === 'ownership');
    try {
      await this.#journal.write(cut.map(({record}) => record), {
        written: () => crashpoints.reach(change === undefined ? 'release-after-write' : 'after-write'),
      });
    } catch (error) {
      this.step({kind: 'journal-failed', reason: (error as Error).message});
      return;
    }
    if (change !== undefined) this.#changeIsDurable(change);
    this.#tellTime();
    this.step({kind: 'durable', records: cut.length});
    this.#relay?.tellSettled(this.#state);
  }

  #changeIsDurable(change: QueuedRecord): void {
    const {crashpoints} = this.#options;
    crashpoints.reach('after-fsync');
    if (change.record.kind === 'ownership' && change.record.stage === 'ROLLING_BACK') crashpoints.reach('during-rollback');
    if (this.#state.waiting.size > 0) crashpoints.reach('during-hold');
  }

  #planConfirm(): void {
    this.#confirmTimer ??= setTimeout(() => {
      this.#confirmTimer = null;
      if (this.#writing !== null) this.#planConfirm();
      else if (this.#state.confirmed > this.#state.cutConfirmed) this.#writing = this.#write().finally(() => { this.#writing = null; this.#pump(); });
    }, CONFIRM_GROUP_MS);
  }

  #sweep(): void {
    this.#tellTime();
    this.step({kind: 'sweep'});
    this.#pump();
    this.#relay?.tellSettled(this.#state);
    this.#sweeps += 1;
    if (this.#sweeps % VIEW_EVERY_SWEEPS === 0) this.#relay?.tellView(gateView(this.#state, 0));
  }

  #tellTime(): void {
    this.step({kind: 'time', nowMs: monoNowNs() / 1e6});
  }

  async #handle(request: ControlRequest): Promise<ControlAnswer> {
    switch (request.kind) {
      case 'status': return {kind: 'status', view: gateView(this.#state, PARTITIONS_SHOWN)};
      case 'kill': return await this.#killNow(request.mode, request.actor);
      case 'propose': {
        const {crashpoints} = this.#options;
        this.#requests += 1;
        const requestId = this.#requests;
        const answer = new Promise<ControlAnswer>((resolve) => this.#answers.set(requestId, resolve));
        crashpoints.reach('before-intent');
        this.step({kind: 'propose', requestId, request});
        crashpoints.reach('after-intent');
        this.#pump();
        return await answer;
      }
    }
  }

  /** Fences in memory at once; acknowledged when nothing of the candidate is left to leave. */
  async #killNow(mode: KillMode, actor: string): Promise<ControlAnswer> {
    const startNs = monoNowNs();
    const drained = new Promise<void>((resolve) => this.#killWaiters.push(resolve));
    this.step({kind: 'kill', mode, actor});
    this.#pump();
    const cut = setTimeout(() => this.step({kind: 'kill-cut'}), KILL_CUT_MS);
    await drained;
    clearTimeout(cut);
    const unconfirmed = (): number => this.#state.unconfirmed.filter(({lane}) => lane === 'candidate').length;
    while (unconfirmed() > 0 && monoNowNs() - startNs < KILL_CONFIRM_MS * 1e6) await new Promise((resolve) => setTimeout(resolve, 1));
    const tookMs = (monoNowNs() - startNs) / 1e6;
    const open = unconfirmed();
    const candidateEffects = this.#state.counts.releasedBy.candidate + open;
    const text = `${mode} by ${actor} acknowledged after ${tookMs.toFixed(1)} ms: ${candidateEffects} effects of the candidate ever, ${open} not confirmed yet`;
    this.#options.onNotice({kind: 'kill', partition: '', text});
    return {kind: 'killed', mode, tookMs, candidateEffects, unconfirmed: open};
  }

  /** An orderly end: what is taken goes out and is confirmed, then the journal says so. */
  async stop(): Promise<void> {
    for (const timer of this.#timers) clearInterval(timer);
    this.#kill.close();
    await this.#control?.close();
    const state = this.#state;
    const deadlineNs = monoNowNs() + DRAIN_MS * 1e6;
    while (state.journalFailed === null && monoNowNs() < deadlineNs && (hasUrgent(state) || state.awaitingDurable.length + state.unconfirmed.length > 0)) {
      this.#pump();
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
    if (this.#writing !== null) await this.#writing;
    if (this.#confirmTimer !== null) clearTimeout(this.#confirmTimer);
    if (state.journalFailed === null && state.unconfirmed.length === 0) {
      const rest = cutRecords(state).map(({record}) => record);
      await this.#journal.write([...rest, {kind: 'close', confirmed: state.confirmed}]);
      this.step({kind: 'durable', records: rest.length});
    }
    this.#relay?.tellSettled(state);
    this.#relay?.tellView(gateView(state, 0));
    await this.#relay?.close();
    // What is still on its way must not come behind the goodbye.
    if (state.unconfirmed.length === 0) this.#downstream.sayBye();
    await this.#downstream.flush(1000);
    this.#downstream.close();
    await this.#journal.close();
    this.#lock.release();
  }
}
