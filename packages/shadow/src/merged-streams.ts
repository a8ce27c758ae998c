import type {CapturedMessage} from '@tandem/contract';

/** The rule that puts the messages of several streams into one order; it stands in the manifest of every run that used it. */
export const ORDER_RULE = 'capture time (tMonoNs), then stream name, then position';

const BATCH_MAX = 256;

/** One stream on its way into the common order. */
class Lane {
  readonly #batches: AsyncIterator<readonly CapturedMessage[]>;
  readonly #rank: number;
  #batch: readonly CapturedMessage[] = [];
  #at = 0;
  /** capture time that decides: a stream keeps its own order, so a clock that goes back stands still here */
  dueNs = 0;

  constructor(batches: AsyncIterable<readonly CapturedMessage[]>, rank: number) {
    this.#batches = batches[Symbol.asyncIterator]();
    this.#rank = rank;
  }

  get head(): CapturedMessage | undefined {
    return this.#batch[this.#at];
  }

  /** Moves to the next message; waits only where a batch ends. */
  step(): Promise<void> | null {
    this.#at += 1;
    const next = this.head;
    if (next === undefined) return this.#refill();
    this.dueNs = Math.max(this.dueNs, next.tMonoNs);
    return null;
  }

  isBefore(other: Lane): boolean {
    return this.dueNs < other.dueNs || (this.dueNs === other.dueNs && this.#rank < other.#rank);
  }

  async start(): Promise<void> {
    await this.#refill();
  }

  async close(): Promise<void> {
    await this.#batches.return?.();
  }

  async #refill(): Promise<void> {
    for (;;) {
      const next = await this.#batches.next();
      this.#batch = next.done === true ? [] : next.value;
      this.#at = 0;
      const head = this.head;
      if (head !== undefined) this.dueNs = Math.max(this.dueNs, head.tMonoNs);
      if (head !== undefined || next.done === true) return;
    }
  }
}

/** Messages of several streams in one order that depends on nothing but the recording. `open` gives one stream from its beginning. */
export async function* mergedStreams(streams: readonly string[], open: (stream: string) => AsyncIterable<readonly CapturedMessage[]>): AsyncGenerator<readonly CapturedMessage[]> {
  const lanes = [...streams].sort((a, b) => (a < b ? -1 : 1)).map((stream, rank) => new Lane(open(stream), rank));
  try {
    for (const lane of lanes) await lane.start();
    let batch: CapturedMessage[] = [];
    for (;;) {
      let first: Lane | null = null;
      for (const lane of lanes) if (lane.head !== undefined && (first === null || lane.isBefore(first))) first = lane;
      if (first === null) break;
      batch.push(first.head as CapturedMessage);
      if (batch.length === BATCH_MAX) {
        yield batch;
        batch = [];
      }
      const waits = first.step();
      if (waits !== null) await waits;
    }
    if (batch.length > 0) yield batch;
  } finally {
    for (const lane of lanes) await lane.close();
  }
}
