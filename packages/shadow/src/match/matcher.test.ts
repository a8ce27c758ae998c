import {describe, expect, test} from 'vitest';
import type {CauseSelector, LaneName} from '@tandem/contract';
import {createMatcher} from './matcher.ts';
import type {Matcher, MatcherOptions} from './matcher.ts';

const SEQUENCE: CauseSelector = {input: '/seq', output: '/ref', kind: 'sequence', partition: '/account'};
const KEY: CauseSelector = {input: '/id', output: '/id', kind: 'key', partition: '/account'};

interface Rig {
  readonly matcher: Matcher;
  input(inputSeq: number, value: unknown): void;
  output(lane: LaneName, value: unknown): void;
  settled(): string[];
  strays(): string[];
}

function bytes(value: unknown): Uint8Array {
  return new TextEncoder().encode(typeof value === 'string' ? value : JSON.stringify(value));
}

function rig(options: Partial<MatcherOptions> = {}): Rig {
  const matcher = createMatcher({
    expected: 'legacy', actual: 'candidate', cause: SEQUENCE, inOrder: [], window: {messagesMax: 1000, bytesMax: 1_000_000}, ...options,
  });
  const indexes = {legacy: 0, twin: 0, candidate: 0};
  const names = (outputs: readonly {payload: Uint8Array}[]): string => outputs.map((one) => new TextDecoder().decode(one.payload).replace(/^.*"o":"(.*?)".*$/u, '$1')).join('+');
  return {
    matcher,
    input: (inputSeq, value) => matcher.input(inputSeq, bytes(value)),
    output: (lane, value) => matcher.output({lane, index: indexes[lane]++, tMonoNs: 0, payload: bytes(value), frames: null}),
    settled: () => matcher.take().map((one) => `${String(one.inputSeq)}/${one.cause}: ${names(one.expected)} | ${names(one.actual)}`),
    strays: () => matcher.takeStrays().map((one) => `${one.kind} ${one.output.lane} ${one.cause} at ${String(one.inputSeq)}`),
  };
}

