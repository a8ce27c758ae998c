import {describe, expect, test} from 'vitest';
import type {CompareRule, ComparePolicy, Divergence, FieldRule} from '@tandem/contract';
import type {LaneOutput} from '../flow/lane-output.ts';
import type {SettledCause} from '../flow/settled-cause.ts';
import {BIAS_DEFAULTS, FIX_ERRORS} from './compare-options.ts';
import type {CompareOptions} from './compare-options.ts';
import {createComparer} from './comparer.ts';
import type {Comparer} from './comparer.ts';

const OPTIONS: CompareOptions = {
  pair: {expected: 'legacy', actual: 'candidate'}, codec: 'json', outputKind: '/msgType', partition: '/account',
  today: '2026-11-20', errors: FIX_ERRORS, entities: [], errorReason: '/text', bias: BIAS_DEFAULTS,
};
const BALANCED = {in: 0, compared: 0, waived: 0, inFlight: 0, lost: {}, remainder: 0};

const ignore = (expires: string): CompareRule => ({kind: 'ignore', reason: 'measured, not decided', owner: 'oms', expires});

function policy(rules: Readonly<Record<string, CompareRule>> = {}): ComparePolicy {
  const fields: FieldRule[] = Object.entries(rules).map(([path, rule], index) => ({path, rule, source: `tandem.config.ts:${String(index + 10)}`}));
  return {default: {kind: 'exact'}, fields, maxIgnoredShare: 0.1};
}

const comparer = (rules: Readonly<Record<string, CompareRule>> = {}, options: Partial<CompareOptions> = {}): Comparer => createComparer(policy(rules), {...OPTIONS, ...options});

function outputs(lane: LaneOutput['lane'], texts: readonly (string | object)[]): LaneOutput[] {
  return texts.map((text, index) => ({lane, index, tMonoNs: 0, frames: null, payload: new TextEncoder().encode(typeof text === 'string' ? text : JSON.stringify(text))}));
}

function settled(expected: readonly (string | object)[], actual: readonly (string | object)[], more: Partial<SettledCause> = {}): SettledCause {
  return {inputSeq: 7, cause: '70', input: null, expected: outputs('legacy', expected), actual: outputs('candidate', actual), late: {}, inverted: {}, ...more};
}

const said = (found: readonly Divergence[]): string[] => found.map((one) => `${one.class} ${one.path} ${one.expected ?? '-'} ${one.actual ?? '-'}`);

function difference(expected: string | object, actual: string | object, rules: Readonly<Record<string, CompareRule>> = {}): string[] {
  return said(comparer(rules).compareCause(settled([expected], [actual])));
}

const ORDER = {msgType: 'D', account: 'A', orderId: 'O1', px: 1};
const REPORT = {msgType: '8', account: 'A', execType: 'A', text: null};

