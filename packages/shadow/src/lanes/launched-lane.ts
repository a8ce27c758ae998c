import {TandemError, type LaneHealth, type LaneName, type LaunchLane} from '@tandem/contract';
import {readFile} from 'node:fs/promises';
import type {FeedInput} from '../flow/feed-input.ts';
import type {SentInput} from '../flow/sent-input.ts';
import {Barriers} from './barrier.ts';
import type {FinishReport, Lane, LaneOptions} from './lane.ts';
import {exitWords, faultError, type LaneFault, type LaneFaultKind} from './lane-fault.ts';
import type {LaneProcess} from './lane-process.ts';
import {connectLaneSockets, type LaneSockets} from './lane-sockets.ts';
import {monoNs} from './monotonic-clock.ts';
import {OutputIntake, type BarrierAnswer} from './output-intake.ts';
import {ProgressWatch} from './progress-watch.ts';
import {Settlement} from './settlement.ts';
import type {SocketFolder} from './socket-folder.ts';
import {waitWithin} from './wait-within.ts';

const TICK_MS = 25;
const STATS_BYTES_MAX = 1024 * 1024;
/** A lane that dies closes its output first: wait so long for the exit before blaming the socket. */
const EXIT_AFTER_CLOSE_MS = 500;

/** What a running lane is made of. */
export interface LaneParts {
  readonly spec: LaunchLane;
  readonly options: LaneOptions;
  readonly process: LaneProcess;
  readonly folder: SocketFolder;
}

/** A program that we started: feeds it, takes its outputs, notices when it fails, ends it. */
export class LaunchedLane implements Lane {
  readonly name: LaneName;
  readonly label: string;
  readonly pid: number;
  heldCount = 0;
  readonly #spec: LaunchLane;
  readonly #options: LaneOptions;
  readonly #process: LaneProcess;
  readonly #folder: SocketFolder;
  readonly #barriers: Barriers;
  readonly #settlement = new Settlement();
  readonly #watch: ProgressWatch;
  #sockets: LaneSockets | null = null;
  #intake: OutputIntake | null = null;
  #timer: NodeJS.Timeout | null = null;
  #fault: LaneFault | null = null;
  #stopping: Promise<LaneHealth> | null = null;
  /** one writer at a time on the socket: a feed or a barrier out of turn */
  #writing: Promise<void> | null = null;
  #barriersSent = 0;
  #barrierAfter = 0;
  #lastSentNs = 0;
  #firstBareNs = 0;
  #acknowledges = false;
  #stats: unknown = null;

  constructor(parts: LaneParts) {
    this.#spec = parts.spec;
    this.#options = parts.options;
    this.#process = parts.process;
    this.#folder = parts.folder;
    this.name = parts.spec.name;
    this.label = parts.spec.label;
    this.pid = parts.process.pid;
    this.#barriers = new Barriers(parts.options.token);
    this.#watch = new ProgressWatch(parts.options.hungAfterMs, TICK_MS);
  }

  get sent(): number {
    return this.#settlement.sent;
  }

  get settled(): number {
    return this.#settlement.settled;
  }

  get fault(): LaneFault | null {
    return this.#fault;
  }

