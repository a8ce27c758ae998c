/** Octets with some runs of them replaced, from the front to the back. */
export class OctetSplice {
  readonly #octets: Uint8Array;
  readonly #pieces: Uint8Array[] = [];
  #copied = 0;

  constructor(octets: Uint8Array) {
    this.#octets = octets;
  }

  /** What is replaced later lies behind. */
  replace(from: number, to: number, by: Uint8Array): void {
    this.#pieces.push(this.#octets.subarray(this.#copied, from), by);
    this.#copied = to;
  }

  /** New octets, or the very same when nothing was replaced. */
  result(): Uint8Array {
    return this.#pieces.length === 0 ? this.#octets : new Uint8Array(Buffer.concat([...this.#pieces, this.#octets.subarray(this.#copied)]));
  }
}