describe('one planted example of each class is one finding of that class', () => {
  test.each<[string, string | object, string | object]>([
    ['value /px 1 2', {px: 1}, {px: 2}], ['value /ok true false', {ok: true}, {ok: false}], ['value /s "a" "b"', {s: 'a'}, {s: 'b'}], ['value /n NaN Infinity', '{"n":NaN}', '{"n":Infinity}'],
    ['type /px 1 "1"', {px: 1}, {px: '1'}], ['type /px NaN null', '{"px":NaN}', {px: null}], ['type /v {} []', {v: {}}, {v: []}], ['type /v null "x"', {v: null}, {v: 'x'}], ['type  [1] {"0":1}', [1], {0: 1}],
    ['schema /b 2 -', {a: 1, b: 2}, {a: 1}], ['schema /b - null', {a: 1}, {a: 1, b: null}], ['schema /l/1 2 -', {l: [1, 2, 3]}, {l: [1, 3]}],
    ['precision /n 9007199254740993 9007199254740992', '{"n":9007199254740993}', '{"n":9007199254740992}'], ['precision /n 0.3 0.30000000000000004', '{"n":0.3}', '{"n":0.30000000000000004}'], ['precision /n "0.3" "0.30000000000000004"', {n: '0.3'}, {n: '0.30000000000000004'}],
    ['format-only /n 1.0 1', '{"n":1.0}', '{"n":1}'], ['format-only /n -0.0 0', '{"n":-0.0}', '{"n":0}'], ['format-only /s "\\u00e9" "é"', '{"s":"\\u00e9"}', '{"s":"é"}'], ['format-only  {"a":1,"b":2} {"b":2,"a":1}', {a: 1, b: 2}, {b: 2, a: 1}],
    ['format-only  {"a": 1} {"a":1}', '{"a": 1}', '{"a":1}'], ['format-only  {"\\u0061":1} {"a":1}', '{"\\u0061":1}', '{"a":1}'], ['format-only  { "a":1} {"a": 1}', '{ "a":1}', '{"a": 1}'],
    ['malformed  {"a":1 {"a":1}', '{"a":1', '{"a":1}'], ['malformed  {"a":1,"a":1} {"a":1,"a":1}', '{"a":1,"a":1}', '{"a":1,"a":1}'], ['error-mismatch  {"msgType":"9"} {"msgType":"8"}', {msgType: '9'}, {msgType: '8'}],
  ])('%s', (finding, expected, actual) => {
    expect(difference(expected, actual)).toEqual([finding]);
  });

  test('missing, extra, duplicate, reordered', () => {
    const plant = (expected: object[], actual: object[]): string[] => comparer().compareCause(settled(expected, actual)).map((one) => `${one.class} ${one.outputKind} ${String(one.ordinal)} ${one.expected === null ? 'actual' : one.actual === null ? 'expected' : 'both'}`);
    expect(plant([ORDER, REPORT], [REPORT])).toEqual(['missing D 0 expected']);
    expect(plant([REPORT], [ORDER, REPORT])).toEqual(['extra D 0 actual']);
    expect(plant([ORDER, REPORT], [ORDER, REPORT, REPORT])).toEqual(['duplicate 8 2 actual']);
    expect(plant([ORDER, REPORT], [REPORT, ORDER])).toEqual(['reordered D 0 both']);
  });

  test('late, stray, inverted', () => {
    const one = comparer();
    const [output] = outputs('candidate', [REPORT]) as [LaneOutput];
    expect(said(one.compareStray({kind: 'late', output, cause: '3', inputSeq: 3}))).toEqual([`late  - ${JSON.stringify(REPORT)}`]);
    expect(said(one.compareStray({kind: 'unknown-cause', output, cause: '9', inputSeq: 3}))).toEqual([`extra  - ${JSON.stringify(REPORT)}`]);
    expect(said(one.compareStray({kind: 'unreadable', output: outputs('legacy', ['{'])[0] as LaneOutput, cause: '', inputSeq: 3}))).toEqual(['malformed  { -']);
    expect(said(one.compareCause(settled([REPORT], [REPORT], {inverted: {candidate: 1}})))).toEqual(['reordered  0 after an output for a later input 1 after an output for a later input']);
    expect(said(one.compareCause(settled([REPORT], [REPORT], {late: {legacy: 2}})))).toEqual(['late  2 after the lane was declared done 0 after the lane was declared done']);
    expect(one.compareCause(settled([REPORT], [REPORT], {inverted: {candidate: 1, legacy: 1}}))).toEqual([]);
    expect(one.evidence(BALANCED).byClass).toEqual({extra: 1, late: 2, malformed: 1, reordered: 1});
  });

  test('state', () => {
    const one = comparer();
    expect(one.stateDigest('legacy', 100, 'aa')).toEqual([]);
    expect(one.stateDigest('candidate', 100, 'aa')).toEqual([]);
    one.stateDigest('candidate', 200, 'bb');
    expect(said(one.stateDigest('legacy', 200, 'ba'))).toEqual(['state /stateHash ba bb']);
    one.stateDigest('legacy', 300, 'x');
    expect(one.evidence(BALANCED).stateChecks).toEqual({equal: 1, unequal: 1, firstUnequalSeq: 200});
  });

  test('bias', () => {
    const one = comparer({'/px': {kind: 'absolute', tolerance: '1'}});
    const found: string[] = [];
    for (let index = 0; index < 2000; index += 1) found.push(...said(one.compareCause(settled([{px: index}], [{px: index - 0.3}]))));
    expect(found).toHaveLength(1);
    expect(found[0]).toMatch(/^bias \/px - mean error -0\.300 of the tolerance over \d+ values$/u);
    expect(one.evidence(BALANCED).groups.map((group) => group.title)).toEqual(['candidate stays within the tolerance but leans downwards']);
  });
});

