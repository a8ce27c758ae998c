import type {Push} from 'zeromq';
import type {SendCounts} from './gateway-port.ts';

const codeOf = (error: unknown): string => (error instanceof Error && 'code' in error ? String(error.code) : '');

/**
 * Sends in order and never drops. libzmq takes a message at once as long as it is below its mark; then the binding keeps one send pending
 * and refuses a second (EBUSY, thrown at the call), so everything behind it waits here until `settled`, which the gateway awaits before it
 * receives again. So at most the outputs of one burst wait. A send that comes back is made again: in its place when it was the pending one;
 * behind the burst when the only peer left in the instant between libzmq's two looks (what that peer held is gone anyway).
 */
export class SendQueue {
  private readonly output: Push;
  private waiting: Uint8Array[] = [];
  /** octets that the binding has taken since the last `settled`, and how many of them are decided */
  private readonly taken: Uint8Array[] = [];
  private decided = 0;
  private cameBack: Uint8Array[] = [];
  private last: Promise<void> = Promise.resolve();
  private failure: unknown = null;
  private sent = 0;
  private backPressure = 0;
  private resent = 0;
  private queuedMax = 0;
  private abandoned = 0;
  private readonly onSent: () => void;
  private readonly onRefused: (error: unknown) => void;

  constructor(output: Push) {
    this.output = output;
    this.onSent = () => {
      this.decided++;
      this.sent++;
    };
    this.onRefused = (error) => {
      this.cameBack.push(this.taken[this.decided++]!);
      if (codeOf(error) !== 'EAGAIN') this.failure = error;
    };
  }

  get counts(): SendCounts {
    const {sent, backPressure, resent, queuedMax, abandoned} = this;
    return {sent, backPressure, resent, queuedMax, abandoned};
  }

  /** Is anything waiting or not yet decided? */
  get isBusy(): boolean {
    return this.waiting.length > 0 || this.taken.length > 0;
  }

  send(octets: Uint8Array): void {
    if (this.waiting.length === 0 && this.offer(octets)) return;
    this.waiting.push(octets);
    if (this.waiting.length > this.queuedMax) this.queuedMax = this.waiting.length;
  }

  /** @returns did the binding take it (sent, or as its one pending send)? */
  private offer(octets: Uint8Array): boolean {
    let sending: Promise<void>;
    try {
      sending = this.output.send(octets);
    } catch (error) {
      if (codeOf(error) === 'EBUSY') return false;
      throw error;
    }
    this.taken.push(octets);
    this.last = sending.then(this.onSent, this.onRefused);
    return true;
  }

  /** Until the binding has taken everything, or `isOver` says to give up (asked once per send time-out). */
  async settled(isOver: () => boolean): Promise<void> {
    for (let rounds = 0; ; rounds++) {
      await this.last;
      if (this.failure !== null) throw this.failure;
      this.taken.length = 0;
      this.decided = 0;
      if (this.cameBack.length > 0) {
        this.resent += this.cameBack.length;
        this.waiting = [...this.cameBack, ...this.waiting];
        this.cameBack = [];
        if (isOver()) {
          this.abandoned += this.waiting.length;
          this.waiting = [];
        }
      }
      if (this.waiting.length === 0) return;
      if (rounds === 0) this.backPressure++;
      let offered = 0;
      while (offered < this.waiting.length && this.offer(this.waiting[offered]!)) offered++;
      this.waiting.splice(0, offered);
    }
  }
}
