import type {FeatureKind} from '../feature-kind.ts';
import {add, div, mul, sqrt, sub} from '../ir/expression.ts';
import {derive} from '../series/inputs.ts';
import {aloneOrPair} from '../series/sources.ts';
import {deviation, fourthMoment, levelMoments, momentsOf, ratio, returnMoments, slope as slopeOf, type ZeroRule} from '../series/window-moments.ts';

const windowed = {inputs: ['price'], seed: 'none', nanPolicy: 'window'} as const;

/** Deviation, variance, the distance of the price from the mean in deviations (`z`), and the standard error of the mean. */
export const std: FeatureKind = {
  kind: 'std', outputs: ['std', 'var', 'z', 'stderr'], windowNames: ['window'], ddofs: [0], conventions: {...windowed, ddof: 1, zeroRule: 'zero', scale: 'deviation'},
  build: (b, spec, from) => {
    const [w = 1] = spec.windows, of = momentsOf(b, from.raw('price'), w), sd = deviation(b, of, w, spec.ddof!);
    if (spec.output === 'std') return {std: sd};
    if (spec.output === 'stderr') return {stderr: derive(b, `stderr ${w}`, [sd], (s) => mul(s!, 1 / Math.sqrt(w)))};
    if (spec.output === 'var') return {var: derive(b, `var ${spec.ddof} ${w}`, [of.squares], (q) => mul(q!, 1 / (w - spec.ddof!)))};
    return {z: derive(b, `z ${spec.zeroRule}`, [of.distance, sd], (d, s) => ratio(d!, s!, spec.zeroRule as ZeroRule))};
  },
};

/** Mean and bands of so many deviations around it. `bbp` is the place of the price between them, `bbw` their distance as a part of the mean. */
export const bollinger: FeatureKind = {
  kind: 'bollinger', outputs: ['bbu', 'bbm', 'bbl', 'bbp', 'bbw'], windowNames: ['window'], paramNames: ['deviations'], ddofs: [0],
  conventions: {...windowed, ddof: 1, zeroRule: 'half', scale: 'price'}, zeroRules: ['nan'],
  build: (b, spec, from) => {
    const [w = 1] = spec.windows, of = momentsOf(b, from.raw('price'), w), sd = deviation(b, of, w, spec.ddof!);
    const name = `bands ${spec.ddof} ${w} ${spec.params[0]}`;
    const wide = derive(b, `${name} width`, [sd], (s) => mul(spec.params[0]!, s!));
    const upper = derive(b, `${name} upper`, [of.mean, wide], (m, x) => add(m!, x!)), lower = derive(b, `${name} lower`, [of.mean, wide], (m, x) => sub(m!, x!));
    switch (spec.output) {
      case 'bbu': return {bbu: upper};
      case 'bbl': return {bbl: lower};
      case 'bbm': return {bbm: of.mean};
      case 'bbw': return {bbw: derive(b, `${name} part`, [upper, lower, of.mean], (u, l, m) => div(sub(u!, l!), m!))};
      // from the anchored distance, so that large prices lose nothing
      default: return {bbp: derive(b, `${name} place ${spec.zeroRule}`, [of.distance, wide], (d, x) => ratio(add(d!, x!), mul(2, x!), spec.zeroRule as ZeroRule))};
    }
  },
};

/** Slope of the least squares line through the last n prices, a tick. */
export const slope: FeatureKind = {
  kind: 'slope', outputs: ['slope'], windowNames: ['window'], conventions: {...windowed, scale: 'deviation'},
  build: (b, spec, from) => ({slope: slopeOf(b, from.raw('price'), spec.windows[0]!)}),
};