describe('rules', () => {
  test('the most specific rule wins, of equals the later one', () => {
    const rules: Record<string, CompareRule> = {'/**/px': {kind: 'absolute', tolerance: '1'}, '/a/px': {kind: 'exact'}, '/*/px': {kind: 'decimal'}};
    expect(difference('{"a":{"px":1},"b":{"px":1},"c":{"d":{"px":1}}}', '{"a":{"px":1.0},"b":{"px":1.0},"c":{"d":{"px":2}}}', rules)).toEqual(['format-only /a/px 1 1.0']);
    expect(said(createComparer({...policy(), fields: [{path: '/x', rule: {kind: 'exact'}, source: 'a:1'}, {path: '/x', rule: {kind: 'decimal'}, source: 'a:2'}]}, OPTIONS).compareCause(settled(['{"x":1}'], ['{"x":1.0}'])))).toEqual([]);
  });

  test('numeric rules work on numbers and on texts of numbers, never across the two', () => {
    expect(difference({p: '1.10'}, {p: '1.1'}, {'/p': {kind: 'decimal'}})).toEqual([]);
    expect(difference({p: '1.10'}, {p: '1.2'}, {'/p': {kind: 'absolute', tolerance: '0.1'}})).toEqual([]);
    expect(difference({p: 100}, {p: 101}, {'/p': {kind: 'relative', tolerance: '0.01'}})).toEqual([]);
    expect(difference('{"p":0.3}', '{"p":0.30000000000000004}', {'/p': {kind: 'ulp', max: 1}})).toEqual([]);
    expect(difference({p: '1.1'}, {p: 1.1}, {'/p': {kind: 'absolute', tolerance: '5'}})).toEqual(['type /p "1.1" 1.1']);
    expect(difference({p: 'x'}, {p: 'y'}, {'/p': {kind: 'absolute', tolerance: '5'}})).toEqual(['value /p "x" "y"']);
    expect(difference('{"p":NaN}', '{"p":1}', {'/p': {kind: 'absolute', tolerance: '5'}})).toEqual(['value /p NaN 1']);
  });

  test('ignored is not matched: it is counted apart, below containers too', () => {
    const one = comparer({'/meta': ignore('2026-11-20'), '/us': ignore('2027-01-01')});
    expect(one.compareCause(settled([{a: 1, us: 5, meta: {x: 1, y: [2, 3]}}], [{a: 1, us: 6, meta: {x: 9}}]))).toEqual([]);
    expect(one.compareCause(settled([{a: 1, us: 5}], [{a: 1}]))).toEqual([]);
    expect(one.evidence(BALANCED)).toMatchObject({fieldsCompared: 2, fieldsIgnored: 5, matched: 2, bytesEqual: 0, ruleHits: {'tandem.config.ts:10': 1, 'tandem.config.ts:11': 2, default: 2}});
  });

  test('an expired ignore rule ignores no more and is reported; a rule that covers nothing too', () => {
    const one = comparer({'/us': ignore('2026-11-19'), '/nope': {kind: 'decimal'}, '/bad': ignore('soon')});
    expect(said(one.compareCause(settled([{us: 5, bad: 1}], [{us: 6, bad: 2}])))).toEqual(['value /us 5 6', 'value /bad 1 2']);
    expect(one.ruleReport().expired.map(({path}) => path)).toEqual(['/us', '/bad']);
    expect(one.ruleReport().neverMatched.map(({path}) => path)).toEqual(['/nope']);
  });

  test('rules count their fields when bytes are equal as well', () => {
    const one = comparer({'/px': {kind: 'decimal'}, '/a/b': {kind: 'decimal'}});
    for (let index = 0; index < 5; index += 1) expect(one.compareCause(settled([{px: index}, {a: {b: [1]}}], [{px: index}, {a: {b: [1]}}]))).toEqual([]);
    expect(one.evidence(BALANCED)).toMatchObject({fieldsCompared: 10, outputs: 10, matched: 10, bytesEqual: 10, ruleHits: {'tandem.config.ts:10': 5, 'tandem.config.ts:11': 0, default: 5}});
  });

  test('unordered arrays, plain and named', () => {
    expect(difference({l: [3, 1, 2, 1]}, {l: [1, 2, 1, 3]}, {'/l': {kind: 'unordered'}})).toEqual([]);
    expect(difference({l: [1, 2, 3]}, {l: [3, 1]}, {'/l': {kind: 'unordered'}})).toEqual(['schema /l/1 2 -']);
    expect(difference({l: [{id: 1, v: 5}, {id: 2, v: 6}]}, {l: [{id: 2, v: 7}, {id: 1, v: 5}]}, {'/l': {kind: 'unordered', key: 'id'}})).toEqual(['value /l/1/v 6 7']);
    expect(difference({l: [{id: 1}]}, {l: [{id: 3}]}, {'/l': {kind: 'unordered', key: '/id'}})).toEqual(['schema /l/0 {"id":1} -', 'schema /l/0 - {"id":3}']);
    expect(difference({l: [1, 2]}, {l: [2, 1]})).toEqual(['value /l/0 1 2', 'value /l/1 2 1']);
  });

  test('rules that cannot be used are refused with their place', () => {
    for (const rules of [{price: {kind: 'exact'}}, {'/p': {kind: 'absolute', tolerance: 'much'}}, {'/p': {kind: 'relative', tolerance: '-1'}}, {'/p': {kind: 'ulp', max: 1.5}}] as Record<string, CompareRule>[]) {
      expect(() => comparer(rules)).toThrow(expect.objectContaining({name: 'TandemError', detail: expect.objectContaining({kind: 'usage', where: 'tandem.config.ts:10'})}));
    }
  });
});

