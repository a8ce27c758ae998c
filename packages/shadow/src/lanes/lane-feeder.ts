import type {LaneName, Watermark} from '@tandem/contract';
import type {FeedInput} from '../flow/feed-input.ts';
import type {SentInput} from '../flow/sent-input.ts';
import type {Barriers} from './barrier.ts';
import type {LaneLink} from './lane-link.ts';
import {monoNs} from './monotonic-clock.ts';
import type {Settlement} from './settlement.ts';

type Message = Uint8Array | readonly Uint8Array[];

export interface FeederOptions {
  readonly lane: LaneName;
  readonly watermark: Watermark;
  readonly link: LaneLink;
  readonly barriers: Barriers;
  readonly settlement: Settlement;
  readonly inFlightMax: number;
  readonly stateHashEvery: number;
  readonly onSent: ((sent: readonly SentInput[]) => void) | undefined;
  /** throws when the lane cannot go on; a promise when that is about to be known */
  readonly check: () => Promise<void> | null;
}

/** Writes inputs and test requests to one lane: in order, one writer at a time, never more in flight than the window. */
export class LaneFeeder {
  readonly #options: FeederOptions;
  /** a feed or a barrier out of turn */
  #writing: Promise<void> | null = null;
  #acknowledges = false;
  /** inputs sent before the last barrier */
  #barrierAfter = 0;
  /** how often a send had to wait for the lane */
  heldCount = 0;
  lastSentNs = 0;
  /** when the first input without a barrier behind it was sent */
  #firstBareNs = 0;

  constructor(options: FeederOptions) {
    this.#options = options;
  }

  get isWriting(): boolean {
    return this.#writing !== null;
  }

  async send(inputs: readonly FeedInput[], plannedNs: readonly (number | null)[]): Promise<readonly SentInput[]> {
    const free = await this.#take();
    const {link, settlement, lane} = this.#options;
    const sent: SentInput[] = [];
    let told = 0;
    try {
      for (const [index, input] of inputs.entries()) {
        if (this.#isFull()) {
          told = this.#tell(sent, told);
          await this.#room();
        }
        const message = input.frames ?? input.payload;
        let sentNs = monoNs();
        const unready = this.#options.check();
        if (unready !== null) await unready;
        const taken = link.send(message);
        if (taken !== true) sentNs = await this.#press(message, taken, sentNs);
        if (settlement.sent === this.#barrierAfter) this.#firstBareNs = sentNs;
        settlement.note(input.inputSeq);
        this.lastSentNs = sentNs;
        sent.push({lane, inputSeq: input.inputSeq, plannedNs: plannedNs[index] ?? sentNs, sentNs});
        if (this.#isBarrierDue()) await this.#barrier(this.#isDigestDue());
      }
      link.flush();
      return sent;
    } finally {
      this.#tell(sent, told);
      free();
    }
  }

  acknowledge(inputSeq: number): void {
    this.#acknowledges = true;
    this.#options.settlement.acknowledge(inputSeq);
  }

  /** A barrier out of turn; waits for whoever writes. */
  async barrier(wantsHash: boolean): Promise<void> {
    const free = await this.#take();
    try {
      await this.#barrier(wantsHash);
    } finally {
      free();
    }
  }

  /** Inputs wait without a barrier behind them for longer than this. */
  isBareFor(nowNs: number, limitMs: number): boolean {
    return this.#options.settlement.sent > this.#barrierAfter && this.#writing === null && nowNs - this.#firstBareNs >= limitMs * 1e6;
  }

  async #take(): Promise<() => void> {
    while (this.#writing !== null) await this.#writing;
    let resolveWriting: () => void = () => undefined;
    this.#writing = new Promise((resolve) => {
      resolveWriting = resolve;
    });
    return () => {
      this.#writing = null;
      resolveWriting();
    };
  }

  #isFull(): boolean {
    const {watermark, settlement, inFlightMax} = this.#options;
    // Without anybody who acknowledges, an in-order lane is bounded by its socket alone.
    if (watermark.kind === 'in-order' && !this.#acknowledges) return false;
    return settlement.open >= inFlightMax;
  }

  async #room(): Promise<void> {
    const {link, settlement, inFlightMax} = this.#options;
    this.heldCount += 1;
    link.flush();
    await settlement.when(settlement.sent - inFlightMax + 1);
  }

  /** For a lane whose queue is full: tries until it takes the message or fails. Returns when it went. */
  async #press(message: Message, first: Promise<boolean>, sentNs: number): Promise<number> {
    let triedNs = sentNs;
    // the first wait too: a lane that pauses for a collection holds us up without ever refusing
    this.heldCount += 1;
    for (let attempt: true | Promise<boolean> = first; !await attempt;) {
      const unready = this.#options.check();
      if (unready !== null) await unready;
      triedNs = monoNs();
      attempt = this.#options.link.send(message);
    }
    return triedNs;
  }

  #tell(sent: readonly SentInput[], told: number): number {
    if (sent.length > told) this.#options.onSent?.(told === 0 ? sent : sent.slice(told));
    return sent.length;
  }

  #isBarrierDue(): boolean {
    const {watermark, settlement} = this.#options;
    return watermark.kind === 'barrier' && settlement.sent % watermark.everyMessages === 0;
  }

  /** By position alone, so that both lanes are asked for their digest after the same input. */
  #isDigestDue(): boolean {
    const {watermark, settlement, stateHashEvery} = this.#options;
    return stateHashEvery > 0 && watermark.kind === 'barrier' && (settlement.sent / watermark.everyMessages) % stateHashEvery === 0;
  }

  async #barrier(wantsHash: boolean): Promise<void> {
    const {link, barriers, settlement, check} = this.#options;
    const unready = check();
    if (unready !== null) await unready;
    const request = barriers.make({inputSeq: settlement.sentSeq, sentBefore: settlement.sent, wantsHash});
    this.#barrierAfter = settlement.sent;
    const taken = link.send(request);
    if (taken !== true) await this.#press(request, taken, 0);
    link.flush();
  }
}
