import type {Lane} from '../lane.ts';

/**
 * Keeps lanes that are fed without a schedule together: none gets more than `leadMax` inputs ahead of what the slowest one
 * has answered for. A lane that failed or has had everything no longer holds the others.
 */
export class LeadLimit {
  readonly #leadMax: number;
  readonly #lanes: {readonly lane: Lane; readonly base: number; isDone: boolean}[];

  constructor(lanes: readonly Lane[], leadMax: number) {
    this.#leadMax = leadMax;
    this.#lanes = lanes.map((lane) => ({lane, base: lane.settled, isDone: false}));
  }

  done(lane: Lane): void {
    for (const entry of this.#lanes) if (entry.lane === lane) entry.isDone = true;
  }

  /** Resolves when `count` inputs of this feed may have been sent to a lane. */
  async room(count: number): Promise<void> {
    const needed = count - this.#leadMax;
    if (needed <= 0) return;
    for (const entry of this.#lanes) {
      if (entry.isDone || entry.lane.fault !== null) continue;
      await entry.lane.whenSettled(entry.base + needed);
    }
  }
}
