import type {FeatureKind} from '../feature-kind.ts';
import {arcCosine, arcSine} from '../functions/arc.ts';
import {arcTangent, cosine, sine, tangent} from '../functions/circular.ts';
import {exponential, hyperbolicCosine, hyperbolicSine, hyperbolicTangent} from '../functions/exponential.ts';
import {logarithm, logarithm10} from '../functions/logarithm.ts';
import {root, type RealFunction} from '../functions/real-function.ts';
import {ceiling, floor, rounded, truncated} from '../functions/rounding.ts';
import {abs, add, atMost, div, lessThan, max, min, mul, select, sub, type Expression} from '../ir/expression.ts';
import type {ProgramBuilder} from '../ir/program-builder.ts';
import {derive, lagged, previous} from '../series/inputs.ts';
import type {Series} from '../series/series.ts';
import {ratio} from '../series/window-moments.ts';

const FUNCTIONS: Readonly<Record<string, RealFunction>> = {
  abs: (u, x) => u.let(abs(x)), acos: arcCosine, asin: arcSine, atan: arcTangent, ceil: ceiling, cos: cosine, cosh: hyperbolicCosine, exp: exponential, floor, ln: logarithm, log10: logarithm10,
  round: rounded, sin: sine, sinh: hyperbolicSine, sqrt: root, tan: tangent, tanh: hyperbolicTangent, todeg: (u, x) => u.let(mul(x, 180 / Math.PI)), torad: (u, x) => u.let(mul(x, Math.PI / 180)), trunc: truncated,
};

/** One of the functions above, of a series. */
export const applied = (b: ProgramBuilder, name: string, x: Series): Series => b.unit(`${name} (${x.key})`, (u) => ({key: `${name} (${x.key})`, value: FUNCTIONS[name]!(u, u.let(x.value)), start: x.start, inputs: x.inputs}));

const plain = {inputs: ['price'], seed: 'none', nanPolicy: 'window', scale: 'value'} as const;
const two = {...plain, inputs: ['price', 'reference']} as const;

/** A function of one number. `round` takes halves away from zero, `ln` is natural, angles are radians. */
export const math: FeatureKind = {
  kind: 'math', outputs: Object.keys(FUNCTIONS), windowNames: [], conventions: plain,
  build: (b, spec, from) => ({[spec.output]: applied(b, spec.output, from.raw('price'))}),
};

/** x * factor + offset: other units. */
export const scaled: FeatureKind = {
  kind: 'scaled', outputs: ['scaled'], windowNames: [], paramNames: ['factor', 'offset'], conventions: plain,
  build: (b, spec, from) => ({scaled: derive(b, `scaled ${spec.params.join(' ')}`, [from.raw('price')], (x) => add(mul(x!, spec.params[0]!), spec.params[1]!))}),
};

const OPERATIONS: Readonly<Record<string, (x: Expression, y: Expression) => Expression>> = {add, sub, mul, div: (x, y) => ratio(x, y, 'nan'), larger: max, smaller: min};

/** Price and reference (or whatever stands for them) joined by one operation. */
export const arithmetic: FeatureKind = {
  kind: 'arithmetic', outputs: Object.keys(OPERATIONS), windowNames: [], conventions: {...two, zeroRule: 'nan'},
  build: (b, spec, from) => ({[spec.output]: derive(b, spec.output, [from.raw('price'), from.raw('reference')], (x, y) => OPERATIONS[spec.output]!(x!, y!))}),
};

/** 1 on the tick on which the first series comes to stand above the second (`crossover`), below it (`crossunder`) or on either side (`crossany`); and 1 while it stands there (`above`, `below`). */
export const cross: FeatureKind = {
  kind: 'cross', outputs: ['crossany', 'crossover', 'crossunder', 'above', 'below'], windowNames: [], conventions: {...two, nanPolicy: 'last'},
  build: (b, spec, from) => {
    const x = from.held('price'), y = from.held('reference');
    if (spec.output === 'above') return {above: derive(b, 'above', [x, y], (a, c) => select(lessThan(c!, a!), 1, 0))};
    if (spec.output === 'below') return {below: derive(b, 'below', [x, y], (a, c) => select(lessThan(a!, c!), 1, 0))};
    const parts = [x, y, previous(b, x), previous(b, y)];
    const above = (a: Expression, c: Expression, was: Expression, wasC: Expression): Expression => select(lessThan(c, a), select(atMost(was, wasC), 1, 0), 0);
    const over = derive(b, 'crossover', parts, (a, c, was, wasC) => above(a!, c!, was!, wasC!)), under = derive(b, 'crossunder', parts, (a, c, was, wasC) => above(c!, a!, wasC!, was!));
    return spec.output === 'crossover' ? {crossover: over} : spec.output === 'crossunder' ? {crossunder: under} : {crossany: derive(b, 'crossany', [over, under], (o, w) => max(o!, w!))};
  },
};

/** The highest value so far, which fades: by 1/n a tick (`decay`) or by the n-th part of itself (`edecay`). */
export const decay: FeatureKind = {
  kind: 'decay', outputs: ['decay', 'edecay'], windowNames: ['periods'], conventions: {...plain, nanPolicy: 'last'},
  build: (b, spec, from) => {
    const x = from.held('price'), [n = 1] = spec.windows, key = `${spec.output} ${n} ${x.key}`;
    return {[spec.output]: b.unit(key, (u) => {
      const slot = u.slot(), last = u.load(slot);
      const faded = u.let(spec.output === 'decay' ? sub(last, 1 / n) : mul(last, 1 - 1 / n));
      const value = u.let(select({k: 'before', ticks: x.start + 1}, x.value, max(x.value, faded)));
      u.set(slot, value);
      return {key, value, start: x.start, inputs: []};
    })};
  },
};

/** The value n ticks ago. */
export const lag: FeatureKind = {
  kind: 'lag', outputs: ['lag'], windowNames: ['lag'], conventions: plain,
  build: (b, spec, from) => ({lag: derive(b, 'lag', [lagged(b, from.raw('price'), spec.windows[0]!)], (x) => x!)}),
};

/** Prices made of a bar. */
export const barPrice: FeatureKind = {
  kind: 'barprice', outputs: ['medprice', 'typprice', 'wcprice', 'avgprice'], windowNames: [], conventions: {...plain, inputs: ['open', 'high', 'low', 'price'], scale: 'price'},
  build: (b, spec, from) => {
    const [h, l, c] = [from.raw('high'), from.raw('low'), from.raw('price')];
    switch (spec.output) {
      case 'medprice': return {medprice: derive(b, 'medprice', [h, l], (x, y) => mul(add(x!, y!), 0.5))};
      case 'typprice': return {typprice: derive(b, 'typprice', [h, l, c], (x, y, z) => div(add(add(x!, y!), z!), 3))};
      case 'wcprice': return {wcprice: derive(b, 'wcprice', [h, l, c], (x, y, z) => mul(add(add(x!, y!), mul(2, z!)), 0.25))};
      default: return {avgprice: derive(b, 'avgprice', [from.raw('open'), h, l, c], (o, x, y, z) => mul(add(add(add(o!, x!), y!), z!), 0.25))};
    }
  },
};
