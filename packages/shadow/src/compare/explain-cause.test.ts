import {expect, test} from 'vitest';
import {BIAS_DEFAULTS, FIX_ERRORS} from './compare-options.ts';
import {explainCause} from './explain-cause.ts';

const encode = (text: string): Uint8Array => new TextEncoder().encode(text);

test('shows input, outputs, and per field both texts, the rule and what it says', () => {
  const outputs = (lane: 'legacy' | 'candidate', texts: readonly string[]): {lane: typeof lane; index: number; tMonoNs: number; frames: null; payload: Uint8Array}[] =>
    texts.map((text, index) => ({lane, index, tMonoNs: 0, frames: null, payload: encode(text)}));
  const explanation = explainCause({
    inputSeq: 17, cause: '170', input: encode('{"msgType":"D","msgSeqNum":170}'), late: {}, inverted: {},
    expected: outputs('legacy', ['{"msgType":"D","account":"A","price":"1.10","qty":2,"us":5}', '{"msgType":"8","account":"A"}']),
    actual: outputs('candidate', ['{"msgType":"D","account":"A","price":"1.1","qty":3,"us":9}']),
  }, {
    default: {kind: 'exact'}, maxIgnoredShare: 0.1,
    fields: [
      {path: '/price', rule: {kind: 'decimal'}, source: 'tandem.config.ts:12'},
      {path: '/us', rule: {kind: 'ignore', reason: 'measured', owner: 'oms', expires: '2027-03-31'}, source: 'tandem.config.ts:13'},
    ],
  }, {
    pair: {expected: 'legacy', actual: 'candidate'}, codec: 'json', outputKind: '/msgType', partition: '/account', today: '2026-11-20', errors: FIX_ERRORS, entities: [], errorReason: '/text', bias: BIAS_DEFAULTS,
  });
  expect({...explanation, pairs: explanation.pairs.map(({fields, ...pair}) => pair)}).toEqual({
    inputSeq: 17, cause: '170', input: '{"msgType":"D","msgSeqNum":170}',
    pairs: [
      {outputKind: 'D', partition: 'A', ordinal: 0, expected: '{"msgType":"D","account":"A","price":"1.10","qty":2,"us":5}', actual: '{"msgType":"D","account":"A","price":"1.1","qty":3,"us":9}', bytesEqual: false, verdict: 'different', reason: ''},
      {outputKind: '8', partition: 'A', ordinal: 1, expected: '{"msgType":"8","account":"A"}', actual: null, bytesEqual: false, verdict: 'missing', reason: 'only expected'},
    ],
  });
  expect(explanation.pairs[0]?.fields).toEqual([
    {path: '/msgType', expected: '"D"', actual: '"D"', rule: 'default', ruleKind: 'exact', verdict: 'equal'},
    {path: '/account', expected: '"A"', actual: '"A"', rule: 'default', ruleKind: 'exact', verdict: 'equal'},
    {path: '/price', expected: '"1.10"', actual: '"1.1"', rule: 'tandem.config.ts:12', ruleKind: 'decimal', verdict: 'equal'},
    {path: '/qty', expected: '2', actual: '3', rule: 'default', ruleKind: 'exact', verdict: 'value'},
    {path: '/us', expected: '5', actual: '9', rule: 'tandem.config.ts:13', ruleKind: 'ignore', verdict: 'ignored'},
  ]);
});
