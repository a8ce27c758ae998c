import type {FeedInput} from './flow/feed-input.ts';
import type {SessionInputs} from './session-plan.ts';

/** Lets inputs through up to a position; whoever holds it decides when that moves. */
export class StepGate {
  #through: number;
  #waiters: (() => void)[] = [];
  #arrived: ((input: FeedInput) => void) | null = null;
  #announced = 0;

  /** @param through the last position that needs no permission */
  constructor(through: number) {
    this.#through = through;
  }

  /** Told once for each input before which the readers stand still. */
  onPause(listener: (input: FeedInput) => void): void {
    this.#arrived = listener;
  }

  release(through: number): void {
    this.#through = Math.max(this.#through, through);
    const waiters = this.#waiters;
    this.#waiters = [];
    for (const waiter of waiters) waiter();
  }

  isOpen(input: FeedInput): boolean {
    return input.inputSeq <= this.#through;
  }

  /** Settles when the input may pass, or the signal aborts. */
  async pass(input: FeedInput, signal: AbortSignal): Promise<void> {
    const wake = (): void => { this.release(this.#through); };
    signal.addEventListener('abort', wake, {once: true});
    try {
      while (!this.isOpen(input) && !signal.aborted) {
        const woken = new Promise<void>((resolve) => this.#waiters.push(resolve));
        if (input.inputSeq > this.#announced) {
          this.#announced = input.inputSeq;
          this.#arrived?.(input);
        }
        await woken;
      }
    } finally {
      signal.removeEventListener('abort', wake);
    }
  }
}

/** The same inputs, one by one behind a gate: every lane waits at the same position. */
export const steppedInputs = (inputs: SessionInputs, gate: StepGate): SessionInputs => ({...inputs, open: (signal) => stepped(inputs.open(signal), gate, signal)});

async function* stepped(batches: AsyncIterable<readonly FeedInput[]>, gate: StepGate, signal: AbortSignal): AsyncGenerator<readonly FeedInput[]> {
  for await (const batch of batches) {
    for (let at = 0; at < batch.length;) {
      const first = batch[at] as FeedInput;
      if (!gate.isOpen(first)) await gate.pass(first, signal);
      if (signal.aborted) return;
      let end = at + 1;
      while (end < batch.length && gate.isOpen(batch[end] as FeedInput)) end += 1;
      yield batch.slice(at, end);
      at = end;
    }
  }
}
