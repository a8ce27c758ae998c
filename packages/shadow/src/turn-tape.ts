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
/** what a turn has room for from the start when none was before it */
const ROWS_GUESS = 1 << 18;
const BYTES_GUESS = 64 * 1024 * 1024;
/** a turn is like the one before it, and sometimes a little longer */
const MARGIN = 1.25;
/** kind and lane, three numbers (of an output: time, index, size; of a send: position, planned, sent) */
const COLUMNS = 4;
const [INPUT, SENT, OUTPUT, FRAMES, ACT] = [0, 1, 2, 3, 4];
const KINDS = 8;

/**
 * What arrives in a measured turn, kept as numbers and octets in few large pieces of memory. As objects it would outlive several young collections,
 * each of which would copy all of it and stop the harness for milliseconds: measured as late sends. The pieces are there before the turn begins,
 * because taking large ones is itself a reason for a full collection.
 */
export class TurnTape {
  #rows = new Float64Array(ROWS_FIRST * COLUMNS);
  #count = 0;
  #chunks: Uint8Array[] = [];
  /** the piece in hand, and the octets used of it */
  #chunk = -1;
  #used = 0;
  /** what is no number: inputs (which live longer than the tape anyway), messages of several frames, acts */
  #objects: unknown[] = [];
  readonly #lanes: LaneName[] = [];
  #last = {rows: ROWS_GUESS / MARGIN, bytes: BYTES_GUESS / MARGIN};
  bytes = 0;

  get isEmpty(): boolean {
    return this.#count === 0;
  }

  /** Takes the memory that a turn like the last one needs; only while the tape is empty. */
  reserve(bytesMax: number): void {
    const rows = Math.ceil(this.#last.rows * MARGIN) * COLUMNS;
    if (this.#rows.length < rows) this.#rows = new Float64Array(rows);
    const bytes = Math.min(this.#last.bytes * MARGIN, bytesMax);
    while (this.#chunks.length * CHUNK_BYTES < bytes) this.#chunks.push(Buffer.allocUnsafeSlow(CHUNK_BYTES));
  }

  input(input: FeedInput): void {
    this.#row(INPUT, 0, 0, 0);
    this.#objects.push(input);
  }

  sent(sent: readonly SentInput[]): void {
    for (const {lane, inputSeq, plannedNs, sentNs} of sent) this.#row(SENT + this.#codeOf(lane), inputSeq, plannedNs, sentNs);
  }

  outputs(outputs: readonly LaneOutput[]): void {
    for (const output of outputs) {
      const {lane, index, tMonoNs, payload, frames} = output;
      if (frames === null) {
        this.#row(OUTPUT + this.#codeOf(lane), tMonoNs, index, this.#copy(payload));
      } else {
        this.#row(FRAMES + this.#codeOf(lane), 0, 0, 0);
        this.#objects.push(output);
      }
    }
  }

  act(act: () => void): void {
    this.#row(ACT, 0, 0, 0);
    this.#objects.push(act);
  }

  /** Plays what is on the tape, a row a step; the tape itself is empty at once and takes new rows. */
  *play(ends: TapeEnds): Generator<void, void, void> {
    const [rows, count, objects, chunks] = [this.#rows, this.#count, this.#objects, this.#chunks];
    this.#last = {rows: Math.max(this.#last.rows, count), bytes: Math.max(this.#last.bytes, this.bytes)};
    this.#count = 0;
    this.#objects = [];
    this.#chunks = [];
    this.#chunk = -1;
    this.#used = 0;
    this.bytes = 0;
    this.#rows = new Float64Array(ROWS_FIRST * COLUMNS);
    let [object, chunk, offset] = [0, 0, 0];
    for (let row = 0; row < count; row++) {
      const at = row * COLUMNS;
      const [code, a, b, c] = [rows[at] as number, rows[at + 1] as number, rows[at + 2] as number, rows[at + 3] as number];
      const lane = this.#lanes[Math.floor(code / KINDS)] as LaneName;
      switch (code % KINDS) {
        case INPUT: ends.onInput(objects[object++] as FeedInput); break;
        case SENT: ends.onSent([{lane, inputSeq: a, plannedNs: b, sentNs: c}]); break;
        case OUTPUT: {
          while (offset + c > (chunks[chunk] as Uint8Array).length) [chunk, offset] = [chunk + 1, 0];
          ends.onOutputs(lane, [{lane, index: b, tMonoNs: a, payload: (chunks[chunk] as Uint8Array).subarray(offset, offset + c), frames: null}]);
          offset += c;
          break;
        }
        case FRAMES: ends.onOutputs(lane, [objects[object++] as LaneOutput]); break;
        default: (objects[object++] as () => void)();
      }
      yield;
    }
  }

  #codeOf(lane: LaneName): number {
    const found = this.#lanes.indexOf(lane);
    return (found === -1 ? this.#lanes.push(lane) - 1 : found) * KINDS;
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

  /** The player skips to the next piece by the same rule. */
  #copy(payload: Uint8Array): number {
    while (this.#chunk === -1 || this.#used + payload.length > (this.#chunks[this.#chunk] as Uint8Array).length) {
      this.#chunk += 1;
      this.#used = 0;
      if (this.#chunk === this.#chunks.length) this.#chunks.push(Buffer.allocUnsafeSlow(Math.max(CHUNK_BYTES, payload.length)));
    }
    (this.#chunks[this.#chunk] as Uint8Array).set(payload, this.#used);
    this.#used += payload.length;
    this.bytes += payload.length;
    return payload.length;
  }
}
