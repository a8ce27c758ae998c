import type {FeatureKind} from '../feature-kind.ts';
import {add, div, mul, sub} from '../ir/expression.ts';
import {derive, raw} from '../series/inputs.ts';
import {extreme} from '../series/extremes.ts';
import {ratio, type ZeroRule} from '../series/window-moments.ts';

const windowed = {inputs: ['high', 'low', 'price'], seed: 'none', nanPolicy: 'window', tieRule: 'newest'} as const;

/** Highest high and lowest low of a window, the middle between, and where the price stands between them in percent. */
export const channel: FeatureKind = {
  kind: 'channel', outputs: ['max', 'min', 'mid', 'width', 'stoch'], windowNames: ['window'], conventions: {...windowed, zeroRule: 'fifty', scale: 'price'}, zeroRules: ['zero', 'nan'],
  build: (b, spec) => {
    const [w = 1] = spec.windows;
    const high = extreme(b, 'max', raw(b, 'high'), w);
    if (spec.output === 'max') return {max: high};
    const low = extreme(b, 'min', raw(b, 'low'), w);
    switch (spec.output) {
      case 'min': return {min: low};
      case 'mid': return {mid: derive(b, `mid ${w}`, [high, low], (h, l) => div(add(h!, l!), 2))};
      case 'width': return {width: derive(b, `width ${w}`, [high, low, derive(b, `mid ${w}`, [high, low], (h, l) => div(add(h!, l!), 2))], (h, l, m) => div(sub(h!, l!), m!))};
      default: return {stoch: derive(b, `stoch ${spec.zeroRule} ${w}`, [high, low, raw(b, 'price')], (h, l, p) => ratio(mul(100, sub(p!, l!)), sub(h!, l!), spec.zeroRule as ZeroRule))};
    }
  },
};