describe('pairing', () => {
  test('one output too few in the middle is one finding', () => {
    const row = (n: number): object => ({msgType: '8', account: 'A', n});
    expect(comparer().compareCause(settled([row(1), row(2), row(3), row(4)], [row(1), row(3), row(4)])).map((one) => [one.class, one.ordinal])).toEqual([['missing', 1]]);
    expect(comparer().compareCause(settled([row(1), row(3)], [row(1), row(2), row(3)])).map((one) => [one.class, one.ordinal])).toEqual([['extra', 1]]);
  });

  test('outputs of different partitions may come in any order', () => {
    const of = (account: string, n: number): object => ({msgType: '8', account, n});
    expect(comparer().compareCause(settled([of('A', 1), of('B', 1), of('A', 2)], [of('B', 1), of('A', 1), of('A', 2)]))).toEqual([]);
    expect(said(comparer().compareCause(settled([of('A', 1)], [of('B', 1)])))).toEqual(['value /account "A" "B"']);
  });

  test('a refusal on one side explains its cause: it comes first', () => {
    const found = comparer().compareCause(settled([ORDER, REPORT], [{...REPORT, execType: '8', text: 'COLLAR'}]));
    expect(found.map((one) => [one.class, one.root])).toEqual([['error-mismatch', true], ['missing', false]]);
  });

  test('thousands of outputs of one cause are compared in time', () => {
    const rows = Array.from({length: 4000}, (_, n) => ({msgType: '8', account: 'A', n}));
    const spaced = rows.map((row) => JSON.stringify(row, null, 1));
    expect(comparer().compareCause(settled(rows, spaced.filter((_, index) => index !== 1500))).filter((one) => one.class !== 'format-only').map((one) => [one.class, one.ordinal])).toEqual([['missing', 1500]]);
    expect(comparer().compareCause(settled(rows, [...rows].reverse())).every((one) => ['reordered', 'value'].includes(one.class))).toBe(true);
    expect(comparer().compareCause(settled(rows, [])).length).toBe(4000);
    const others = rows.map(({n}) => ({msgType: '8', account: 'A', n: -n - 1}));
    expect(comparer().compareCause(settled(rows, others)).length).toBe(4000);
  });

  test('the frames before the payload count', () => {
    const [output] = outputs('candidate', [REPORT]) as [LaneOutput];
    const topic = (name: string): Uint8Array => new TextEncoder().encode(name);
    const one = comparer();
    const compare = (left: readonly string[], right: readonly string[]): string[] => {
      const framed = (names: readonly string[]): LaneOutput => ({...output, frames: names.length === 0 ? null : [...names.map(topic), output.payload]});
      return one.compareCause({...settled([], []), expected: [framed(left)], actual: [framed(right)]}).map((found) => `${found.class} ${found.path}`);
    };
    expect([compare(['a'], ['a']), compare(['a'], ['b']), compare([], ['a']), compare([], []), compare(['a', 'b'], ['a'])]).toEqual([[], ['value '], ['value '], [], ['value ']]);
    expect(one.evidence(BALANCED).groups.map((group) => group.title)).toEqual(['the frames before the payload differ']);
  });

  test('raw bytes are equal or not', () => {
    const one = comparer({}, {codec: 'raw'});
    expect(one.compareCause(settled(['\u0001\u0002'], ['\u0001\u0002']))).toEqual([]);
    expect(said(one.compareCause(settled(['a'], ['b'])))).toEqual(['value  a b']);
  });
});

