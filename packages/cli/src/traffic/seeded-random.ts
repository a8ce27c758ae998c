/** A reproducible stream of chance: the same seed gives the same numbers on every machine (sfc32). */
export interface SeededRandom {
  /** uniform in [0, 1) with 32 bits */
  next(): number;
  /** integer in [0, below) */
  below(below: number): number;
  /** exponential with the given mean */
  exponential(mean: number): number;
  chance(probability: number): boolean;
}

export const createRandom = (seed: number): SeededRandom => {
  let a = 0x9e3779b9, b = 0x243f6a88, c = 0xb7e15162, d = seed >>> 0;
  const next = (): number => {
    const t = (a + b | 0) + d | 0;
    d = d + 1 | 0;
    a = b ^ b >>> 9;
    b = c + (c << 3) | 0;
    c = (c << 21 | c >>> 11) + t | 0;
    return (t >>> 0) / 4_294_967_296;
  };
  for (let warm = 0; warm < 16; warm += 1) next();
  return {
    next,
    below: (below) => Math.floor(next() * below),
    exponential: (mean) => -Math.log(1 - next()) * mean,
    chance: (probability) => next() < probability,
  };
};
