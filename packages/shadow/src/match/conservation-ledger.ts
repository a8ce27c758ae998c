import type {Conservation} from '@tandem/contract';

/** Counts inputs as they come and as they leave, each at its own place, so that the two sides can disagree when there is a bug. */
export class ConservationLedger {
  #in = 0;
  #compared = 0;
  #waived = 0;
  readonly #lost = new Map<string, number>();

  came(count = 1): void {
    this.#in += count;
  }

  compared(count: number): void {
    this.#compared += count;
  }

  waived(): void {
    this.#waived += 1;
  }

  lost(reason: string, count = 1): void {
    this.#lost.set(reason, (this.#lost.get(reason) ?? 0) + count);
  }

  /** `inFlight` is counted by the caller, by looking at what is still held. */
  balance(inFlight: number): Conservation {
    let lost = 0;
    for (const count of this.#lost.values()) lost += count;
    return {
      in: this.#in,
      compared: this.#compared,
      waived: this.#waived,
      inFlight,
      lost: Object.fromEntries([...this.#lost].sort(([left], [right]) => (left < right ? -1 : 1))),
      remainder: this.#in - this.#compared - this.#waived - inFlight - lost,
    };
  }
}