describe('counting', () => {
  test('the first difference of a partition is its root; the writing causes nothing', () => {
    const one = comparer();
    let inputSeq = 0;
    const find = (account: string, expected: string, actual: string): boolean[] => {
      inputSeq += 1;
      return one.compareCause(settled([`{"account":"${account}","v":${expected}}`], [`{"account":"${account}","v":${actual}}`], {inputSeq})).map(({root}) => root);
    };
    expect([find('A', '1', '1.0'), find('A', '1', '2'), find('A', '1', '3'), find('B', '1', '2'), find('B', '1', '1.0')]).toEqual([[false], [true], [false], [true], [false]]);
    expect(one.evidence(BALANCED).groups.map((group) => [group.class, group.count, group.rootCount])).toEqual([['value', 3, 2], ['format-only', 2, 0]]);
  });

  test('outputs that state no partition belong to that of their input', () => {
    const one = comparer();
    const differ = (account: string, inputSeq: number): boolean[] => one.compareCause(settled(['{"v":1}'], ['{"v":2}'], {inputSeq, input: Buffer.from(`{"account":"${account}"}`)})).map(({root}) => root);
    expect([differ('A', 1), differ('B', 2), differ('A', 3)]).toEqual([[true], [true], [false]]);
  });

  test('with entities, what is about an order that has differed before follows from it, under any of its names', () => {
    const one = comparer({}, {entities: ['/orderId', '/clOrdId', '/origClOrdId']});
    let inputSeq = 0;
    const find = (expected: string, actual: string): boolean[] => {
      inputSeq += 1;
      return one.compareCause(settled([expected], [actual], {inputSeq})).map(({root}) => root);
    };
    // refused on one side: the other side's answer carries both names of the order
    expect(find('{"account":"A","orderId":"O1","clOrdId":"c1","v":1}', '{"account":"A","orderId":null,"clOrdId":"c1","v":2}').filter(Boolean)).toEqual([true]);
    expect(find('{"account":"A","orderId":"O1","v":1}', '{"account":"A","orderId":"O1","v":3}')).toEqual([false]);
    expect(find('{"account":"A","origClOrdId":"c1","v":1}', '{"account":"A","origClOrdId":"c1","v":3}')).toEqual([false]);
    // another order of the same account is a new beginning
    expect(find('{"account":"A","orderId":"O2","v":1}', '{"account":"A","orderId":"O2","v":3}')).toEqual([true]);
  });

  test('groups share a place, not a position; examples and texts are capped', () => {
    const one = comparer();
    for (let index = 0; index < 60; index += 1) one.compareCause(settled([{l: ['x'.repeat(500), index]}], [{l: ['y'.repeat(500), index + 5]}], {inputSeq: 100 - index}));
    const {groups, byClass} = one.evidence(BALANCED);
    expect(byClass).toEqual({value: 120});
    expect(groups.map((group) => [group.path, group.count, group.firstInputSeq, group.examples.length])).toEqual([['/l/*', 60, 41, 50], ['/l/*', 60, 41, 50]]);
    expect(groups.map((group) => group.fingerprint.length)).toEqual([12, 12]);
    expect(Math.max(...groups.flatMap((group) => group.examples.map((example) => example.expected?.length ?? 0)))).toBe(200);
  });

  test('a flood of different places does not grow without bound', () => {
    const one = comparer();
    for (let index = 0; index < 3000; index += 1) one.compareCause(settled([{[`k${String(index)}`]: 1}], [{[`k${String(index)}`]: 2}]));
    const {groups, byClass} = one.evidence(BALANCED);
    expect(groups.length).toBeLessThanOrEqual(2001);
    expect(groups.reduce((sum, group) => sum + group.count, 0)).toBe(byClass['value']);
  });

  test('equal inputs give equal evidence', () => {
    const run = (): string => {
      const one = comparer({'/px': {kind: 'absolute', tolerance: '0.1'}});
      for (let index = 0; index < 50; index += 1) one.compareCause(settled([{px: index, s: 'a'}], [{px: index + (index % 7) / 10, s: index % 5 === 0 ? 'b' : 'a'}]));
      return JSON.stringify(one.evidence(BALANCED));
    };
    expect(run()).toBe(run());
  });
});
