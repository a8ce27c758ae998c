import type {FeatureKind} from '../feature-kind.ts';
import {add, div, mul, sub} from '../ir/expression.ts';
import {derive, lagged} from '../series/inputs.ts';
import {momentsOf, ratio, slope, type ZeroRule} from '../series/window-moments.ts';
import {applied} from './math.ts';

const windowed = {inputs: ['price'], seed: 'none', nanPolicy: 'window', scale: 'price'} as const;

/**
 * The least squares line through the last n prices: at the newest (`linreg`), one tick further (`tsf`), at the oldest (`linregintercept`), its angle in
 * degrees, how much of the spread it explains (`r2`), and how far in percent the price is from what the line a tick ago expected (`fosc`).
 */
export const linreg: FeatureKind = {
  kind: 'linreg', outputs: ['linreg', 'tsf', 'linregintercept', 'linregangle', 'r2', 'fosc'], windowNames: ['window'], conventions: {...windowed, zeroRule: 'nan'}, zeroRules: ['zero'],
  build: (b, spec, from) => {
    const [w = 2] = spec.windows, x = from.raw('price'), of = momentsOf(b, x, w), m = slope(b, x, w), rule = spec.zeroRule as ZeroRule;
    const at = (place: number): ReturnType<typeof derive> => derive(b, `line at ${place}`, [of.mean, m], (mean, s) => add(mean!, mul(place, s!)));
    switch (spec.output) {
      case 'linreg': return {linreg: at((w - 1) / 2)};
      case 'tsf': return {tsf: at((w + 1) / 2)};
      case 'linregintercept': return {linregintercept: at((1 - w) / 2)};
      case 'linregangle': return {linregangle: applied(b, 'todeg', applied(b, 'atan', m))};
      case 'r2': return {r2: derive(b, `r2 ${rule}`, [m, of.squares], (s, q) => ratio(mul(mul(s!, s!), (w * (w * w - 1)) / 12), q!, rule))};
      default: {
        const expected = derive(b, 'was', [lagged(b, at((w + 1) / 2), 1)], (v) => v!);
        return {fosc: derive(b, `fosc ${rule}`, [x, expected], (p, e) => ratio(mul(100, sub(p!, e!)), p!, rule))};
      }
    }
  },
};

/** Least squares residual: deviation of the last n prices from their line, of the population or with n - 2. */
export const residual: FeatureKind = {
  kind: 'residual', outputs: ['residual'], windowNames: ['window'], ddofs: [0], conventions: {...windowed, ddof: 2, scale: 'deviation'},
  build: (b, spec, from) => {
    const [w = 3] = spec.windows, x = from.raw('price'), of = momentsOf(b, x, w), m = slope(b, x, w);
    const left = derive(b, `left ${spec.ddof} ${w}`, [of.squares, m], (q, s) => div(sub(q!, mul(mul(s!, s!), (w * (w * w - 1)) / 12)), w - spec.ddof!));
    return {residual: applied(b, 'sqrt', derive(b, 'not below zero', [left], (v) => ({k: 'binary', op: 'max', a: v!, b: {k: 'const', value: 0}})))};
  },
};