/** G1 of the returns, corrected for bias; NaN where they do not move. */
export const skew: FeatureKind = {
  kind: 'skew', outputs: ['skew'], windowNames: ['window'], conventions: {...windowed, zeroRule: 'nan', scale: 'one'}, zeroRules: ['zero'],
  build: (b, spec, from) => {
    const [w = 1] = spec.windows, {variance, third} = returnMoments(b, aloneOrPair(b, from.raw('price')), w);
    return {skew: derive(b, `skew ${spec.zeroRule} ${w}`, [variance, third], (v, t) => mul(ratio(t!, mul(v!, sqrt(v!)), spec.zeroRule as ZeroRule), Math.sqrt(w * (w - 1)) / (w - 2)))};
  },
};

/** G2 of the returns, corrected for bias, as pandas `kurt`. */
export const kurtosis: FeatureKind = {
  kind: 'kurt', outputs: ['kurt'], windowNames: ['window'], conventions: {...windowed, zeroRule: 'nan', scale: 'one'},
  build: (b, spec, from) => {
    const both = aloneOrPair(b, from.raw('price')), [n = 1] = spec.windows, {variance} = returnMoments(b, both, n), fourth = fourthMoment(b, both, n);
    const wide = ((n - 1) * (n + 1)) / ((n - 2) * (n - 3)), less = (3 * (n - 1) * (n - 1)) / ((n - 2) * (n - 3));
    return {kurt: derive(b, `kurt ${n}`, [variance, fourth], (v, f) => sub(mul(ratio(f!, mul(v!, v!), 'nan'), wide), less))};
  },
};

/** Correlation, covariance, slope and explained part of price over reference themselves, where `pair` looks at their returns. */
export const levelPair: FeatureKind = {
  kind: 'levelpair', outputs: ['levelcorr', 'levelcov', 'levelbeta', 'levelr2'], windowNames: ['window'], ddofs: [0], conventions: {...windowed, inputs: ['price', 'reference'], ddof: 1, zeroRule: 'nan', scale: 'one'}, zeroRules: ['zero'],
  build: (b, spec, from) => {
    const [w = 1] = spec.windows, rule = spec.zeroRule as ZeroRule, m = levelMoments(b, {x: from.raw('price'), y: from.raw('reference')}, w);
    if (spec.output === 'levelcov') return {levelcov: derive(b, `level cov ${spec.ddof} ${w}`, [m.products], (p) => mul(p!, 1 / (w - spec.ddof!)))};
    if (spec.output === 'levelbeta') return {levelbeta: derive(b, `level beta ${rule}`, [m.products, m.otherSquares], (p, q) => ratio(p!, q!, rule))};
    const corr = derive(b, `level corr ${rule}`, [m.products, m.squares, m.otherSquares], (p, x, y) => ratio(p!, sqrt(mul(x!, y!)), rule));
    return spec.output === 'levelcorr' ? {levelcorr: corr} : {levelr2: derive(b, 'square', [corr], (c) => mul(c!, c!))};
  },
};

/** Pearson's correlation, covariance and slope between the returns of price and reference. */
export const pair: FeatureKind = {
  kind: 'pair', outputs: ['corr', 'beta', 'cov'], windowNames: ['window'], ddofs: [0], conventions: {...windowed, inputs: ['price', 'reference'], ddof: 1, zeroRule: 'nan', scale: 'one'}, zeroRules: ['zero'],
  build: (b, spec, from) => {
    const [w = 1] = spec.windows, rule = spec.zeroRule as ZeroRule, m = returnMoments(b, {x: from.raw('price'), y: from.raw('reference')}, w);
    if (spec.output === 'cov') return {cov: derive(b, `cov ${spec.ddof} ${w}`, [m.covariance], (c) => mul(c!, w / (w - spec.ddof!)))};
    if (spec.output === 'beta') return {beta: derive(b, `beta ${rule}`, [m.covariance, m.otherVariance], (c, v) => ratio(c!, v!, rule))};
    const scale = derive(b, 'corr scale', [m.variance, m.otherVariance], (p, q) => sqrt(mul(p!, q!)));
    return {corr: derive(b, `corr ${rule}`, [m.covariance, scale], (c, s) => ratio(c!, s!, rule))};
  },
};
