import {expect, test} from 'vitest';
import {Barriers} from './barrier.ts';

const place = (inputSeq: number, wantsHash = false): {inputSeq: number; sentBefore: number; wantsHash: boolean} => ({inputSeq, sentBefore: inputSeq, wantsHash});
const answer = (id: string, more = '"stateHash":null'): Buffer => Buffer.from(`{"msgType":"0","refSeqNum":7,"testReqId":"${id}",${more}}`);

test('the request is what the lane is told to expect', () => {
  const barriers = new Barriers('k3x9');
  expect(String(barriers.make(place(5)))).toBe('{"msgType":"1","testReqId":"tdmk3x9.1","stateHash":"0"}');
  expect(String(barriers.make(place(6, true)))).toBe('{"msgType":"1","testReqId":"tdmk3x9.2","stateHash":"1"}');
});

test('answers are told from outputs by their top level alone', () => {
  const barriers = new Barriers('t');
  expect(barriers.read(answer('tdmt.1')).kind).toBe('output'); // none was asked for
  barriers.make(place(10, true));
  const outputs = ['{"msgType":"8","testReqId":"tdmt.1"}', '{"msgType":"0","testReqId":"tdmu.1"}', '{"msgType":"0","inner":{"testReqId":"tdmt.1"}}', '{"msgType":"0","testReqId":"tdmt.1"', '"tdmt.1"', 'null tdmt.', ''];
  for (const text of outputs) expect(barriers.read(Buffer.from(text)), text).toEqual({kind: 'output'});
  expect(barriers.read(Buffer.from(`{"msgType":"0","testReqId":"tdmt.1","pad":"${'x'.repeat(600)}"}`)).kind).toBe('output');
  expect(barriers.read(Buffer.from(' { "stateHash" : "00ff00ff", "testReqId" : "tdmt.1", "refSeqNum" : 9, "msgType" : "0" } '))).toMatchObject({
    kind: 'answer', refSeq: 9, stateHash: '00ff00ff', barrier: {inputSeq: 10},
  });
  expect(barriers.openCount).toBe(0);
});

test('an answer twice, out of turn, or without the digest it was asked for cannot be used', () => {
  const barriers = new Barriers('t');
  for (const seq of [1, 2]) barriers.make(place(seq));
  barriers.make(place(3, true));
  expect(barriers.read(answer('tdmt.2'))).toEqual({kind: 'misanswer', seen: 'an answer to tdmt.2, expected tdmt.1'});
  expect(barriers.read(answer('tdmt.1')).kind).toBe('answer');
  expect(barriers.read(answer('tdmt.1')).kind).toBe('misanswer');
  expect(barriers.read(answer('tdmt.2')).kind).toBe('answer');
  expect(barriers.read(answer('tdmt.3'))).toEqual({kind: 'misanswer', seen: 'no usable stateHash in the answer to tdmt.3'});
});
