import type {FeedInput} from './flow/feed-input.ts';
import type {SessionInputs} from './session-plan.ts';

const CHUNK_BYTES = 16 * 1024 * 1024;
const ROWS_FIRST = 1 << 12;
/** of a row: input sequence, recorded time, number of the chunk, start and length there */
const COLUMNS = 5;
const BATCH = 256;

/**
 * Inputs in memory as octets and numbers in few large pieces: millions of them cost the collector nothing. As objects they are a heap that each
 * full collection walks, and the open loop stands still meanwhile (measured: 297 ms with two million).
 */
export class PackedInputs {
  #rows = new Float64Array(ROWS_FIRST * COLUMNS);
  readonly #chunks: Uint8Array[] = [];
  #used = CHUNK_BYTES;
  /** by place: inputs of several frames stay objects */
  readonly #framed = new Map<number, FeedInput>();
  #length = 0;

  static of(inputs: Iterable<FeedInput>): PackedInputs {
    const packed = new PackedInputs();
    for (const input of inputs) packed.add(input);
    return packed;
  }

  get length(): number {
    return this.#length;
  }

  /** Copies it; the caller may use its memory again. */
  add(input: FeedInput): void {
    const {inputSeq, recordedNs, payload, frames} = input;
    const at = this.#length * COLUMNS;
    if (at === this.#rows.length) {
      const wider = new Float64Array(this.#rows.length * 2);
      wider.set(this.#rows);
      this.#rows = wider;
    }
    if (frames !== null) this.#framed.set(this.#length, {...input, payload: payload.slice(), frames: frames.map((frame) => frame.slice())});
    const size = frames === null ? payload.length : 0;
    if (this.#used + size > (this.#chunks.at(-1)?.length ?? 0)) {
      this.#chunks.push(Buffer.allocUnsafeSlow(Math.max(CHUNK_BYTES, size)));
      this.#used = 0;
    }
    if (size > 0) (this.#chunks.at(-1) as Uint8Array).set(payload, this.#used);
    this.#rows.set([inputSeq, recordedNs, this.#chunks.length - 1, this.#used, size], at);
    this.#used += size;
    this.#length += 1;
  }

  /** The first `count` of them, from memory, so that reading them costs a measurement next to nothing. */
  session(count = this.#length): SessionInputs {
    const total = Math.min(count, this.#length);
    return {
      total, startNs: null, capture: () => ({}), gaps: () => ({messages: 0, records: 0, unknown: 0}),
      open: () => this.#batches(total),
    };
  }

  async *#batches(total: number): AsyncGenerator<readonly FeedInput[]> {
    for (let from = 0; from < total; from += BATCH) {
      yield await Promise.resolve(Array.from({length: Math.min(BATCH, total - from)}, (_, offset) => this.#input(from + offset)));
    }
  }

  #input(index: number): FeedInput {
    const framed = this.#framed.get(index);
    if (framed !== undefined) return framed;
    const [inputSeq, recordedNs, chunk, start, size] = this.#rows.subarray(index * COLUMNS, (index + 1) * COLUMNS) as unknown as [number, number, number, number, number];
    return {inputSeq, recordedNs, payload: (this.#chunks[chunk] as Uint8Array).subarray(start, start + size), frames: null};
  }
}
