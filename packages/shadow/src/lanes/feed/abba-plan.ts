import type {LaneName} from '@tandem/contract';

/** One lane gets one slice of the inputs while the others rest. */
export interface Turn {
  /** which slice, from 0 */
  readonly round: number;
  readonly lane: LaneName;
}

/**
 * Order of an interleaved run: in every round each lane has one turn; the order is turned round in every other round (AB BA AB
 * BA), so that a drift of the machine hits both alike. The seed decides who begins.
 */
export function abbaPlan(lanes: readonly LaneName[], rounds: number, seed: number): readonly Turn[] {
  const first = lanes.length === 0 ? 0 : ((seed % lanes.length) + lanes.length) % lanes.length;
  const forth = [...lanes.slice(first), ...lanes.slice(0, first)];
  const back = forth.toReversed();
  return Array.from({length: rounds}, (_, round) => (round % 2 === 0 ? forth : back).map((lane) => ({round, lane}))).flat();
}
