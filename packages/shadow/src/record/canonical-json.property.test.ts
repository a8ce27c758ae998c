import fc from 'fast-check';
import {expect, test} from 'vitest';
import {canonicalJson} from './canonical-json.ts';

const seed = Number(process.env['TANDEM_SEED'] ?? 20_261_120);

function shuffled(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(shuffled);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).reverse().map(([key, member]) => [key, shuffled(member)]));
}

test('reads back as the same value and does not depend on the order of keys', () => {
  fc.assert(fc.property(fc.jsonValue({maxDepth: 5}), (value) => {
    const text = canonicalJson(value);
    expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)));
    expect(canonicalJson(shuffled(value))).toBe(text);
    expect(canonicalJson(JSON.parse(text))).toBe(text);
    expect(text.endsWith('\n')).toBe(true);
  }), {seed, numRuns: 500});
});

test('every finite double survives, -0 becomes 0', () => {
  fc.assert(fc.property(fc.double({noNaN: true, noDefaultInfinity: true}), (value) => {
    expect(JSON.parse(canonicalJson({value}))).toEqual({value: value + 0 === 0 ? 0 : value});
  }), {seed});
});

test.each([[NaN], [Infinity], [1n], [() => 1], [Symbol('x')], [new Date(0)], [new Map()], [undefined]])('%s is refused, with the place', (value) => {
  expect(() => canonicalJson({a: [1, {b: value === undefined ? [value] : value}]})).toThrow(
    expect.objectContaining({detail: expect.objectContaining({id: 'TDM-E240', where: expect.stringContaining('/a/1/b')})}));
});

test('a value nested without end is refused', () => {
  const value: Record<string, unknown> = {};
  value['self'] = value;
  expect(() => canonicalJson(value)).toThrow(/cannot be written/);
});