describe('sequence', () => {
  test('an input is settled when both lanes are past it, in log order', () => {
    const {matcher, input, output, settled} = rig();
    for (let seq = 1; seq <= 3; seq += 1) input(seq, {seq: seq * 10});
    output('legacy', {ref: 10, o: 'a'});
    output('legacy', {ref: 20, o: 'b'});
    matcher.watermark('legacy', 30);
    expect(settled()).toEqual([]);
    output('candidate', {ref: 20, o: 'B'});
    output('candidate', {ref: 10, o: 'A'});
    matcher.watermark('candidate', 20);
    expect(settled()).toEqual(['1/10: a | A']);
    matcher.watermark('candidate', 30);
    expect(settled()).toEqual(['2/20: b | B']);
    matcher.finish();
    expect(settled()).toEqual(['3/30:  | ']);
    expect(matcher.conservation()).toEqual({in: 3, compared: 3, waived: 0, inFlight: 0, lost: {}, remainder: 0});
  });

  test('a lane that is behind has nothing missing', () => {
    const {matcher, input, output, settled} = rig();
    for (let seq = 1; seq <= 50; seq += 1) {
      input(seq, {seq});
      output('legacy', {ref: seq, o: 'x'});
    }
    matcher.watermark('legacy', 50);
    matcher.finish();
    expect(settled()).toEqual([]);
    expect(matcher.conservation()).toMatchObject({in: 50, compared: 0, inFlight: 50, remainder: 0});
  });

  test('inputs without readable id are answered under the id before them, however late the barrier', () => {
    const {matcher, input, output, settled, strays} = rig();
    input(1, 'garbage');
    output('legacy', {ref: 0, o: 'r0'});
    input(2, {seq: 7});
    output('legacy', {ref: 7, o: 'a'});
    matcher.watermark('legacy', 7);
    matcher.watermark('candidate', 7);
    input(3, '{"seq":');
    input(4, {seq: 7});
    output('legacy', {ref: 7, o: 'r7'});
    input(5, {seq: 8});
    for (const lane of ['legacy', 'candidate'] as const) matcher.watermark(lane, 8);
    matcher.finish();
    expect(settled()).toEqual(['0/0: r0 | ', '1/0:  | ', '2/7: a+r7 | ', '3/7:  | ', '4/7:  | ', '5/8:  | ']);
    expect(strays()).toEqual([]);
    expect(matcher.conservation()).toMatchObject({in: 5, compared: 5, remainder: 0});
  });

  test('what a spoilt input says about its number misleads nobody', () => {
    for (const claimed of [1, 2, 3, 999_999]) {
      const {matcher, input, output, settled, strays} = rig();
      const steps = [[{seq: 1}, 1], [`{"seq":${String(claimed)},"text":"cut of`, 1], [{seq: 2}, 2], ['{"seq":', 2], [{seq: 3}, 3]] as const;
      steps.forEach(([text, ref], index) => {
        input(index + 1, text);
        output('legacy', {ref, o: `o${String(index)}`});
        matcher.watermarkAt('legacy', index + 1);
      });
      steps.forEach(([, ref], index) => {
        output('candidate', {ref, o: `o${String(index)}`});
        matcher.watermarkAt('candidate', index + 1);
      });
      matcher.finish();
      const answered = settled().map((one) => one.slice(one.indexOf(':'))).filter((one) => one !== ':  | ').toSorted();
      expect([claimed, answered]).toEqual([claimed, [': o0+o1 | o0+o1', ': o2+o3 | o2+o3', ': o4 | o4']]);
      expect(strays()).toEqual([]);
      expect(matcher.conservation()).toMatchObject({in: 5, compared: 5, remainder: 0});
    }
  });

  test('outputs of unknown, spoilt and closed causes are strays', () => {
    const {matcher, input, output, settled, strays} = rig();
    for (let seq = 1; seq <= 3; seq += 1) input(seq, {seq});
    output('candidate', {ref: 99, o: 'x'});
    for (const lane of ['legacy', 'candidate'] as const) matcher.watermark(lane, 3);
    expect(settled()).toHaveLength(2);
    output('candidate', {ref: 1, o: 'again'});
    output('candidate', 'not json');
    matcher.finish();
    expect(strays()).toEqual(['unknown-cause candidate 99 at 0', 'late candidate 1 at 1', 'unreadable candidate  at 0']);
  });

  test('a spoilt output takes the place that its lane lacks', () => {
    const {matcher, input, output, settled, strays} = rig();
    for (let seq = 1; seq <= 4; seq += 1) input(seq, {seq});
    for (let seq = 1; seq <= 3; seq += 1) output('legacy', {ref: seq, o: `l${String(seq)}`});
    output('candidate', {ref: 1, o: 'c1'});
    output('candidate', '\u0000');
    output('candidate', {ref: 3, o: 'c3'});
    for (const lane of ['legacy', 'candidate'] as const) matcher.watermark(lane, 4);
    matcher.finish();
    expect(settled()).toEqual(['1/1: l1 | c1', '2/2: l2 | \u0000', '3/3: l3 | c3', '4/4:  | ']);
    expect(strays()).toEqual([]);
  });

  test('inversions count within a partition only', () => {
    const {matcher, input, output} = rig();
    for (let seq = 1; seq <= 4; seq += 1) input(seq, {seq});
    for (const [ref, account] of [[2, 'A'], [1, 'B'], [4, 'A'], [3, 'A']] as const) output('candidate', {ref, account, o: 'x'});
    for (const lane of ['legacy', 'candidate'] as const) matcher.watermarkAt(lane, 4);
    matcher.finish();
    expect(matcher.tally('candidate').inversions).toBe(1);
    expect(matcher.take().map((one) => one.inverted)).toEqual([{}, {}, {candidate: 1}, {}]);
  });
});

