import fc from 'fast-check';
import {expect, test} from 'vitest';
import type {CompareRule, Divergence} from '@tandem/contract';
import {BIAS_DEFAULTS} from './compare-options.ts';
import {createComparer} from './comparer.ts';

const UNORDERED: CompareRule = {kind: 'unordered'};

function compare(expected: readonly string[], actual: readonly string[], rules: Readonly<Record<string, CompareRule>> = {}): readonly Divergence[] {
  const fields = Object.entries(rules).map(([path, rule]) => ({path, rule, source: 'test'}));
  const comparer = createComparer({default: {kind: 'exact'}, fields, maxIgnoredShare: 1}, {
    pair: {expected: 'legacy', actual: 'candidate'}, codec: 'json', outputKind: '/kind', partition: '/partition', today: '2026-11-20', errors: [], entities: [], errorReason: null, bias: BIAS_DEFAULTS,
  });
  const outputs = (lane: 'legacy' | 'candidate', texts: readonly string[]): {lane: typeof lane; index: number; tMonoNs: number; frames: null; payload: Uint8Array}[] =>
    texts.map((text, index) => ({lane, index, tMonoNs: 0, frames: null, payload: new TextEncoder().encode(text)}));
  return comparer.compareCause({inputSeq: 1, cause: '1', input: null, expected: outputs('legacy', expected), actual: outputs('candidate', actual), late: {}, inverted: {}});
}

const json = fc.jsonValue({maxDepth: 4}).filter((value) => !/\\ud[89a-f]/iu.test(JSON.stringify(value)));
const breaking = (found: readonly Divergence[]): readonly Divergence[] => found.filter((one) => one.class !== 'format-only');

test('anything equals itself, as the same bytes and with other white space', () => {
  fc.assert(fc.property(fc.array(json, {maxLength: 4}), (values) => {
    const texts = values.map((value) => JSON.stringify(value));
    expect(compare(texts, texts)).toEqual([]);
    expect(breaking(compare(texts, values.map((value) => JSON.stringify(value, null, 1))))).toEqual([]);
  }), {numRuns: 400});
});

test('what differs one way differs the other way round, in the same place and class', () => {
  const mirror: Partial<Record<string, string>> = {missing: 'extra', extra: 'missing'};
  fc.assert(fc.property(fc.array(json, {maxLength: 3}), fc.array(json, {maxLength: 3}), (left, right) => {
    const [one, other] = [left.map((value) => JSON.stringify(value)), right.map((value) => JSON.stringify(value))];
    const there = compare(one, other).map((found) => `${mirror[found.class] ?? found.class} ${found.path} ${String(found.actual)} ${String(found.expected)}`);
    const back = compare(other, one).map((found) => `${found.class} ${found.path} ${String(found.expected)} ${String(found.actual)}`);
    expect(breaking(compare(one, other)).length === 0).toBe(breaking(compare(other, one)).length === 0);
    if (left.length === 1 && right.length === 1) expect(back.toSorted()).toEqual(there.toSorted());
  }), {numRuns: 400});
});

test('one changed member is found, there and nowhere else', () => {
  const members = fc.uniqueArray(fc.tuple(fc.string({minLength: 1, maxLength: 5}), json), {selector: ([key]) => key, minLength: 1, maxLength: 6})
    .filter((pairs) => pairs.every(([key]) => !['__proto__', 'kind', 'partition'].includes(key) && !/[~/]/u.test(key)));
  fc.assert(fc.property(members, fc.nat(), (pairs, pick) => {
    const at = pick % pairs.length;
    const write = (list: readonly (readonly [string, unknown])[]): string => `{${list.map(([key, value]) => `${JSON.stringify(key)}:${JSON.stringify(value)}`).join()}}`;
    const changed = pairs.map(([key, value], index) => [key, index === at ? {changed: value} : value] as const);
    const found = compare([write(pairs)], [write(changed)]);
    expect(found.length).toBeGreaterThan(0);
    const place = `/${(pairs[at] as [string, unknown])[0]}`;
    expect(found.every((one) => one.path === place || one.path.startsWith(`${place}/`))).toBe(true);
    const without = compare([write(pairs)], [write(pairs.filter((_, index) => index !== at))]);
    expect(without.map((one) => [one.class, one.path])).toEqual([['schema', place]]);
  }), {numRuns: 400});
});

test('a permutation of an unordered array is no difference, and does not change any other', () => {
  fc.assert(fc.property(fc.array(json, {maxLength: 8}), fc.array(json, {maxLength: 8}), fc.infiniteStream(fc.nat(1000)), (left, right, chance) => {
    const shuffled = right.map((value) => ({value, rank: chance.next().value})).sort((one, other) => one.rank - other.rank).map(({value}) => value);
    const write = (list: readonly unknown[]): string[] => [JSON.stringify({l: list})];
    expect(compare(write(right), write(shuffled), {'/l': UNORDERED})).toEqual([]);
    const summary = (list: readonly unknown[]): string[] => compare(write(left), write(list), {'/l': UNORDERED}).map((one) => `${one.class} ${String(one.expected)} ${String(one.actual)}`).toSorted();
    expect(summary(shuffled)).toEqual(summary(right));
  }), {numRuns: 300});
});

test('bytes that are no JSON never pass and never throw', () => {
  fc.assert(fc.property(fc.string({maxLength: 30}), (text) => {
    let valid = true;
    try {
      JSON.parse(text);
    } catch {
      valid = false;
    }
    if (!valid && !/NaN|Infinity/u.test(text)) expect(compare([text], [text]).map((one) => one.class)).toEqual(['malformed']);
  }), {numRuns: 500});
});
