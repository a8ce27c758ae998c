import {TandemError, type LaneHealth, type LaneName, type LaunchLane} from '@tandem/contract';
import type {FeedInput} from '../flow/feed-input.ts';
import type {SentInput} from '../flow/sent-input.ts';
import {Barriers} from './barrier.ts';
import {openDirectLink} from './direct-link/direct-link.ts';
import type {FinishReport, LaneOptions, StartedLane} from './lane.ts';
import type {LaneSnapshot} from './ready-line.ts';
import {exitWords, faultError, type LaneFault, type LaneFaultKind} from './lane-fault.ts';
import {LaneFeeder} from './lane-feeder.ts';
import type {LaneLink} from './lane-link.ts';
import type {LaneProcess} from './lane-process.ts';
import {readLaneStats} from './lane-stats.ts';
import {monoNs} from './monotonic-clock.ts';
import {OutputIntake, type BarrierAnswer} from './output-intake.ts';
import {ProgressWatch} from './progress-watch.ts';
import {Settlement} from './settlement.ts';
import type {SocketFolder} from './socket-folder.ts';
import {waitWithin} from './wait-within.ts';
import {openZeromqLink} from './zeromq-link.ts';

const TICK_MS = 25;
/** Short, so that a sender which waits for a full queue notices soon that its lane is gone. */
const SEND_TIMEOUT_MS = 200;
/** A lane that dies closes its sockets first: wait so long for the exit before blaming the socket. */
const EXIT_AFTER_CLOSE_MS = 500;

/** A pause of our own of this length may be what a lane with heartbeats gave up on; told when its connection ends so soon after. */
const PAUSE_MS = 1000;
const SOON_MS = 3000;

/** What a running lane is made of. */
export interface LaneParts {
  readonly spec: LaunchLane;
  readonly options: LaneOptions;
  readonly process: LaneProcess;
  readonly folder: SocketFolder;
}

/** Connects to a program that is ready. Throws what the link throws. */
export async function connectLane(parts: LaneParts): Promise<StartedLane> {
  const lane = new LaunchedLane(parts);
  await lane.connect();
  return lane;
}

/** A program that we started: feeds it, takes its outputs, notices when it fails, ends it. */
class LaunchedLane implements StartedLane {
  readonly name: LaneName;
  readonly label: string;
  readonly pid: number;
  readonly snapshot: LaneSnapshot;
  readonly #parts: LaneParts;
  readonly #barriers: Barriers;
  readonly #settlement = new Settlement();
  readonly #watch: ProgressWatch;
  readonly #intake: OutputIntake;
  #link: LaneLink | null = null;
  #feeder: LaneFeeder | null = null;
  #timer: NodeJS.Timeout | null = null;
  #fault: LaneFault | null = null;
  #tickedNs = 0;
  #pause = {ms: 0, endedNs: 0};
  #stopping: Promise<LaneHealth> | null = null;
  #stats: unknown = null;