  /** Connects to the ready program and starts to listen. */
  async connect(): Promise<void> {
    const {outputBytesMax, onOutputs} = this.#options;
    const sockets = await connectLaneSockets({
      inEndpoint: this.#folder.inEndpoint, outEndpoint: this.#folder.outEndpoint,
      // Twice the limit: an output just above it still arrives, and the fault can say how big it was.
      messageBytesMax: 2 * outputBytesMax,
      onOutputClosed: () => void this.#outputClosed(),
    });
    this.#sockets = sockets;
    this.#intake = new OutputIntake({
      lane: this.name, receive: () => sockets.receive(), barriers: this.#barriers, outputBytesMax, onOutputs,
      onAnswer: (answer) => this.#answered(answer),
      onFault: (kind, seen) => this.#fail(kind, seen),
    });
    void this.#intake.run();
    void this.#process.exited.then(() => this.#exited());
    this.#timer = setInterval(() => this.#tick(), TICK_MS);
    this.#timer.unref();
  }

  async send(inputs: readonly FeedInput[], plannedNs: readonly (number | null)[]): Promise<readonly SentInput[]> {
    while (this.#writing !== null) await this.#writing;
    let free: () => void = () => undefined;
    this.#writing = new Promise((resolve) => {
      free = resolve;
    });
    const sent: SentInput[] = [];
    let told = 0;
    try {
      for (const [index, input] of inputs.entries()) {
        if (this.#windowFull()) {
          this.heldCount += 1;
          told = this.#tellSent(sent, told);
          await this.#settlement.when(this.#settlement.sent - this.#options.inFlightMax + 1);
        }
        const sentNs = await this.#write(input.frames ?? input.payload);
        if (this.#settlement.sent === this.#barrierAfter) this.#firstBareNs = sentNs;
        this.#settlement.note(input.inputSeq);
        this.#lastSentNs = sentNs;
        sent.push({lane: this.name, inputSeq: input.inputSeq, plannedNs: plannedNs[index] ?? sentNs, sentNs});
        await this.#barrierInTurn();
      }
      return sent;
    } finally {
      this.#tellSent(sent, told);
      this.#writing = null;
      free();
    }
  }

  acknowledge(inputSeq: number): void {
    this.#acknowledges = true;
    this.#settlement.acknowledge(inputSeq);
  }

  whenSettled(count: number): Promise<void> {
    return this.#settlement.when(count);
  }

  async finish(timeoutMs: number): Promise<FinishReport> {
    const report = (settled: boolean, reason: string): FinishReport => ({settled, watermark: this.#settlement.settledSeq, reason});
    const startNs = monoNs();
    const leftMs = (): number => Math.max(0, timeoutMs - (monoNs() - startNs) / 1e6);
    try {
      if (this.#spec.watermark.kind === 'barrier') {
        // A barrier of its own, so that there is a state digest at the very end.
        const done = waitWithin(this.#barrierNow(true), leftMs()).then((inTime) => inTime && waitWithin(this.#lastAnswer(), leftMs()));
        if (!await done) return report(false, this.#fault?.error.detail.what ?? `no answer to the last test request within ${timeoutMs} ms`);
      } else if (!await waitWithin(this.#settlement.when(this.#settlement.sent), leftMs())) {
        return report(false, `outputs still came after ${timeoutMs} ms`);
      }
    } catch (error) {
      return report(false, (error as Error).message);
    }
    if (this.#fault !== null) return report(false, this.#fault.error.detail.what);
    return report(this.#settlement.open === 0, 'every input was answered for');
  }

  stop(): Promise<LaneHealth> {
    this.#stopping ??= this.#stop();
    return this.#stopping;
  }

  health(): LaneHealth {
    const {exit} = this.#process;
    return {
      lane: this.name, label: this.label,
      state: this.#fault === null ? 'ok' : this.#fault.kind === 'hung' ? 'hung' : 'crashed',
      exitCode: exit?.exitCode ?? null, signal: exit?.signal ?? null, restarts: 0,
      stderrTail: this.#process.stderr.lines(),
      sent: this.#settlement.sent, outputs: this.#intake?.outputs ?? 0, watermark: this.#settlement.settledSeq,
    };
  }

  stats(): unknown {
    return this.#stats;
  }

  // ---- feeding

  #windowFull(): boolean {
    // Without anybody who acknowledges, an in-order lane is bounded by its socket alone.
    if (this.#spec.watermark.kind === 'in-order' && !this.#acknowledges) return false;
    return this.#settlement.open >= this.#options.inFlightMax;
  }

  /** Returns the time of the send call that succeeded. */
  async #write(message: Uint8Array | readonly Uint8Array[]): Promise<number> {
    for (;;) {
      if (this.#process.exit !== null) await this.#exited();
      if (this.#fault !== null) throw this.#fault.error;
      if (this.#sockets === null || this.#stopping !== null) throw new TandemError({id: 'TDM-E223', kind: 'cancel', what: `The ${this.name} lane is stopped.`});
      const sentNs = monoNs();
      if (await this.#sockets.send(message)) return sentNs;
      this.heldCount += 1;
    }
  }

  #tellSent(sent: readonly SentInput[], told: number): number {
    if (sent.length > told) this.#options.onSent?.(told === 0 ? sent : sent.slice(told));
    return sent.length;
  }

  // ---- settling

  async #barrierInTurn(): Promise<void> {
    const {watermark} = this.#spec;
    if (watermark.kind !== 'barrier' || this.#settlement.sent % watermark.everyMessages !== 0) return;
    const {stateHashEvery} = this.#options;
    const turn = this.#settlement.sent / watermark.everyMessages;
    // By position alone, so that both lanes are asked for their digest after the same input.
    await this.#writeBarrier(stateHashEvery > 0 && turn % stateHashEvery === 0);
  }

  async #writeBarrier(wantsHash: boolean): Promise<void> {
    const request = this.#barriers.make({inputSeq: this.#settlement.sentSeq, sentBefore: this.#settlement.sent, wantsHash});
    this.#barriersSent += 1;
    this.#barrierAfter = this.#settlement.sent;
    await this.#write(request);
  }

  /** A barrier out of turn; waits for whoever writes. */
  async #barrierNow(wantsHash: boolean): Promise<void> {
    while (this.#writing !== null) await this.#writing;
    const writing = this.#writeBarrier(wantsHash);
    this.#writing = writing.catch(() => undefined);
    try {
      await writing;
    } finally {
      this.#writing = null;
    }
  }

  #lastAnswer(): Promise<void> {
    return new Promise((resolve) => {
      const poll = setInterval(() => {
        if (this.#barriers.openCount > 0 && this.#fault === null && this.#stopping === null) return;
        clearInterval(poll);
        resolve();
      }, 2);
    });
  }

  #answered(answer: BarrierAnswer): void {
    const {inputSeq, sentBefore} = answer.barrier;
    this.#settlement.advance(sentBefore, inputSeq);
    this.#options.onWatermark({lane: this.name, inputSeq, refSeq: answer.refSeq, stateHash: answer.stateHash, tMonoNs: answer.tMonoNs, by: 'barrier'});
  }

  // ---- watching

  #tick(): void {
    if (this.#fault !== null || this.#stopping !== null) return;
    const nowNs = monoNs();
    const {open, settled, sent, sentSeq} = this.#settlement;
    const outputs = this.#intake?.outputs ?? 0;
    const {watermark} = this.#spec;
    if (watermark.kind === 'in-order') {
      const quietNs = nowNs - Math.max(this.#lastSentNs, this.#intake?.lastNs ?? 0);
      if (open > 0 && this.#writing === null && quietNs >= watermark.silenceMs * 1e6) {
        this.#settlement.advance(sent, sentSeq);
        this.#options.onWatermark({lane: this.name, inputSeq: sentSeq, refSeq: null, stateHash: null, tMonoNs: nowNs, by: 'silence'});
      }
      return;
    }
    if (sent > this.#barrierAfter && this.#writing === null && nowNs - this.#firstBareNs >= this.#options.idleBarrierMs * 1e6) {
      this.#barrierNow(false).catch(() => undefined); // its failure is the lane's fault, told by onFault
    }
    const seen = this.#watch.look({nowNs, open: Math.max(open, this.#barriers.openCount), settled, outputs});
    if (seen !== null) this.#fail('hung', seen);
  }

  async #exited(): Promise<void> {
    await this.#process.stderrClosed();
    const {exit} = this.#process;
    this.#fail('exited', `${exitWords(exit?.exitCode ?? null, exit?.signal ?? null)} after ${this.#settlement.sent} inputs`);
  }

  async #outputClosed(): Promise<void> {
    if (this.#stopping !== null) return;
    if (await waitWithin(this.#process.exited, EXIT_AFTER_CLOSE_MS)) return;
    this.#fail('output-closed', `the connection to its output ended while the process lives; a message above ${2 * this.#options.outputBytesMax} bytes does that too`);
  }

  #fail(kind: LaneFaultKind, seen: string): void {
    if (this.#fault !== null || this.#stopping !== null) return;
    this.#fault = {kind, error: faultError(this.#process.evidence(), kind, seen), tMonoNs: monoNs()};
    this.#settlement.end();
    this.#options.onFault?.(this.#fault);
  }

  // ---- ending

  async #stop(): Promise<LaneHealth> {
    if (this.#timer !== null) clearInterval(this.#timer);
    this.#settlement.end();
    await this.#process.stop(this.#options.grace);
    this.#sockets?.close();
    this.#stats = await readStats(this.#folder.statsFile);
    await this.#folder.remove();
    return this.health();
  }
}

async function readStats(file: string): Promise<unknown> {
  try {
    const text = await readFile(file);
    return text.length > STATS_BYTES_MAX ? null : JSON.parse(text.toString('utf8')) as unknown;
  } catch {
    return null;
  }
}
