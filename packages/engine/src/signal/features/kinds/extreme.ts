import type {FeatureKind} from '../feature-kind.ts';
import {add, mul, sub} from '../ir/expression.ts';
import {extreme as extremeOf, extremeAge} from '../series/extremes.ts';
import {derive} from '../series/inputs.ts';

/** Extremes of the last n values of one series, how many ticks ago they were, their distance and the middle between. */
export const extreme: FeatureKind = {
  kind: 'extreme', outputs: ['highest', 'lowest', 'highestage', 'lowestage', 'range', 'midpoint'], windowNames: ['window'],
  conventions: {inputs: ['price'], seed: 'none', nanPolicy: 'window', tieRule: 'newest', scale: 'price'},
  build: (b, spec, from) => {
    const [w = 1] = spec.windows, x = from.raw('price');
    switch (spec.output) {
      case 'highest': return {highest: extremeOf(b, 'max', x, w)};
      case 'lowest': return {lowest: extremeOf(b, 'min', x, w)};
      case 'highestage': return {highestage: extremeAge(b, 'max', x, w)};
      case 'lowestage': return {lowestage: extremeAge(b, 'min', x, w)};
      default: {
        const ends = [extremeOf(b, 'max', x, w), extremeOf(b, 'min', x, w)];
        return spec.output === 'range' ? {range: derive(b, 'range', ends, (h, l) => sub(h!, l!))} : {midpoint: derive(b, 'midpoint', ends, (h, l) => mul(add(h!, l!), 0.5))};
      }
    }
  },
};
