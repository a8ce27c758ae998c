/** Sorts in place and reads quantiles; the last is the worst. */
export const quantiles = (samples: Float64Array): Readonly<Record<string, number>> => {
  samples.sort();
  const at = (q: number): number => samples[Math.min(samples.length - 1, Math.floor(q * samples.length))]!;
  return {p50: at(0.5), p90: at(0.9), p99: at(0.99), 'p99.9': at(0.999), 'p99.99': at(0.9999), max: samples[samples.length - 1]!};
};

export const printRow = (name: string, row: Readonly<Record<string, number>>): void => {
  process.stdout.write(`${name.padEnd(34)} ${Object.entries(row).map(([key, value]) => `${key} ${value.toFixed(value < 10 ? 2 : 0)}`).join('  ')}\n`);
};
