import {LOOP_ENDS, LOOP_WINDOW_MS} from './supervised-process.ts';

const BACK_OFF_MS = [100, 200, 500, 1000, 5000];

/** How often a lane's processes ended, and when that is enough. */
export class LaneEnds {
  readonly #endsMs: number[] = [];
  /** where the lane stood when it last ended, and how often in a row it ended without getting further */
  #endedAt = -1;
  #fruitless = 0;

  /**
   * One more end, with the lane's watermark by then. Null: start it again; else why not: ends that come fast are a loop, and so are ends at
   * the same place, however long it takes to get there.
   */
  note(watermark: number, nowMs: number): string | null {
    this.#endsMs.push(nowMs);
    this.#fruitless = watermark > this.#endedAt ? 1 : this.#fruitless + 1;
    this.#endedAt = Math.max(this.#endedAt, watermark);
    const recent = this.#recent(nowMs);
    if (recent >= LOOP_ENDS) return `${recent} ends within ${LOOP_WINDOW_MS / 1000} s`;
    return this.#fruitless >= LOOP_ENDS ? `${this.#fruitless} ends without getting beyond ${watermark}` : null;
  }

  /** How long to wait before the next start, ms. */
  backOffMs(nowMs: number): number {
    return BACK_OFF_MS[Math.min(Math.max(1, this.#recent(nowMs)), BACK_OFF_MS.length) - 1] as number;
  }

  #recent(nowMs: number): number {
    return this.#endsMs.filter((endMs) => nowMs - endMs < LOOP_WINDOW_MS).length;
  }
}
