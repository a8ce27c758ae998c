import type {FeatureKind} from '../feature-kind.ts';
import type {FeatureSpec} from '../feature-spec.ts';
import {add, atMost, div, equal, lessThan, max, mul, NOT_A_NUMBER, num, select, sqrt, sub, type Expression, type Test} from '../ir/expression.ts';
import type {ProgramBuilder} from '../ir/program-builder.ts';
import {derive} from '../series/inputs.ts';
import type {Series} from '../series/series.ts';

const isFinite = (x: Expression): Test => equal(sub(x, x), 0);

/** Mean and spread with weights that fade: pandas' recursions with their operations in their order. */
const weighted = (b: ProgramBuilder, x: Series, spec: FeatureSpec): Record<'mean' | 'spread' | 'biased', Series> => {
  const [alpha = 1] = spec.params, [least = 1] = spec.windows, isAdjusted = spec.seed === 'ewm-adjust', fresh = isAdjusted ? 1 : alpha, fade = 1 - alpha;
  const key = `ewm ${spec.seed} ${spec.nanPolicy} ${alpha} ${least} ${x.key}`;
  return b.unit(key, (u) => {
    const [meanSlot, covSlot, weightSlot, sumSlot, squareSlot, countSlot] = [u.slot(), u.slot(), u.slot(), u.slot(), u.slot(), u.slot()] as [number, number, number, number, number, number];
    const now = u.let(x.value), seen = u.let(u.load(countSlot)), count = u.let(select(isFinite(now), add(seen, 1), seen));
    const isHere = isFinite(now), isFirst = equal(seen, 0), mean = u.let(u.load(meanSlot)), cov = u.let(u.load(covSlot));
    // time goes on where a value is missing, unless such ticks are passed over
    const faded = (slot: number, by: number): Expression => { const old = u.let(u.load(slot)); return u.let(spec.nanPolicy === 'decay' ? mul(old, by) : select(isHere, mul(old, by), old)); };
    const old = faded(weightSlot, fade), sum = faded(sumSlot, fade), squares = faded(squareSlot, fade * fade), whole = u.let(add(old, fresh));
    const moved = u.let(select(equal(mean, now), mean, div(add(mul(old, mean), mul(fresh, now)), whole)));
    const off = u.let(sub(mean, moved)), on = u.let(sub(now, moved)), spread = u.let(div(add(mul(old, add(cov, mul(off, off))), mul(fresh, mul(on, on))), whole));
    const value = (begun: Expression | number, later: Expression, missing: Expression): Expression => u.let(select(isHere, select(isFirst, begun, later), missing));
    const newMean = value(now, moved, mean), newCov = value(0, spread, cov), added = u.let(add(sum, fresh)), addedSquares = u.let(add(squares, fresh * fresh));
    const newSum = value(1, isAdjusted ? added : div(added, whole), sum), newSquares = value(1, isAdjusted ? addedSquares : div(addedSquares, mul(whole, whole)), squares);
    u.set(meanSlot, newMean); u.set(covSlot, newCov); u.set(countSlot, count); u.set(sumSlot, newSum); u.set(squareSlot, newSquares);
    u.set(weightSlot, value(1, isAdjusted ? whole : num(1), old));
    const enough = (v: Expression): Expression => u.let(select(atMost(least, count), v, NOT_A_NUMBER)), as = (name: string, v: Expression): Series => ({key: `${name} ${key}`, value: enough(v), start: x.start, inputs: []});
    const all = u.let(mul(newSum, newSum)), left = u.let(sub(all, newSquares));
    return {mean: as('mean', newMean), biased: as('biased', newCov), spread: as('spread', select(lessThan(0, left), mul(div(all, left), newCov), NOT_A_NUMBER))};
  });
};

/**
 * pandas `ewm(alpha=..., min_periods=observations)`: mean, variance (with `ddof` 0 `bias=True`) and deviation. `nanPolicy` `decay` is `ignore_na=False`,
 * `skip` is `ignore_na=True`. A span is alpha 2 / (span + 1), a centre of mass 1 / (1 + com).
 */
export const exponentiallyWeighted: FeatureKind = {
  kind: 'ewm', outputs: ['ewm', 'ewmvar', 'ewmstd'], windowNames: ['observations'], paramNames: ['alpha'], seeds: ['first-value'], ddofs: [0], nanPolicies: ['skip'],
  conventions: {inputs: ['price'], seed: 'ewm-adjust', ddof: 1, nanPolicy: 'decay', scale: 'value', class: 'EXACT', rel: 0},
  build: (b, spec, from) => {
    const made = weighted(b, from.raw('price'), spec), variance = spec.ddof === 0 ? made.biased : made.spread;
    if (spec.output === 'ewm') return {ewm: made.mean};
    return spec.output === 'ewmvar' ? {ewmvar: variance} : {ewmstd: derive(b, 'root', [variance], (v) => sqrt(max(v!, 0)))};
  },
};
