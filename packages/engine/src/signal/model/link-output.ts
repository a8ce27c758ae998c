import type {Forest, Link} from './forest.ts';

/** Writes what the library's `predict` returns for these raw sums; `raw` is not changed. */
export type LinkOutput = (raw: Float64Array, values: Float64Array) => void;

/** values that one row gives */
export const valueCount = (forest: Forest): number => forest.link.kind === 'softmax-class' ? 1 : forest.rawCount;

const MAX_EXPONENT = 88.7;

const singleSigmoid = (x: number): number => Math.fround(1 / Math.fround(Math.fround(Math.exp(Math.min(-x, Math.fround(MAX_EXPONENT)))) + 1));
const SCALARS: Readonly<Record<Exclude<Link['kind'], 'softmax' | 'softmax-class' | 'sort'>, (x: number, scale: number) => number>> = {
  identity: (x) => x,
  sigmoid: (x, scale) => 1 / (1 + Math.exp(-scale * x)),
  exp: (x) => Math.exp(x),
  'signed-square': (x) => Math.sign(x) * x * x,
  'log1p-exp': (x) => Math.log1p(Math.exp(x)),
  step: (x) => x > 0 ? 1 : 0,
};

const argmax = (raw: Float64Array): number => {
  let best = 0;
  for (let i = 1; i < raw.length; i++) if ((raw[i] ?? NaN) > (raw[best] ?? NaN)) best = i;
  return best;
};

const softmax = (raw: Float64Array, divisor: number, values: Float64Array, round: (x: number) => number): void => {
  let top = (raw[0] ?? NaN) / divisor;
  for (let i = 1; i < raw.length; i++) top = Math.max(top, (raw[i] ?? NaN) / divisor);
  let sum = 0;
  for (let i = 0; i < raw.length; i++) {
    const power = round(Math.exp(round((raw[i] ?? NaN) / divisor - top)));
    values[i] = power;
    sum += power;
  }
  const whole = round(sum);
  for (let i = 0; i < raw.length; i++) values[i] = round((values[i] ?? NaN) / whole);
};

/** The transform of a forest; exponentials are those of this machine's Math, which may differ from the library's in the last places. */
export const linkOutput = ({link, divisor, precision}: Forest): LinkOutput => {
  const isSingle = precision === 'single';
  const round = isSingle ? Math.fround : (x: number): number => x;
  if (link.kind === 'softmax-class') return (raw, values) => { values[0] = argmax(raw); };
  if (link.kind === 'sort') return (raw, values) => { values.set(raw); values.sort(); };
  if (link.kind === 'softmax') return (raw, values) => { softmax(raw, divisor, values, round); };
  const scalar = isSingle && link.kind === 'sigmoid' ? singleSigmoid : SCALARS[link.kind];
  const {scale} = link;
  return (raw, values) => { for (let i = 0; i < raw.length; i++) values[i] = round(scalar((raw[i] ?? NaN) / divisor, scale)); };
};
