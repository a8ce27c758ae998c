import {TandemError, type Evidence, type LaneName} from '@tandem/contract';

/** One probe of the search: did the lane hold this rate? */
export interface RateProbe {
  readonly ratePerSecond: number;
  readonly held: boolean;
  readonly p99Ns: number | null;
  readonly why: string;
}

/** A lane holds a rate when its queue does not grow: its response p99 stays below this. */
export const HELD_P99_NS = 100e6;

/** Pure: reads a probe's evidence. */
export const readProbe = (evidence: Evidence, lane: LaneName, ratePerSecond: number): RateProbe => {
  const response = evidence.latency.find((one) => one.lane === lane && one.kind === 'response');
  const p99Ns = response?.quantilesNs['0.99'] ?? null;
  if (response === undefined || p99Ns === null) return {ratePerSecond, held: false, p99Ns, why: 'no latency was measured'};
  if (p99Ns > HELD_P99_NS) return {ratePerSecond, held: false, p99Ns, why: `p99 ${(p99Ns / 1e6).toFixed(0)} ms: its queue grows`};
  return {ratePerSecond, held: true, p99Ns, why: `p99 ${(p99Ns / 1e6).toFixed(2)} ms`};
};

/**
 * The highest rate that a lane holds: doubles until it fails, then halves the distance `refinements` times.
 * @throws TandemError TDM-E136 when even the lowest rate is not held
 */
export const searchHighestRate = async (probe: (ratePerSecond: number) => Promise<RateProbe>, {from, to, refinements}: {from: number; to: number; refinements: number}): Promise<readonly RateProbe[]> => {
  const probes: RateProbe[] = [];
  let low = 0, high = Infinity;
  for (let rate = from; rate <= to; rate *= 2) {
    const result = await probe(rate);
    probes.push(result);
    if (!result.held) {
      high = rate;
      break;
    }
    low = rate;
  }
  if (low === 0) throw new TandemError({id: 'TDM-E136', kind: 'environment', what: `the legacy does not hold ${from} messages per second`, seen: probes.at(-1)?.why ?? '', fix: 'give a lower --rate'});
  for (let step = 0; step < refinements && high !== Infinity; step += 1) {
    const middle = Math.round((low + high) / 2 / 500) * 500;
    if (middle <= low || middle >= high) break;
    const result = await probe(middle);
    probes.push(result);
    if (result.held) low = middle;
    else high = middle;
  }
  return probes;
};

/** The highest held rate among probes. */
export const highestHeld = (probes: readonly RateProbe[]): number => Math.max(...probes.filter(({held}) => held).map(({ratePerSecond}) => ratePerSecond));
