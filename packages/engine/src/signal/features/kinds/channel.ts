import type {FeatureKind} from '../feature-kind.ts';
import {add, div, mul, sub} from '../ir/expression.ts';
import type {ProgramBuilder} from '../ir/program-builder.ts';
import {derive} from '../series/inputs.ts';
import {extreme} from '../series/extremes.ts';
import type {Series} from '../series/series.ts';
import {ratio, type ZeroRule} from '../series/window-moments.ts';

const windowed = {inputs: ['high', 'low', 'price'], seed: 'none', nanPolicy: 'window', tieRule: 'newest'} as const;

const middle = (b: ProgramBuilder, high: Series, low: Series): Series => derive(b, 'mid', [high, low], (h, l) => div(add(h!, l!), 2));

/** Highest high and lowest low of a window, the middle between, and where the price stands between them in percent. */
export const channel: FeatureKind = {
  kind: 'channel', outputs: ['max', 'min', 'mid', 'width', 'stoch'], windowNames: ['window'], conventions: {...windowed, zeroRule: 'fifty', scale: 'price'}, zeroRules: ['zero', 'nan'],
  build: (b, spec, from) => {
    const [w = 1] = spec.windows;
    const high = extreme(b, 'max', from.raw('high'), w);
    if (spec.output === 'max') return {max: high};
    const low = extreme(b, 'min', from.raw('low'), w);
    switch (spec.output) {
      case 'min': return {min: low};
      case 'mid': return {mid: middle(b, high, low)};
      case 'width': return {width: derive(b, 'width', [high, low, middle(b, high, low)], (h, l, m) => div(sub(h!, l!), m!))};
      default: return {stoch: derive(b, `stoch ${spec.zeroRule}`, [high, low, from.raw('price')], (h, l, p) => ratio(mul(100, sub(p!, l!)), sub(h!, l!), spec.zeroRule as ZeroRule))};
    }
  },
};
