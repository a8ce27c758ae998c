import type {FeatureKind} from '../feature-kind.ts';
import {add, atMost, div, equal, lessThan, max, min, mul, num, select, sub, type Expression} from '../ir/expression.ts';
import type {ProgramBuilder} from '../ir/program-builder.ts';
import {derive, lagged, startingAt} from '../series/inputs.ts';
import {smoothed, spanOf} from '../series/recursive.ts';
import type {Series} from '../series/series.ts';

interface Range {readonly shortest: number; readonly longest: number}

/** Plain or weighted mean of the last values, as many as `period` says: looks at each of the longest window. */
const looked = (b: ProgramBuilder, {x, period}: {x: Series; period: Series}, {longest, isWeighted}: {longest: number; isWeighted: boolean}): Series => {
  const older = lagged(b, x, longest), key = `variable ${isWeighted ? 'weighted ' : ''}mean ${longest} (${x.key}, ${period.key})`;
  return b.unit(key, (u) => {
    if (older.value.k !== 'past') return {...x, key};
    const {field} = older.value, sum = u.slot(), count = u.slot(), age = u.slot();
    u.set(sum, 0); u.set(count, 0); u.set(age, longest);
    u.loop(longest, () => {
      const old: Expression = {k: 'visited', field}, isIn = u.let(select(atMost(u.load(age), period.value), 1, 0)), counted = u.let(add(u.load(count), isIn));
      u.set(count, counted);
      u.set(sum, add(u.load(sum), select(equal(isIn, 1), isWeighted ? mul(counted, old) : old, 0)));
      u.set(age, sub(u.load(age), 1));
    });
    const counted = u.let(u.load(count)), weight = isWeighted ? u.let(mul(mul(counted, add(counted, 1)), 0.5)) : counted;
    return {key, value: u.let(div(u.load(sum), weight)), start: Math.max(x.start + longest - 1, period.start), inputs: []};
  });
};

/** An exponential mean for every period there can be; all have their first value where the longest has. */
const chosen = (b: ProgramBuilder, {x, period}: {x: Series; period: Series}, {shortest, longest}: Range): Series => {
  const means = Array.from({length: longest - shortest + 1}, (_, i) => smoothed(b, startingAt(x, x.start + longest - shortest - i), spanOf(shortest + i, 'sma-seed', 'pull')));
  return derive(b, 'variable ema', [...means, period], (...values) => {
    const wanted = values.at(-1)!;
    return values.slice(1, -1).reduce((inner, mean, i) => select(lessThan(wanted, shortest + i + 1), inner, mean), values[0] ?? num(0));
  });
};

/** A mean whose period is a series too (`reference` in its place), cut to whole ticks between two bounds. The work of a tick grows with the longest, for `ema` the state too. */
export const variableMean: FeatureKind = {
  kind: 'variablemean', outputs: ['variablemean'], windowNames: ['shortest', 'longest'], seeds: ['wma', 'ema'], conventions: {inputs: ['price', 'reference'], seed: 'sma', nanPolicy: 'last', scale: 'price'},
  build: (b, spec, from) => {
    const [one = 1, other = 1] = spec.windows, range: Range = {shortest: Math.min(one, other), longest: Math.max(one, other)}, x = from.held('price');
    const period = derive(b, `within ${range.shortest} ${range.longest}`, [from.held('reference')], (p) => min(max(p!, range.shortest), range.longest));
    const made = spec.seed === 'ema' ? chosen(b, {x, period}, range) : looked(b, {x, period}, {longest: range.longest, isWeighted: spec.seed === 'wma'});
    return {variablemean: made};
  },
};
