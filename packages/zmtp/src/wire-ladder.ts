import type {WireEvent, WireMode, WireSink} from './wire-events.ts';
import type {WireMessage} from './wire-message.ts';

export const SPLICE = 0;
export const HEADERS = 1;
export const OBSERVE = 2;
const MODES: readonly WireMode[] = ['splice', 'headers', 'observe'];

/** How much is looked at, and the only way to the sink: what it throws costs a step of the ladder and nothing else. */
export class WireLadder {
  readonly #sink: WireSink;
  readonly #clock: () => number;
  level: number;
  /** times that the sink threw */
  sinkFaults = 0;
  #isTold: boolean;

  constructor(sink: WireSink, mode: WireMode, clock: () => number) {
    this.#sink = sink;
    this.#clock = clock;
    this.level = MODES.indexOf(mode);
    this.#isTold = sink.event !== undefined;
  }

  get mode(): WireMode {
    return MODES[this.level]!;
  }

  set(mode: WireMode, reason: string, error: unknown = null): void {
    const level = MODES.indexOf(mode);
    if (level === this.level) return;
    this.level = level;
    this.tell({kind: 'mode', tMonoNs: this.#clock(), mode, reason, error});
  }

  message(message: WireMessage): boolean {
    try {
      this.#sink.message(message);
      return true;
    } catch (error) {
      this.sinkFaults += 1;
      if (this.level > HEADERS) this.set('headers', 'the observer failed at a message', error);
      return false;
    }
  }

  tell(event: WireEvent): void {
    if (!this.#isTold) return;
    try {
      this.#sink.event?.(event);
    } catch {
      this.sinkFaults += 1;
      this.#isTold = false; // whoever throws at an event is told no other
      this.level = SPLICE;
    }
  }
}
