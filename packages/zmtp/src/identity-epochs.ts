const IDENTITIES_MAX = 4096;

/** Numbers the connections of each identity from 1. Remembers the identities seen last; one that was forgotten begins at 1 again. */
export class IdentityEpochs {
  readonly #epochs = new Map<string, number>();

  next(identity: string): number {
    const epoch = (this.#epochs.get(identity) ?? 0) + 1;
    // moved to the end: the first one is the one that came longest ago
    this.#epochs.delete(identity);
    this.#epochs.set(identity, epoch);
    if (this.#epochs.size > IDENTITIES_MAX) {
      for (const oldest of this.#epochs.keys()) {
        this.#epochs.delete(oldest);
        break;
      }
    }
    return epoch;
  }
}
