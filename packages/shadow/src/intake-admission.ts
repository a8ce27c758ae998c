import type {CapturedMessage, ErrorDetail, GapRecord} from '@tandem/contract';
import type {InputOrder} from './canary/input-order.ts';
import type {TapSink} from './tap/tap.ts';

/** stream of inputs that were taken when no lane could be given them any more; no reader of inputs sees it */
export const WITHHELD = 'out/withheld';
const NOTHING = new Uint8Array(0);

export interface AdmissionOptions {
  /** knows the numbers of what came before */
  readonly order: InputOrder;
  /** inputs carry numbers of their own */
  readonly isNumbered: boolean;
  readonly onNotice: (line: string) => void;
  /** it cannot go on; what comes from now on is given to no lane */
  readonly onEnd: (why: ErrorDetail) => void;
}

/** Stands between taps and log: leaves out what was said twice, states what the numbers show to be missing, and keeps apart what comes too late. */
export class IntakeAdmission {
  readonly #options: AdmissionOptions;
  /** positions that are added or taken away, by stream */
  readonly #shifts = new Map<string, number>();
  #hole: GapRecord | null = null;
  #isOver = false;
  logged = 0;
  withheld = 0;
  readonly gaps = {records: 0, messages: 0, unknown: 0};

  constructor(options: AdmissionOptions) {
    this.#options = options;
  }

  before(sink: TapSink): TapSink {
    // whole messages are looked at, so none is handed over packed
    const {onPacked: _, ...rest} = sink;
    return {...rest, onMessages: (messages) => this.#admitAll(messages, sink), onGap: (gap) => { this.#lost(gap, sink); }};
  }

  /** Once; what comes from now on is withheld. */
  end(why: ErrorDetail): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#options.onEnd(why);
  }

  #admitAll(messages: readonly CapturedMessage[], sink: TapSink): void | Promise<void> {
    let run: CapturedMessage[] = [];
    let wait: void | Promise<void> = undefined;
    for (const message of messages) {
      const {kind, missing} = this.#isOver ? {kind: 'new', missing: 0} : this.#options.order.admit(message.frames.at(-1) ?? NOTHING);
      if (kind === 'repeated') {
        this.#shift(message.stream, -1);
        continue;
      }
      if (this.#isOver) {
        this.withheld += 1;
        run.push({...message, stream: `${WITHHELD}/${message.stream}`});
        continue;
      }
      if (missing > 0 || this.#hole !== null) {
        // what came before the hole goes out before it
        if (run.length > 0) wait = sink.onMessages(run);
        run = [];
        this.#state(message, missing, sink);
      }
      this.logged += 1;
      if (this.logged === 1) this.#options.onNotice(`first live input${this.#options.isNumbered ? ` has number ${this.#options.order.last}` : ''}`);
      if (kind === 'behind' && this.#options.order.behind === 1) this.#options.onNotice(`an input's number is not above ${this.#options.order.last}; both systems get it all the same, but an answer to it cannot be released`);
      run.push({...message, seq: message.seq + this.#shift(message.stream, 0)});
    }
    return run.length > 0 ? sink.onMessages(run) : wait;
  }

  /** A link that broke may have lost nothing: where inputs are numbered the next number says how much. */
  #lost(gap: GapRecord, sink: TapSink): void {
    if (this.#options.isNumbered && gap.count === null) this.#hole = gap;
    else this.#write({...gap, afterSeq: gap.afterSeq + this.#shift(gap.stream, 0)}, sink);
  }

  #state({stream, epoch, seq, tMonoNs}: CapturedMessage, missing: number, sink: TapSink): void {
    const reason = this.#hole?.reason ?? (this.logged === 0 ? 'between the capture and the first live input' : 'numbers of the inputs were left out');
    this.#hole = null;
    if (missing === 0) return;
    this.#write({stream, epoch, afterSeq: seq - 1 + this.#shift(stream, 0), count: missing, reason, tMonoNs}, sink);
    this.#shift(stream, missing);
  }

  #write(gap: GapRecord, sink: TapSink): void {
    this.gaps.records += 1;
    if (gap.count === null) this.gaps.unknown += 1;
    else this.gaps.messages += gap.count;
    sink.onGap(gap);
    this.#options.onNotice(`${gap.count ?? 'an unknown number of'} live inputs are missing: ${gap.reason}`);
  }

  #shift(stream: string, by: number): number {
    const shift = (this.#shifts.get(stream) ?? 0) + by;
    this.#shifts.set(stream, shift);
    return shift;
  }
}
