import type {FeatureSource} from './simulation/feature-source.ts';

const WINDOW = 20;
const SPAN = 10;
/** steps, mean, last price, then a ring of prices */
const STATE = 3 + WINDOW;

/** Three features that need nothing: the exponential mean, the return of one step, the mean of twenty prices. */
export const fewFeatures = (symbols: number): FeatureSource => {
  const state = new Float64Array(symbols * STATE);
  const row = new Float64Array(3);
  const alpha = 2 / (SPAN + 1);
  return {
    names: ['ema_10', 'ret_1', 'mean_20'], featureHash: 'f'.repeat(64), row, warmupSteps: WINDOW,
    step(symbol, values) {
      const at = symbol * STATE;
      const price = values[0]!;
      const steps = state[at]!;
      const mean = steps === 0 ? price : alpha * price + (1 - alpha) * state[at + 1]!;
      row[0] = mean;
      row[1] = steps === 0 ? Number.NaN : price / state[at + 2]! - 1;
      state[at + 3 + (steps % WINDOW)] = price;
      let sum = 0;
      // oldest first, so that the sum is the one of a window cut out of the history
      for (let i = 1; i <= WINDOW; i++) sum += state[at + 3 + ((steps + i) % WINDOW)]!;
      row[2] = steps + 1 < WINDOW ? Number.NaN : sum / WINDOW;
      state[at] = steps + 1;
      state[at + 1] = mean;
      state[at + 2] = price;
    },
    snapshot: () => new Uint8Array(state.slice().buffer),
    restore: (octets) => { state.set(new Float64Array(octets.slice().buffer)); },
  };
};
