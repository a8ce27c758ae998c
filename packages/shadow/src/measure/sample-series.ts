import type {ResourceSample} from '@tandem/contract';

export interface SampleSeries {
  add(sample: ResourceSample): void;
  readonly samples: readonly ResourceSample[];
  /** samples left out so that the series stays within its bound */
  readonly thinned: number;
}

/**
 * A series that never grows above `max`: when full, every second sample is dropped and from then on only every second is kept, and so on.
 * The first sample stays; samples with a PSS figure are kept in preference to their neighbour.
 */
export function createSampleSeries(max: number): SampleSeries {
  let samples: ResourceSample[] = [];
  let keepEvery = 1;
  let offered = 0;
  let thinned = 0;
  return {
    add(sample) {
      const due = offered++ % keepEvery === 0;
      if (!due && sample.pssBytes === null) {
        thinned += 1;
        return;
      }
      samples.push(sample);
      if (samples.length < max) return;
      const before = samples.length;
      samples = halved(samples);
      keepEvery *= 2;
      thinned += before - samples.length;
    },
    get samples() { return samples; },
    get thinned() { return thinned; },
  };
}

function halved(samples: readonly ResourceSample[]): ResourceSample[] {
  const kept: ResourceSample[] = [];
  for (let index = 0; index < samples.length; index += 2) {
    const [first, second] = [samples[index], samples[index + 1]];
    const chosen = index > 0 && first?.pssBytes === null && second !== undefined && second.pssBytes !== null ? second : first;
    if (chosen !== undefined) kept.push(chosen);
  }
  return kept;
}
