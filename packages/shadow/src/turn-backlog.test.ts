import {expect, it} from 'vitest';
import type {LaneOutput} from './flow/lane-output.ts';
import {TurnBacklog} from './turn-backlog.ts';

const output = (index: number, size: number, frames: LaneOutput['frames'] = null): LaneOutput =>
  ({lane: index % 2 === 0 ? 'legacy' : 'candidate', index, tMonoNs: 1e12 + index / 4, payload: Buffer.alloc(size, index), frames});

const rig = (bytesMax?: number) => {
  const seen: unknown[] = [];
  const backlog = new TurnBacklog({
    onInput: (input) => { seen.push(input); }, onSent: (sent) => { seen.push(...sent); },
    onOutputs: (_, outputs) => { seen.push(...outputs.map((one) => ({...one, payload: Buffer.from(one.payload)}))); },
  }, bytesMax);
  return {seen, backlog};
};

it('gives everything back in order, octet by octet, when the turn is over', async () => {
  const {seen, backlog} = rig();
  const expected: unknown[] = [];
  backlog.hold();
  for (let index = 0; index < 12_000; index++) {
    const sent = {lane: 'legacy' as const, inputSeq: index, plannedNs: 1e15 + index, sentNs: 1e15 + index + 7};
    const input = {inputSeq: index, recordedNs: 0, payload: Buffer.alloc(0), frames: null};
    // sizes around the borders of a piece of memory, and messages of several frames
    const size = index % 5000 === 4999 ? 3 * 1024 * 1024 : index % 300;
    const answer = output(index, size, index % 1000 === 5 ? [Buffer.from('a'), Buffer.from('b')] : null);
    backlog.input(input);
    backlog.sent([sent]);
    backlog.outputs(answer.lane, [answer]);
    expected.push(input, sent, {...answer});
    // what arrived is not kept: its memory may be used again
    if (answer.frames === null) expected[expected.length - 1] = {...answer, payload: Buffer.from(answer.payload)};
    if (answer.frames === null) answer.payload.fill(255);
  }
  backlog.do(() => { seen.push('mark'); });
  expect(seen).toEqual([]);
  await backlog.release();
  expect(seen.length).toBe(expected.length + 1);
  expect(seen.at(-1)).toBe('mark');
  expect(seen.findIndex((one, at) => at < expected.length && !same(one, expected[at]))).toBe(-1);
  backlog.do(() => { seen.push('at once'); });
  expect(seen.at(-1)).toBe('at once');
});

it('works everything off at once when memory is full, and when a lane ended', () => {
  const {seen, backlog} = rig(1000);
  backlog.hold();
  for (let index = 0; index < 10; index++) backlog.outputs('legacy', [output(index, 100)]);
  expect(seen.length).toBe(0);
  backlog.outputs('legacy', [output(10, 100)]);
  expect(seen.length).toBe(11);
  backlog.hold();
  backlog.outputs('legacy', [output(11, 1)]);
  backlog.flush();
  expect(seen.length).toBe(12);
});

const same = (left: unknown, right: unknown): boolean => {
  if (typeof left !== 'object' || typeof right !== 'object' || left === null || right === null) return Object.is(left, right);
  const [a, b] = [left as Record<string, unknown>, right as Record<string, unknown>];
  return Object.keys(a).length === Object.keys(b).length && Object.keys(a).every((key) => (a[key] instanceof Uint8Array ? Buffer.compare(a[key], b[key] as Uint8Array) === 0 : Array.isArray(a[key]) || Object.is(a[key], b[key])));
};