  constructor(parts: LaneParts) {
    const {spec, options, process} = parts;
    this.#parts = parts;
    this.name = spec.name;
    this.label = spec.label;
    this.pid = process.pid;
    this.snapshot = process.snapshot;
    this.#barriers = new Barriers(options.token);
    this.#watch = new ProgressWatch(options.hungAfterMs, TICK_MS);
    this.#intake = new OutputIntake({
      lane: spec.name, barriers: this.#barriers, outputBytesMax: options.outputBytesMax, onOutputs: options.onOutputs,
      onAnswer: (answer) => this.#answered(answer), onFault: (kind, seen) => this.#fail(kind, seen),
    });
  }

  get sent(): number {
    return this.#settlement.sent;
  }

  get settled(): number {
    return this.#settlement.settled;
  }

  get heldCount(): number {
    return this.#feeder?.heldCount ?? 0;
  }

  get fault(): LaneFault | null {
    return this.#fault;
  }

  async connect(): Promise<void> {
    const {spec, options, process, folder} = this.#parts;
    const {inFlightMax, stateHashEvery, outputBytesMax, onSent} = options;
    const link = await (options.link === 'direct' ? openDirectLink : openZeromqLink)({
      inEndpoint: folder.inEndpoint, outEndpoint: folder.outEndpoint, sendTimeoutMs: SEND_TIMEOUT_MS,
      // Twice the limit: an output just above it still arrives, and the fault can say how big it was.
      messageBytesMax: 2 * outputBytesMax,
      onMessage: (payload, frames, tMonoNs) => this.#intake.take(payload, frames, tMonoNs),
      onClosed: (side, fault) => void this.#closed(side, fault),
    });
    this.#link = link;
    this.#feeder = new LaneFeeder({
      lane: spec.name, watermark: spec.watermark, link, barriers: this.#barriers, settlement: this.#settlement, inFlightMax, stateHashEvery, onSent,
      check: () => this.#check(),
    });
    void process.exited.then(() => this.#exited());
    this.#timer = setInterval(() => this.#tick(), TICK_MS);
    this.#timer.unref();
  }

  async send(inputs: readonly FeedInput[], plannedNs: readonly (number | null)[]): Promise<readonly SentInput[]> {
    return await this.#fed().send(inputs, plannedNs);
  }

  acknowledge(inputSeq: number): void {
    this.#fed().acknowledge(inputSeq);
  }

  whenSettled(count: number): Promise<void> {
    return this.#settlement.when(count);
  }

  async finish(timeoutMs: number): Promise<FinishReport> {
    const {settledSeq} = this.#settlement;
    const reason = await this.#drain(timeoutMs).catch((error: unknown) => (error as Error).message);
    if (reason !== null) return {settled: false, watermark: settledSeq, reason: this.#fault?.error.detail.what ?? reason};
    return {settled: this.#settlement.open === 0, watermark: this.#settlement.settledSeq, reason: 'every input was answered for'};
  }

  stop(): Promise<LaneHealth> {
    this.#stopping ??= this.#stop();
    return this.#stopping;
  }

  health(): LaneHealth {
    const {exit, stderr} = this.#parts.process;
    return {
      lane: this.name, label: this.label,
      state: this.#fault === null ? 'ok' : this.#fault.kind === 'hung' ? 'hung' : 'crashed',
      exitCode: exit?.exitCode ?? null, signal: exit?.signal ?? null, restarts: 0, stderrTail: stderr.lines(),
      sent: this.#settlement.sent, outputs: this.#intake.outputs, watermark: this.#settlement.settledSeq,
    };
  }

  stats(): unknown {
    return this.#stats;
  }

  #fed(): LaneFeeder {
    if (this.#feeder === null) throw new TandemError({id: 'TDM-E232', kind: 'invariant', what: `The ${this.name} lane is not connected.`});
    return this.#feeder;
  }

  /** Cheap: called for every message. */
  #check(): Promise<void> | null {
    if (this.#fault !== null) throw this.#fault.error;
    if (this.#stopping !== null) throw new TandemError({id: 'TDM-E231', kind: 'cancel', what: `The ${this.name} lane is stopped.`});
    if (this.#parts.process.exit === null) return null;
    return this.#exited().then(() => {
      if (this.#fault !== null) throw this.#fault.error;
    });
  }

  /** Null: everything was answered for. Else why not. */
  async #drain(timeoutMs: number): Promise<string | null> {
    const untilNs = monoNs() + timeoutMs * 1e6;
    const leftMs = (): number => Math.max(0, (untilNs - monoNs()) / 1e6);
    if (this.#parts.spec.watermark.kind === 'in-order') {
      return await waitWithin(this.#settlement.when(this.#settlement.sent), leftMs()) && this.#fault === null ? null : `outputs still came after ${timeoutMs} ms`;
    }
    // A barrier of its own, so that there is a state digest at the very end.
    const asked = this.#fed().barrier(true);
    const isAsked = await waitWithin(asked, leftMs());
    if (isAsked) await asked; // throws what stopped it
    const isAnswered = isAsked && await waitWithin(this.#barriers.whenNoneOpen(), leftMs());
    return isAnswered && this.#fault === null ? null : `no answer to the last test request within ${timeoutMs} ms`;
  }

  #answered(answer: BarrierAnswer): void {
    const {inputSeq, sentBefore} = answer.barrier;
    this.#settlement.advance(sentBefore, inputSeq);
    this.#parts.options.onWatermark({lane: this.name, inputSeq, refSeq: answer.refSeq, stateHash: answer.stateHash, tMonoNs: answer.tMonoNs, by: 'barrier', testReqId: answer.barrier.id});
  }

  #tick(): void {
    const feeder = this.#fed();
    if (this.#fault !== null || this.#stopping !== null) return;
    const nowNs = monoNs();
    this.#notePause(nowNs);
    const {open, settled} = this.#settlement;
    const {watermark} = this.#parts.spec;
    if (watermark.kind === 'in-order') {
      const quietNs = nowNs - Math.max(feeder.lastSentNs, this.#intake.lastNs);
      if (open > 0 && !feeder.isWriting && quietNs >= watermark.silenceMs * 1e6) this.#settleBySilence(nowNs);
      return;
    }
    // its failure is the lane's fault, told by onFault
    if (feeder.isBareFor(nowNs, this.#parts.options.idleBarrierMs)) feeder.barrier(false).catch(() => undefined);
    const seen = this.#watch.look({nowNs, open: Math.max(open, this.#barriers.openCount), settled, outputs: this.#intake.outputs});
    if (seen !== null) this.#fail('hung', seen);
  }

  #notePause(nowNs: number): void {
    const ms = (nowNs - this.#tickedNs) / 1e6;
    if (this.#tickedNs > 0 && ms >= PAUSE_MS) this.#pause = {ms, endedNs: nowNs};
    this.#tickedNs = nowNs;
  }

  #settleBySilence(tMonoNs: number): void {
    const {sent, sentSeq} = this.#settlement;
    this.#settlement.advance(sent, sentSeq);
    this.#parts.options.onWatermark({lane: this.name, inputSeq: sentSeq, refSeq: null, stateHash: null, tMonoNs, by: 'silence'});
  }

  async #exited(): Promise<void> {
    const {process} = this.#parts;
    await process.stderrClosed();
    this.#fail('exited', `${exitWords(process.exit?.exitCode ?? null, process.exit?.signal ?? null)} after ${this.#settlement.sent} inputs`);
  }

  async #closed(side: 'input' | 'output', fault: string | null): Promise<void> {
    if (this.#stopping !== null) return;
    if (fault !== null) return this.#fail(fault.startsWith('a message above') ? 'output-oversized' : 'protocol', fault);
    if (await waitWithin(this.#parts.process.exited, EXIT_AFTER_CLOSE_MS)) return;
    const nowNs = monoNs();
    this.#notePause(nowNs);
    const {ms, endedNs} = this.#pause;
    const paused = ms > 0 && nowNs - endedNs < SOON_MS * 1e6 ? `; this process had stood still for ${Math.round(ms)} ms just before, which heartbeats of the lane may not have borne` : '';
    this.#fail('closed', `the connection to its ${side} ended while the process lives${paused}`);
  }

  #fail(kind: LaneFaultKind, seen: string): void {
    if (this.#fault !== null || this.#stopping !== null) return;
    this.#fault = {kind, error: faultError(this.#parts.process.evidence(), kind, seen), tMonoNs: monoNs()};
    this.#settlement.end();
    this.#barriers.end();
    this.#parts.options.onFault?.(this.#fault);
  }

  async #stop(): Promise<LaneHealth> {
    const {process, folder, options} = this.#parts;
    if (this.#timer !== null) clearInterval(this.#timer);
    this.#settlement.end();
    this.#barriers.end();
    await process.stop(options.grace);
    this.#link?.close();
    this.#stats = await readLaneStats(folder.statsFile);
    await folder.remove();
    return this.health();
  }
}
