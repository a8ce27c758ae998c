import {describe, expect, test} from 'vitest';
import {BIAS_DEFAULTS} from './compare-options.ts';
import {createComparer} from './comparer.ts';

/** Trap number, what Python writes, what a naive port writes, the class and a word of the title. One row of the list of ports' mistakes each. */
const TRAPS: [trap: number, expected: string, actual: string, name: string, title?: RegExp][] = [
  [1, '2', '3', 'value /v', /off by one, upwards/u], [2, '-2', '-1', 'value /v', /off by one/u], [3, '0', '-0', 'format-only /v', /sign of zero/u],
  [4, '"2"', '"3"', 'value /v'], [5, '"2.68"', '"2.67"', 'value /v', /last place, downwards/u], [6, '0.3', '0.30000000000000004', 'precision /v'],
  [7, '1.10', '1.1', 'format-only /v', /without trailing zeros/u], [7, '"1E+3"', '"1000"', 'value /v', /exponent/u], [8, '-4', '-3', 'value /v', /off by one/u], [9, '2', '-1', 'value /v'], [10, '0.5', '-1.5', 'value /v'],
  [11, '9007199254740993', '9007199254740992', 'precision /v', /went through a double/u], [12, '2147483648', '-2147483648', 'value /v', /wraps at 32 bits/u], [12, '1099511627776', '256', 'value /v'],
  [13, '4294967295', '-1', 'value /v', /wraps at 32 bits/u], [14, '1704067200123456789', '1704067200123456800', 'precision /v', /went through a double/u], [15, '1704067200123456', '1704067200123000', 'value /v', /cuts off the last 3 digits/u],
  [16, '1704067200123457', '1704067200123456', 'value /v', /off by one, downwards/u], [17, '1704067200', '1704063600', 'value /v'], [18, '0', '1', 'value /v'], [19, '"error"', '"2023-03-01"', 'value /v'],
  [20, '"ZeroDivisionError"', 'Infinity', 'type /v', /string in legacy, Infinity in candidate/u], [20, 'null', 'NaN', 'type /v'], [21, '"OverflowError"', 'Infinity', 'type /v'], [22, '1.0', 'NaN', 'value /v'], [23, '"1+1.7j"', 'NaN', 'type /v'],
  [24, '1e-05', '0.000009999999999999999', 'precision /v'], [25, '1', 'NaN', 'value /v'], [26, 'true', 'false', 'value /v'], [27, 'NaN', 'null', 'type /v', /NaN of legacy became null/u], [27, '-0.0', '0', 'format-only /v', /sign of zero/u],
  [28, '1.0', '1', 'format-only /v', /without "\.0"/u], [28, '1e+16', '10000000000000000', 'format-only /v', /writes out what legacy writes with an exponent/u], [28, '1e-05', '0.00001', 'format-only /v', /writes out/u],
  [29, '"\\u00e9"', '"é"', 'format-only /v', /escaped differently/u], [29, '{"a": 1}', '{"a":1}', 'format-only ', /white space/u], [30, 'null', '', 'schema /v', /field missing in candidate where legacy has null/u],
  [31, '{"b":1,"2":2,"1":3}', '{"1":3,"2":2,"b":1}', 'format-only /v', /same keys in another order/u], [32, '{"1":"a","true":"b"}', '{"1":"b"}', 'value /v/1'], [33, '[1,9,10]', '[1,10,9]', 'value /v/*'],
  [34, '["～","😀"]', '["😀","～"]', 'value /v/*'], [35, '1', '2', 'value /v'], [35, '"😀"', '"\\ud83d"', 'malformed ', /surrogate/u], [36, 'false', 'true', 'value /v'], [37, '"True"', '"true"', 'value /v', /letter case/u], [37, '"None"', '"null"', 'value /v'],
  [38, '"ValueError"', '0', 'type /v'], [39, '1000', 'NaN', 'value /v'], [39, '"ValueError"', '12', 'type /v'], [40, 'Infinity', 'NaN', 'value /v'], [41, '["a","b"]', '["","a","","b",""]', 'value /v/*'], [42, '"a"', '"a\\u0085"', 'value /v', /longer text|white space/u],
  [43, 'true', 'false', 'value /v'], [44, '3', '', 'schema /v', /^field missing in candidate$/u], [45, 'true', 'false', 'value /v'], [46, '"TypeError"', '"52"', 'value /v'], [46, '"TypeError"', '10', 'type /v'],
  [47, '100.00000000000001', '99.9999999999986', 'precision /v', /agree to twelve digits/u], [48, '100000.3', '100000.3000013329', 'value /v'], [49, '1.118033988749895', '1.2909944487358056', 'value /v'], [50, '2.5', '2', 'value /v', /cuts off the fraction/u],
  [51, '16777216', '16777217', 'value /v', /off by one, upwards/u], [52, '44', '300', 'value /v'], [52, '-2', '18446744073709551614', 'value /v', /wraps at 64 bits/u], [53, '3.0', 'NaN', 'value /v'], [54, '[1,1]', '[1]', 'schema /v/*'], [55, '[2,2,2]', '[0,1,2]', 'value /v/*'],
  [56, '[]', '[1,2]', 'schema /v/*'], [57, 'null', '"rejected"', 'type /v'], [58, '1', '1.0', 'format-only /v', /with "\.0"/u], [58, '"1"', '"1.0"', 'value /v', /with "\.0"/u], [59, '3735928559', '-559038737', 'value /v', /wraps at 32 bits/u], [60, '10.5', '10.0', 'value /v'],
];

function run(expected: string, actual: string): readonly {readonly name: string; readonly title: string}[] {
  const comparer = createComparer({default: {kind: 'exact'}, fields: [], maxIgnoredShare: 0}, {
    pair: {expected: 'legacy', actual: 'candidate'}, codec: 'json', outputKind: '/kind', partition: '/partition', today: '2026-11-20', errors: [], entities: [], errorReason: null, bias: BIAS_DEFAULTS,
  });
  const payload = (text: string): Uint8Array => new TextEncoder().encode(text === '' ? '{"k":0}' : `{"k":0,"v":${text}}`);
  comparer.compareCause({
    inputSeq: 1, cause: '1', input: null, late: {}, inverted: {},
    expected: [{lane: 'legacy', index: 0, tMonoNs: 0, frames: null, payload: payload(expected)}],
    actual: [{lane: 'candidate', index: 0, tMonoNs: 0, frames: null, payload: payload(actual)}],
  });
  return comparer.evidence({in: 1, compared: 1, waived: 0, inFlight: 0, lost: {}, remainder: 0}).groups.map((group) => ({name: `${group.class} ${group.path}`, title: group.title}));
}

describe('what a port from Python gets wrong', () => {
  test('every trap of the list has its row', () => {
    expect([...new Set(TRAPS.map(([number]) => number))].toSorted((left, right) => left - right)).toEqual(Array.from({length: 60}, (_, index) => index + 1));
  });

  test.each(TRAPS)('trap %i: %s and %s', (_, expected, actual, name, title) => {
    const groups = run(expected, actual);
    expect(groups.map((group) => group.name)).toContain(name);
    if (title !== undefined) expect(groups.find((group) => group.name === name)?.title).toMatch(title);
  });
});
