import {beforeAll, describe, expect, test} from 'vitest';
import {featureNamed} from '../catalogue.ts';
import {openEmitted, runModule} from '../fixtures/run-features.ts';
import {math} from '../kinds/math.ts';
import {ANGLE_MAX} from './circular.ts';

const own: Readonly<Record<string, (x: number) => number>> = {
  abs: Math.abs, acos: Math.acos, asin: Math.asin, atan: Math.atan, ceil: Math.ceil, cos: Math.cos, cosh: Math.cosh, exp: Math.exp, floor: Math.floor, ln: Math.log, log10: Math.log10, sin: Math.sin, sinh: Math.sinh, sqrt: Math.sqrt, tan: Math.tan, tanh: Math.tanh, trunc: Math.trunc,
  round: (x) => Math.sign(x) * Math.floor(Math.abs(x)) + (Math.abs(x) - Math.floor(Math.abs(x)) >= 0.5 ? Math.sign(x) : 0), todeg: (x) => x * (180 / Math.PI), torad: (x) => x * (Math.PI / 180),
};
const EXACT = new Set(['abs', 'ceil', 'floor', 'round', 'trunc', 'sqrt', 'todeg', 'torad']), ULPS: Readonly<Record<string, number>> = {sinh: 4, cosh: 4, tanh: 4, tan: 3};

const ordered = (x: number): bigint => {
  const bits = new BigInt64Array(new Float64Array([x]).buffer)[0]!;
  return bits < 0n ? -(bits & 0x7fffffffffffffffn) : bits;
};
/** How many doubles lie between two. */
const apart = (x: number, y: number): number => Math.abs(Number(ordered(x) - ordered(y)));

/** Numbers of every size and both signs, whole ones, halves, neighbours of one, and what is none. */
const numbers = (): number[] => {
  const list = [0, 0.5, 1, 1.5, 2, 2.5, 10, 100, 1000, 1e15, 1e-9, 0.1, 0.2, 0.9, 0.49999999999999994, 1 - 2 ** -53, 1 + 2 ** -52, 0.975, Math.PI, Math.PI / 2, 1e22, 2 ** 52, 2 ** 53, 709.7, 710, 745, 746, 5e-324, 2 ** -1022, Number.MAX_VALUE, ANGLE_MAX, Number.POSITIVE_INFINITY];
  let seed = 7;
  const next = (): number => (seed = (seed * 48_271) % 2_147_483_647) / 2_147_483_647;
  for (let i = 0; i < 1500; i++) list.push(next() * 10 ** Math.floor(next() * 9 - 3), next());
  return [...list, ...list.map((x) => -x), Number.NaN];
};

describe('functions made of operations that are rounded alike everywhere', () => {
  const given = numbers();
  let made = new Map<string, number[]>();
  beforeAll(async () => { made = runModule(await openEmitted(math.outputs.map((output) => featureNamed('math', [], {output, id: output}))), {price: given}); });

  test.each(math.outputs.map((name) => [name] as const))('%s is within its bound of the correct value', (name) => {
    const limit = EXACT.has(name) ? 0 : ULPS[name] ?? 2, isAngle = ['sin', 'cos', 'tan'].includes(name);
    const wrong = given.flatMap((x, i) => {
      const mine = made.get(name)![i]!, value = isAngle && !(Math.abs(x) <= ANGLE_MAX) ? Number.NaN : own[name]!(x);
      const isNear = Number.isFinite(value) ? apart(mine, value) <= limit : Object.is(mine, value);
      return isNear ? [] : [`${name}(${x}) = ${mine}, not ${value}`];
    });
    expect(wrong.slice(0, 5)).toEqual([]);
  });

  test('whole powers of ten and two have whole logarithms', () => {
    for (const [i, x] of given.entries()) if ([1, 10, 100, 1000, 1e15, 1e22].includes(x)) expect(made.get('log10')![i]).toBe(Math.round(Math.log10(x)));
  });
});
