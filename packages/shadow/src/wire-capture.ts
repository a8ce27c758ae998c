import {TandemError, type ErrorDetail} from '@tandem/contract';
import {CaptureEnding, discardEmpty, followed} from './capture-core.ts';
import type {LiveCapture, LiveCaptureOptions} from './capture-port.ts';
import {logInputs} from './log-inputs.ts';
import {openLogReader} from './log/log-reader.ts';
import {sumStats} from './tap/sum-stats.ts';
import type {TapReady, TapStats} from './tap/tap.ts';
import {wireProof} from './tap/wire/wire-proof.ts';
import type {WireEnd, WireInput, WireReport, WireSettings} from './tap/wire/wire-settings.ts';
import {wireSilence} from './tap/wire/wire-silence.ts';
import {WireSupervisor} from './tap/wire/wire-supervisor.ts';

/** A capture by the process of the wire tap: it writes the log by itself, here it is started, listened to and told to stop. */
export const startWireCapture = async (options: LiveCaptureOptions): Promise<LiveCapture> => {
  const {inputs, folder, signal} = options;
  const capture = new WireCapture(options, settingsOf(options));
  signal.addEventListener('abort', () => { capture.stop(); }, {once: true});
  if (signal.aborted) capture.stop();
  await capture.listening;
  return {
    ready: capture.ready, done: capture.done, stats: () => capture.stats, stop: () => { capture.stop(); },
    inputs: async () => followed(await logInputs(folder, {follow: true, ranked: inputs.length > 1}), capture.ending),
  };
};

const settingsOf = ({inputs, folder, log = {}, redaction, messages, durationMs, detachMs = null}: LiveCaptureOptions): WireSettings => {
  const {segmentBytes, segmentMs, sync, retention} = log;
  return {
    wires: inputs.filter((input): input is WireInput => input.listen !== undefined), subscriptions: inputs.filter(({listen}) => listen === undefined), spliceOnly: false, detachMs,
    log: {
      folder, messages, durationMs, redaction: redaction === undefined ? null : {plan: redaction.plan, keyHex: Buffer.from(redaction.key).toString('hex'), rewriters: redaction.rewriters ?? null},
      ...(segmentBytes === undefined ? {} : {segmentBytes}), ...(segmentMs === undefined || segmentMs === Infinity ? {} : {segmentMs}), ...(sync === undefined ? {} : {sync}), ...(retention === undefined ? {} : {retention}),
    },
  };
};

class WireCapture {
  readonly ending = new CaptureEnding();
  readonly listening: Promise<readonly string[]>;
  readonly ready: Promise<TapReady>;
  readonly done: LiveCapture['done'];
  readonly #options: LiveCaptureOptions;
  readonly #supervisor: WireSupervisor;
  #isListening: (endpoints: readonly string[]) => void = () => undefined;
  #isReady: (ready: TapReady) => void = () => undefined;
  #fail: ((error: TandemError) => void)[] = [];
  #sealed: (report: Extract<WireReport, {kind: 'sealed'}>) => void = () => undefined;
  #threadStats: TapStats = sumStats([]);
  #wires: readonly WireEnd[] = [];
  #isOver = false;

  constructor(options: LiveCaptureOptions, settings: WireSettings) {
    this.#options = options;
    const settled = <T>(keep: (done: (value: T) => void) => void): Promise<T> => {
      const promise = new Promise<T>((done, failed) => {
        keep(done);
        this.#fail.push(failed);
      });
      promise.catch(() => undefined);
      return promise;
    };
    this.listening = settled((done) => { this.#isListening = done; });
    this.ready = settled((done) => { this.#isReady = done; });
    this.done = this.#finish(settled((done) => { this.#sealed = done; }));
    this.done.catch(() => undefined);
    this.#supervisor = new WireSupervisor({settings, onReport: (report) => { this.#report(report); }, onGone: (how) => { this.#gone(how); }});
  }

  get stats(): TapStats {
    return withWires(this.#threadStats, this.#wires);
  }

  stop(): void {
    this.#supervisor.stop();
  }

  #report(report: WireReport): void {
    switch (report.kind) {
      case 'listening': return this.#listens(report.endpoints);
      case 'ready': return this.#isReady(report.ready);
      case 'notice': return this.#options.onNotice(report.line);
      case 'stats': case 'sealed':
        this.#threadStats = report.stats;
        this.#wires = report.wires;
        if (report.kind === 'sealed') this.#sealed(report);
        return;
      case 'failed':
        if (report.wires.length > 0) this.#wires = report.wires;
        return this.#failed(report.detail);
    }
  }

  #listens(endpoints: readonly string[]): void {
    const {inputs, onNotice} = this.#options;
    const wires = inputs.filter(({listen}) => listen !== undefined);
    for (const [index, endpoint] of endpoints.entries()) onNotice(`tapping ${wires[index]?.stream ?? ''}: live peers connect to ${endpoint}, the tap (pid ${this.#supervisor.pid}) forwards to ${wires[index]?.endpoint ?? ''}`);
    this.#isListening(endpoints);
  }

  #failed(detail: ErrorDetail): void {
    if (this.#isOver) return;
    const error = new TandemError(detail);
    this.ending.fail(error);
    this.ending.giveUp();
    for (const fail of this.#fail) fail(error);
  }

  /** Live goes on; the log has no seal, and everything whole in it can be read. */
  #gone({words, measures}: {words: string; measures: string}): void {
    this.#options.onNotice(`the tap's process ended (${words}); ${measures}`);
    this.#failed({
      id: 'TDM-E289', kind: 'environment', what: 'The process of the tap ended before its time; live goes on without it.', where: this.#options.folder, seen: [words, measures].filter(Boolean).join('; '),
      likely: 'it was killed, or the machine ran out of memory', fix: 'everything whole in the log until then can be replayed, but it is not complete; start again into a new folder',
    });
  }

  async #finish(sealed: Promise<Extract<WireReport, {kind: 'sealed'}>>): LiveCapture['done'] {
    const {inputs, folder, messages} = this.#options;
    try {
      const {lastWords, hiding} = await sealed;
      const {stats} = this;
      const seal = (await openLogReader(folder).catch(() => null))?.seal ?? null;
      const silence = stats.messages > 0 ? null : wireSilence(this.#wires, lastWords);
      if (stats.messages === 0 && (seal?.messages ?? 0) === 0) await discardEmpty(folder);
      const proof = wireProof(this.#wires, {logged: seal?.messages ?? 0, limit: messages, subscriptions: inputs.some(({listen}) => listen === undefined)});
      return {seal: {messages: seal?.messages ?? 0, gaps: seal?.gaps ?? 0}, stats, streams: [stats], silence, proof: hiding === '' ? proof : {...proof, text: `${proof.text}; ${hiding}`},
        wires: this.#wires, tapPid: this.#supervisor.pid};
    } finally {
      this.#isOver = true;
      this.#supervisor.release();
    }
  }
}

/** What the thread of the log counts, and what only the thread that forwards knows. */
const withWires = (stats: TapStats, wires: readonly WireEnd[]): TapStats => {
  const sum = (value: (wire: WireEnd) => number): number => wires.reduce((total, wire) => total + value(wire), 0);
  return {...stats, connected: stats.connected + sum(({opened}) => opened), ready: stats.ready + sum(({seen}) => seen.handshakes), disconnected: stats.disconnected + sum(({opened, open}) => opened - open),
    retries: stats.retries + sum(({upstreamAbsent}) => upstreamAbsent), handshakeFailed: stats.handshakeFailed + sum(({seen}) => seen.misfits + seen.opaque)};
};
