/** SHA-256 of octets; injected, because deciding code imports nothing. */
export type OctetDigest = (octets: Uint8Array) => Uint8Array;

const HEAD_BYTES = 32;
const BLOCK_VALUES = 1024;
const NAN_HIGH = 0x7ff80000;

/** A running hash over doubles: every NaN is one NaN, -0 stays -0. Blocks of 1,024 values, each hashed together with what stood before. */
export class ResultChain {
  private readonly digest: OctetDigest;
  private readonly block = new Uint8Array(HEAD_BYTES + BLOCK_VALUES * 8);
  private readonly view = new DataView(this.block.buffer);
  private count = 0;

  constructor(digest: OctetDigest) {
    this.digest = digest;
  }

  add(value: number): void {
    const at = HEAD_BYTES + this.count * 8;
    if (value === value) this.view.setFloat64(at, value, true);
    else {
      this.view.setUint32(at, 0, true);
      this.view.setUint32(at + 4, NAN_HIGH, true);
    }
    this.count++;
    if (this.count === BLOCK_VALUES) this.close();
  }

  addRow(values: Float64Array): void {
    for (let i = 0; i < values.length; i++) this.add(values[i]!);
  }

  /** Hash of all until now, hex. Does not change what follows. */
  hex(): string {
    const head = this.digest(this.block.subarray(0, HEAD_BYTES + this.count * 8));
    return Array.from(head, (octet) => octet.toString(16).padStart(2, '0')).join('');
  }

  snapshot(): Uint8Array {
    return this.block.slice(0, HEAD_BYTES + this.count * 8);
  }

  restore(state: Uint8Array): void {
    this.block.set(state);
    this.count = (state.length - HEAD_BYTES) / 8;
  }

  private close(): void {
    this.block.set(this.digest(this.block));
    this.count = 0;
  }
}
