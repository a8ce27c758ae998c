import type {FeatureKind} from '../feature-kind.ts';
import type {FeatureSpec} from '../feature-spec.ts';
import {abs, add, before, mul, select, sub} from '../ir/expression.ts';
import type {ProgramBuilder} from '../ir/program-builder.ts';
import {derive, fall, lagged, previous, rise, startingAt} from '../series/inputs.ts';
import {smoothed, spanOf, wilderOf, type Seed, type Smoothing} from '../series/recursive.ts';
import type {Series} from '../series/series.ts';
import {windowMean} from '../series/window-means.ts';
import {ratio, type ZeroRule} from '../series/window-moments.ts';

const RSI_SEEDS: Readonly<Record<string, Seed>> = {talipp: 'sma-seed', 'wilder-first': 'first-value', 'wilder-talib': 'sma-seed', 'ewm-adjust': 'ewm-adjust', ewm: 'first-value'};

/** `talipp` begins with the mean of one change less and shows nothing yet. The plain `ewm` counts a first difference of nothing, the others begin with the first real one. */
const rsiSmoothing = (spec: FeatureSpec): Smoothing => {
  const [n = 1] = spec.windows, how = wilderOf(n, RSI_SEEDS[spec.seed]!, RSI_SEEDS[spec.seed] === 'sma-seed' ? 'wilder' : 'blend');
  return spec.seed === 'talipp' ? {...how, seedCount: Math.max(1, n - 1)} : how;
};

export const rsiOf = (b: ProgramBuilder, x: Series, spec: FeatureSpec): Series => {
  const how = rsiSmoothing(spec);
  const shift = (s: Series): Series => startingAt(s, spec.seed === 'ewm' ? x.start : x.start + 1);
  const mean = (s: Series): Series => (spec.seed === 'sma' ? windowMean(b, shift(s), spec.windows[0]!) : smoothed(b, shift(s), how));
  const up = mean(rise(b, x)), down = mean(fall(b, x));
  return b.unit(`rsi ${spec.seed} ${spec.zeroRule} ${up.key}`, (u) => {
    const all = u.let(add(up.value, down.value));
    return {key: `rsi ${spec.seed} ${spec.zeroRule} ${up.key}`, value: u.let(ratio(mul(100, up.value), all, spec.zeroRule as ZeroRule)), start: spec.seed === 'talipp' ? x.start + spec.windows[0]! : up.start, inputs: []};
  });
};

/** Relative strength. `sma` is Cutler's: plain means instead of Wilder's. */
export const rsi: FeatureKind = {
  kind: 'rsi', outputs: ['rsi'], windowNames: ['periods'], seeds: ['wilder-talib', 'ewm-adjust', 'ewm', 'talipp', 'sma'], zeroRules: ['zero', 'nan', 'hundred'],
  conventions: {inputs: ['price'], seed: 'wilder-first', nanPolicy: 'last', zeroRule: 'fifty', scale: 'one'},
  build: (b, spec, from) => ({rsi: rsiOf(b, from.held('price'), spec)}),
};

/** 12 and 26 periods as they were before anyone had a calculator. */
const FIXED_ALPHAS: Readonly<Record<number, number>> = {12: 0.15, 26: 0.075};

/**
 * MACD with each mean on its own periods; `talib` begins the fast one with the last values of the slow one's seed. `talib-fixed` and, for 12 and 26
 * together, `tulip` have alphas 0.15 and 0.075; `tulip` and `first-late` begin all means with first values and the signal when the slow one has seen its window.
 */
export const macd: FeatureKind = {
  kind: 'macd', outputs: ['macd', 'macds', 'macdh'], windowNames: ['fast', 'slow', 'signal'], seeds: ['sma-seed', 'talib', 'talib-fixed', 'tulip', 'first-late', 'ewm-adjust'],
  conventions: {inputs: ['price'], seed: 'first-value', nanPolicy: 'last', scale: 'price'},
  build: (b, spec, from) => {
    const [fast = 1, slow = 1, signal = 1] = spec.windows, isTalib = spec.seed.startsWith('talib'), isTulip = spec.seed === 'tulip', isLate = isTulip || spec.seed === 'first-late';
    const seed: Seed = isTalib ? 'sma-seed' : isLate ? 'first-value' : spec.seed as Seed, isFixed = (isTulip && fast === 12 && slow === 26) || spec.seed === 'talib-fixed';
    const how = (n: number): Smoothing => ({...spanOf(n, seed), ...(isFixed ? {alpha: FIXED_ALPHAS[n] ?? 2 / (n + 1)} : {})});
    const x = from.held('price'), late = isTalib ? startingAt(x, x.start + slow - fast) : x;
    const quick = smoothed(b, late, how(fast)), calm = smoothed(b, x, how(slow));
    const difference = derive(b, 'macd', [quick, calm], (f, s) => sub(f!, s!)), line = isLate ? startingAt(difference, x.start + slow - 1) : difference;
    const mean = smoothed(b, line, spanOf(signal, seed));
    return {macd: line, macds: mean, macdh: derive(b, 'macdh', [line, mean], (l, m) => sub(l!, m!))};
  },
};

const windowed = {inputs: ['price'], seed: 'none', nanPolicy: 'window', scale: 'one'} as const;

/** Price over the price n ticks ago, less one; with `first-zero` the ticks that have none before them changed nothing. */
export const ret: FeatureKind = {
  kind: 'ret', outputs: ['ret'], windowNames: ['lag'], seeds: ['first-zero'], conventions: {...windowed, zeroRule: 'nan'},
  build: (b, spec, from) => {
    const x = from.raw('price'), old = lagged(b, x, spec.windows[0]!), key = `ret ${old.key}`;
    const step = b.unit(key, (u) => {
      const was = u.let(old.value);
      return {key, value: u.let(ratio(sub(x.value, was), was, 'nan')), start: old.start, inputs: x.inputs};
    });
    if (spec.seed === 'first-zero') return {ret: startingAt(derive(b, 'from zero', [step], (r) => select(before(step.start), 0, r!)), x.start)};
    return {ret: step};
  },
};

/** Exponential mean of the size of the returns. A return from a price of 0 counts as none: as NaN it would stay in the mean for ever. */
export const absoluteReturn: FeatureKind = {
  kind: 'emaabs', outputs: ['emaabs'], windowNames: ['span'], seeds: ['ewm-adjust'], conventions: {...windowed, seed: 'first-value', nanPolicy: 'last'},
  build: (b, spec, from) => {
    const x = from.held('price'), last = previous(b, x), key = `return ${x.key}`;
    const step = b.unit(key, (u) => ({key, value: u.let(abs(u.let(ratio(sub(x.value, last.value), last.value, 'zero')))), start: x.start + 1, inputs: []}));
    return {emaabs: smoothed(b, step, spanOf(spec.windows[0]!, spec.seed as Seed))};
  },
};
