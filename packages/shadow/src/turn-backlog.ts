import type {LaneName} from '@tandem/contract';
import {setImmediate as nextTurn} from 'node:timers/promises';
import type {FeedInput} from './flow/feed-input.ts';
import type {LaneOutput} from './flow/lane-output.ts';
import type {SentInput} from './flow/sent-input.ts';
import {TurnTape, type TapeEnds} from './turn-tape.ts';

/** What may wait in memory; beyond it the rest of the turn is worked off as it comes. */
const BYTES_MAX = 256 * 1024 * 1024;
/** of work at a time between two turns: a longer pause would be one that a lane's heartbeats notice */
const PORTION_MS = 4;
/** rows between two looks at the clock */
const ROWS = 16;

/**
 * While a turn is measured the harness only sends and receives: matching, comparing and counting of what arrived wait, in order, until the turn
 * is over. The times were taken on arrival, so nothing that is judged changes; what changes is who needs the cores meanwhile.
 */
export class TurnBacklog {
  readonly #ends: TapeEnds;
  readonly #bytesMax: number;
  readonly #tape = new TurnTape();
  #isHolding = false;

  constructor(ends: TapeEnds, bytesMax = BYTES_MAX) {
    this.#ends = ends;
    this.#bytesMax = bytesMax;
  }

  /** From now on what arrives waits; the memory for it is taken here, before anything is measured. */
  hold(): void {
    if (this.#tape.isEmpty) this.#tape.reserve(this.#bytesMax);
    this.#isHolding = true;
  }

  input(input: FeedInput): void {
    if (this.#isHolding) this.#tape.input(input);
    else this.#ends.onInput(input);
  }

  sent(sent: readonly SentInput[]): void {
    if (this.#isHolding) this.#tape.sent(sent);
    else this.#ends.onSent(sent);
  }

  outputs(lane: LaneName, outputs: readonly LaneOutput[]): void {
    if (!this.#isHolding) {
      this.#ends.onOutputs(lane, outputs);
      return;
    }
    this.#tape.outputs(outputs);
    if (this.#tape.bytes > this.#bytesMax) this.flush();
  }

  do(act: () => void): void {
    if (this.#isHolding) this.#tape.act(act);
    else act();
  }

  /** Works off everything in small portions; what arrives meanwhile comes after it. */
  async release(): Promise<void> {
    while (!this.#tape.isEmpty) {
      const rows = this.#tape.play(this.#ends);
      for (let isDone = false; !isDone;) {
        const untilMs = performance.now() + PORTION_MS;
        do for (let row = 0; row < ROWS && !isDone; row++) isDone = rows.next().done === true; while (!isDone && performance.now() < untilMs);
        if (!isDone) await nextTurn();
      }
    }
    this.#isHolding = false;
  }

  /** Works off everything now, in one go: nothing will come any more, or memory is full. */
  flush(): void {
    while (!this.#tape.isEmpty) for (const row of this.#tape.play(this.#ends)) void row;
    this.#isHolding = false;
  }
}
