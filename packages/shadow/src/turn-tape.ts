import type {LaneName} from '@tandem/contract';
import type {FeedInput} from './flow/feed-input.ts';
import type {LaneOutput} from './flow/lane-output.ts';
import type {SentInput} from './flow/sent-input.ts';

/** Where everything on the tape goes in the end, in the order in which it came. */
export interface TapeEnds {
  onInput(input: FeedInput): void;
  onSent(sent: readonly SentInput[]): void;
  onOutputs(lane: LaneName, outputs: readonly LaneOutput[]): void;
}

const CHUNK_BYTES = 4 * 1024 * 1024;
const ROWS_FIRST = 1 << 15;
/** kind, three numbers (of an output: time, index, size; of a send: position, planned, sent) */
const COLUMNS = 4;
const [INPUT, SENT, OUTPUT, ACT] = [0, 1, 2, 3];

/**
 * What arrives in a measured turn, kept as numbers and octets in few large pieces of memory. As objects it would outlive several young collections,
 * each of which would copy all of it and stop the harness for milliseconds: measured as late sends.
 */
export class TurnTape {
  #rows = new Float64Array(ROWS_FIRST * COLUMNS);
  #count = 0;
  #chunk = Buffer.alloc(0);
  #used = 0;
  #chunks: Uint8Array[] = [];
  /** what is no number: inputs (which live longer than the tape anyway), lanes, messages of several frames, acts */
  #objects: unknown[] = [];
  bytes = 0;

  get isEmpty(): boolean {
    return this.#count === 0;
  }

  input(input: FeedInput): void {
    this.#row(INPUT, 0, 0, 0);
    this.#objects.push(input);
  }

  sent(sent: readonly SentInput[]): void {
    for (const {lane, inputSeq, plannedNs, sentNs} of sent) {
      this.#row(SENT, inputSeq, plannedNs, sentNs);
      this.#objects.push(lane);
    }
  }

  outputs(outputs: readonly LaneOutput[]): void {
    for (const output of outputs) {
      const {lane, index, tMonoNs, payload, frames} = output;
      this.#objects.push(lane, frames === null ? null : output);
      this.#row(OUTPUT, tMonoNs, index, frames === null ? this.#copy(payload) : 0);
    }
  }

  act(act: () => void): void {
    this.#row(ACT, 0, 0, 0);
    this.#objects.push(act);
  }

  /** Plays what is on the tape, a row a step; the tape itself is empty at once and takes new rows. */
  *play(ends: TapeEnds): Generator<void, void, void> {
    const [rows, count, objects, chunks] = [this.#rows, this.#count, this.#objects, this.#chunks];
    this.#count = 0;
    this.#objects = [];
    this.#chunks = [];
    this.#chunk = Buffer.alloc(0);
    this.#used = 0;
    this.bytes = 0;
    this.#rows = new Float64Array(ROWS_FIRST * COLUMNS);
    let [object, chunk, offset] = [0, 0, 0];
    for (let row = 0; row < count; row++) {
      const at = row * COLUMNS;
      const [a, b, c] = [rows[at + 1] as number, rows[at + 2] as number, rows[at + 3] as number];
      switch (rows[at]) {
        case INPUT: ends.onInput(objects[object++] as FeedInput); break;
        case SENT: ends.onSent([{lane: objects[object++] as LaneName, inputSeq: a, plannedNs: b, sentNs: c}]); break;
        case OUTPUT: {
          const [lane, whole] = [objects[object++] as LaneName, objects[object++] as LaneOutput | null];
          if (whole === null && offset + c > (chunks[chunk]?.length ?? 0)) [chunk, offset] = [chunk + 1, 0];
          ends.onOutputs(lane, [whole ?? {lane, index: b, tMonoNs: a, payload: (chunks[chunk] as Uint8Array).subarray(offset, offset + c), frames: null}]);
          if (whole === null) offset += c;
          break;
        }
        default: (objects[object++] as () => void)();
      }
      yield;
    }
  }

  #row(kind: number, a: number, b: number, c: number): void {
    const at = this.#count++ * COLUMNS;
    if (at === this.#rows.length) {
      const wider = new Float64Array(this.#rows.length * 2);
      wider.set(this.#rows);
      this.#rows = wider;
    }
    this.#rows[at] = kind;
    this.#rows[at + 1] = a;
    this.#rows[at + 2] = b;
    this.#rows[at + 3] = c;
  }

  #copy(payload: Uint8Array): number {
    if (this.#used + payload.length > this.#chunk.length) {
      this.#chunk = Buffer.allocUnsafeSlow(Math.max(CHUNK_BYTES, payload.length));
      this.#chunks.push(this.#chunk);
      this.#used = 0;
    }
    this.#chunk.set(payload, this.#used);
    this.#used += payload.length;
    this.bytes += payload.length;
    return payload.length;
  }
}
