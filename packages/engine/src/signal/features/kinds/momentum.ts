import type {FeatureKind} from '../feature-kind.ts';
import type {FeatureSpec} from '../feature-spec.ts';
import {abs, add, mul, sub} from '../ir/expression.ts';
import type {ProgramBuilder} from '../ir/program-builder.ts';
import {derive, fall, lagged, previous, rise, startingAt} from '../series/inputs.ts';
import {smoothed, spanOf, wilderOf, type Seed, type Smoothing} from '../series/recursive.ts';
import type {Series} from '../series/series.ts';
import {ratio, type ZeroRule} from '../series/window-moments.ts';

const RSI_SEEDS: Readonly<Record<string, Seed>> = {'wilder-first': 'first-value', 'wilder-talib': 'sma-seed', 'ewm-adjust': 'ewm-adjust', ewm: 'first-value'};

/** The plain `ewm` counts a first difference of nothing, the others begin with the first real one. */
const rsiSmoothing = (spec: FeatureSpec): Smoothing => wilderOf(spec.windows[0]!, RSI_SEEDS[spec.seed]!, spec.seed === 'wilder-talib' ? 'wilder' : 'blend');

export const rsiOf = (b: ProgramBuilder, x: Series, spec: FeatureSpec): Series => {
  const how = rsiSmoothing(spec);
  const shift = (s: Series): Series => (spec.seed === 'ewm' ? s : startingAt(s, x.start + 1));
  const up = smoothed(b, shift(rise(b, x)), how), down = smoothed(b, shift(fall(b, x)), how);
  return b.unit(`rsi ${spec.zeroRule} ${up.key}`, (u) => {
    const all = u.let(add(up.value, down.value));
    return {key: `rsi ${spec.zeroRule} ${up.key}`, value: u.let(ratio(mul(100, up.value), all, spec.zeroRule as ZeroRule)), start: up.start, inputs: []};
  });
};

export const rsi: FeatureKind = {
  kind: 'rsi', outputs: ['rsi'], windowNames: ['periods'], seeds: ['wilder-talib', 'ewm-adjust', 'ewm'], zeroRules: ['zero', 'nan', 'hundred'],
  conventions: {inputs: ['price'], seed: 'wilder-first', nanPolicy: 'last', zeroRule: 'fifty', scale: 'one'},
  build: (b, spec, from) => ({rsi: rsiOf(b, from.held('price'), spec)}),
};

/** MACD with each mean on its own periods; `talib` begins the fast one with the last values of the slow one's seed. */
export const macd: FeatureKind = {
  kind: 'macd', outputs: ['macd', 'macds', 'macdh'], windowNames: ['fast', 'slow', 'signal'], seeds: ['sma-seed', 'talib'],
  conventions: {inputs: ['price'], seed: 'first-value', nanPolicy: 'last', scale: 'price'},
  build: (b, spec, from) => {
    const [fast = 1, slow = 1, signal = 1] = spec.windows, seed: Seed = spec.seed === 'first-value' ? 'first-value' : 'sma-seed';
    const x = from.held('price'), late = spec.seed === 'talib' ? startingAt(x, x.start + slow - fast) : x;
    const quick = smoothed(b, late, spanOf(fast, seed)), calm = smoothed(b, x, spanOf(slow, seed));
    const line = derive(b, 'macd', [quick, calm], (f, s) => sub(f!, s!));
    const mean = smoothed(b, line, spanOf(signal, seed));
    return {macd: line, macds: mean, macdh: derive(b, 'macdh', [line, mean], (l, m) => sub(l!, m!))};
  },
};

const windowed = {inputs: ['price'], seed: 'none', nanPolicy: 'window', scale: 'one'} as const;

/** Price over the price n ticks ago, less one. */
export const ret: FeatureKind = {
  kind: 'ret', outputs: ['ret'], windowNames: ['lag'], conventions: {...windowed, zeroRule: 'nan'},
  build: (b, spec, from) => {
    const x = from.raw('price'), old = lagged(b, x, spec.windows[0]!), key = `ret ${old.key}`;
    return {ret: b.unit(key, (u) => {
      const was = u.let(old.value);
      return {key, value: u.let(ratio(sub(x.value, was), was, 'nan')), start: old.start, inputs: x.inputs};
    })};
  },
};

/** Exponential mean of the size of the returns. */
export const absoluteReturn: FeatureKind = {
  kind: 'emaabs', outputs: ['emaabs'], windowNames: ['span'], seeds: ['ewm-adjust'], conventions: {...windowed, seed: 'first-value', nanPolicy: 'last'},
  build: (b, spec, from) => {
    const x = from.held('price'), last = previous(b, x), key = `return ${x.key}`;
    const step = b.unit(key, (u) => ({key, value: u.let(abs(u.let(ratio(sub(x.value, last.value), last.value, 'nan')))), start: x.start + 1, inputs: []}));
    return {emaabs: smoothed(b, step, spanOf(spec.windows[0]!, spec.seed as Seed))};
  },
};
