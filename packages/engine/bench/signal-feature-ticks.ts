/** Numbers in [0, 1) from a seed: the same on every machine. */
export const seededRandom = (seed: number): (() => number) => {
  let a = seed >>> 0;
  return () => {
    a = (a + 0x6d2b79f5) >>> 0;
    let x = Math.imul(a ^ (a >>> 15), 1 | a);
    x = (x + Math.imul(x ^ (x >>> 7), 61 | x)) ^ x;
    return ((x ^ (x >>> 14)) >>> 0) / 2 ** 32;
  };
};

/** A random walk of `count` ticks, seven doubles each: prices on a tick of 0.01 near 60,000, sizes in whole lots. */
export const walkTicks = (count: number, seed: number): Float64Array => {
  const next = seededRandom(seed), ticks = new Float64Array(count * 7);
  let price = 60_000, reference = 4_000, bid = 500, ask = 500;
  const cent = (x: number): number => Math.round(x * 100) / 100;
  for (let i = 0; i < count; i++) {
    const common = next() + next() + next() - 1.5;
    price = cent(price * (1 + 4e-5 * (common + next() - 0.5)));
    reference = cent(reference * (1 + 6e-5 * (common + next() - 0.5)));
    bid = Math.max(1, Math.min(5000, bid + Math.round((next() - 0.5) * 200)));
    ask = Math.max(1, Math.min(5000, ask + Math.round((next() - 0.5) * 200)));
    ticks.set([price, cent(price * (1 + 2e-5 * next())), cent(price * (1 - 2e-5 * next())), 1 + Math.floor(next() * 1000), bid, ask, reference], i * 7);
  }
  return ticks;
};