describe('losses', () => {
  test('what a lane did not get to before it died is lost, the rest is compared', () => {
    const {matcher, input, output, settled, strays} = rig();
    for (let seq = 1; seq <= 10; seq += 1) input(seq, {seq});
    for (let seq = 1; seq <= 10; seq += 1) output('legacy', {ref: seq, o: 'l'});
    for (let seq = 1; seq <= 6; seq += 1) output('candidate', {ref: seq, o: 'c'});
    matcher.watermark('candidate', 4);
    matcher.laneEnded('candidate', 'candidate crashed');
    input(11, {seq: 11});
    output('legacy', {ref: 11, o: 'l'});
    matcher.watermark('legacy', 11);
    matcher.finish();
    expect(settled()).toEqual([1, 2, 3, 4].map((seq) => `${String(seq)}/${String(seq)}: l | c`));
    expect(strays()).toEqual([]);
    expect(matcher.conservation()).toEqual({in: 11, compared: 4, waived: 0, inFlight: 0, lost: {'candidate crashed': 7}, remainder: 0});
  });

  test('a lane that came back counts again from its return on', () => {
    const {matcher, input, output, settled} = rig();
    input(1, {seq: 1});
    matcher.laneEnded('candidate', 'candidate crashed');
    input(2, {seq: 2});
    matcher.laneResumed('candidate');
    input(3, {seq: 3});
    input(4, {seq: 4});
    for (const lane of ['legacy', 'candidate'] as const) {
      output(lane, {ref: 3, o: lane});
      matcher.watermark(lane, 4);
    }
    matcher.finish();
    expect(settled()).toEqual(['3/3: legacy | candidate', '4/4:  | ']);
    expect(matcher.conservation()).toMatchObject({in: 4, compared: 2, lost: {'candidate crashed': 2}, remainder: 0});
  });

  test('beyond the join window an input is lost and its answers are late, never values', () => {
    const {matcher, input, output, settled, strays} = rig({window: {messagesMax: 5, bytesMax: 1_000_000}});
    for (let seq = 1; seq <= 9; seq += 1) {
      input(seq, {seq});
      output('legacy', {ref: seq, o: 'l'});
    }
    for (let seq = 1; seq <= 9; seq += 1) output('candidate', {ref: seq, o: 'c'});
    for (const lane of ['legacy', 'candidate'] as const) matcher.watermark(lane, 9);
    matcher.finish();
    expect(settled()).toHaveLength(5);
    expect(strays().filter((one) => one.startsWith('late'))).toHaveLength(4);
    expect(matcher.conservation()).toMatchObject({in: 9, compared: 5, lost: {'join window': 4}, remainder: 0});
  });

  test('the window is bounded in bytes too', () => {
    const {matcher, input, output} = rig({window: {messagesMax: 1000, bytesMax: 2000}});
    for (let seq = 1; seq <= 10; seq += 1) {
      input(seq, {seq});
      output('legacy', {ref: seq, o: 'x'.repeat(500)});
      expect(matcher.occupancy().bytes).toBeLessThanOrEqual(2000);
    }
    expect(matcher.conservation()).toMatchObject({in: 10, remainder: 0});
    expect(matcher.conservation().lost['join window']).toBeGreaterThan(5);
  });

  test('gaps and waivers are accounted for', () => {
    const {matcher, input, output, settled} = rig();
    matcher.waiveThrough(2);
    for (let seq = 1; seq <= 3; seq += 1) input(seq, {seq});
    matcher.inputGap(4, 'tap gap');
    for (const lane of ['legacy', 'candidate'] as const) for (let seq = 1; seq <= 3; seq += 1) output(lane, {ref: seq, o: 'x'});
    matcher.watermark('candidate', 3);
    matcher.watermark('legacy', 2);
    matcher.outputGap('legacy', 'output gap');
    matcher.watermark('legacy', 3);
    matcher.finish();
    expect(settled()).toEqual([]);
    expect(matcher.conservation()).toEqual({in: 7, compared: 0, waived: 2, inFlight: 0, lost: {'output gap': 1, 'tap gap': 4}, remainder: 0});
  });
});

describe('key and position', () => {
  test('keys that repeat are one conversation, answered in order of arrival', () => {
    const {matcher, input, output, settled} = rig({cause: KEY});
    for (const [seq, id] of [[1, 'a'], [2, 'b'], [3, 'a'], [4, 'c']] as const) input(seq, {id});
    for (const lane of ['legacy', 'candidate'] as const) {
      for (const id of lane === 'legacy' ? ['a', 'b', 'a'] : ['b', 'a', 'a']) output(lane, {id, o: id});
      matcher.watermarkAt(lane, 2);
    }
    expect(settled()).toEqual([]);
    for (const lane of ['legacy', 'candidate'] as const) matcher.watermarkAt(lane, 4);
    expect(settled()).toEqual(['1/a: a+a | a+a', '2/b: b | b', '3/a:  | ', '4/c:  | ']);
  });

  test('where lanes are only observed, an output may be seen before its input', () => {
    const {matcher, input, output, settled, strays} = rig({earlyInputsMax: 2});
    output('legacy', {ref: 2, o: 'early'});
    output('candidate', {ref: 77, o: 'never'});
    for (let seq = 1; seq <= 2; seq += 1) input(seq, {seq});
    expect(strays()).toEqual([]);
    input(3, {seq: 3});
    expect(strays()).toEqual(['unknown-cause candidate 77 at 0']);
    output('candidate', {ref: 2, o: 'x'});
    output('legacy', {ref: 78, o: 'never'});
    for (const lane of ['legacy', 'candidate'] as const) matcher.watermarkAt(lane, 3);
    matcher.finish();
    expect(settled()).toEqual(['1/1:  | ', '2/2: early | x', '3/3:  | ']);
    expect(strays()).toEqual(['unknown-cause legacy 78 at 2']);
  });

  test('lanes in order settle by their own outputs', () => {
    const {matcher, input, output, settled} = rig({cause: {...SEQUENCE, input: null}, inOrder: ['legacy', 'candidate']});
    for (let seq = 1; seq <= 4; seq += 1) input(seq, {});
    for (const lane of ['legacy', 'candidate'] as const) for (const ref of [1, 1, 3]) output(lane, {ref, o: lane});
    expect(settled()).toEqual(['1/1: legacy+legacy | candidate+candidate', '2/2:  | ']);
    for (const lane of ['legacy', 'candidate'] as const) matcher.watermarkAt(lane, 4);
    expect(settled()).toEqual(['3/3: legacy | candidate', '4/4:  | ']);
  });
});
