import fc from 'fast-check';
import {expect, test} from 'vitest';
import type {CauseSelector, LaneName} from '@tandem/contract';
import {createMatcher} from './matcher.ts';
import type {Matcher} from './matcher.ts';

const SEQUENCE: CauseSelector = {input: '/seq', output: '/ref', kind: 'sequence', partition: '/p'};
const LANES: readonly LaneName[] = ['legacy', 'candidate'];
const encode = (value: unknown): Uint8Array => new TextEncoder().encode(typeof value === 'string' ? value : JSON.stringify(value));

/** What the world may do to a matcher, in any order. */
const step = fc.oneof(
  {weight: 8, arbitrary: fc.record({do: fc.constant('input' as const), spoilt: fc.boolean()})},
  {weight: 12, arbitrary: fc.record({do: fc.constant('output' as const), side: fc.nat(1), back: fc.nat(30), spoilt: fc.nat(20)})},
  {weight: 4, arbitrary: fc.record({do: fc.constant('watermark' as const), side: fc.nat(1), back: fc.nat(10)})},
  {weight: 1, arbitrary: fc.record({do: fc.constantFrom('end' as const, 'resume' as const, 'gap' as const), side: fc.nat(1)})},
  {weight: 1, arbitrary: fc.record({do: fc.constantFrom('inputGap' as const, 'waive' as const, 'take' as const)})},
);

function matcherOf(messagesMax: number): Matcher {
  return createMatcher({expected: 'legacy', actual: 'candidate', cause: SEQUENCE, inOrder: [], window: {messagesMax, bytesMax: 20_000}});
}

test('whatever happens, every input is accounted for, once', () => {
  fc.assert(fc.property(fc.array(step, {maxLength: 150}), fc.integer({min: 1, max: 40}), (steps, messagesMax) => {
    const matcher = matcherOf(messagesMax);
    const indexes = [0, 0];
    let inputs = 0;
    let gaps = 0;
    let compared = 0;
    const seen: number[] = [];
    const take = (): void => {
      for (const settled of matcher.take()) {
        seen.push(settled.inputSeq);
        if (settled.input !== null) compared += 1;
      }
    };
    for (const one of steps) {
      if (one.do === 'input') matcher.input(inputs += 1, encode(one.spoilt && inputs % 3 === 0 ? 'spoilt' : {seq: inputs}));
      else if (one.do === 'output') {
        matcher.output({lane: LANES[one.side] as LaneName, index: (indexes[one.side] = (indexes[one.side] as number) + 1), tMonoNs: 0, frames: null, payload: encode(one.spoilt === 0 ? '{' : {ref: inputs - one.back, p: String(one.back % 3)})});
      } else if (one.do === 'watermark') matcher.watermarkAt(LANES[one.side] as LaneName, inputs - one.back);
      else if (one.do === 'end') matcher.laneEnded(LANES[one.side] as LaneName, `${LANES[one.side] as LaneName} crashed`);
      else if (one.do === 'resume') matcher.laneResumed(LANES[one.side] as LaneName);
      else if (one.do === 'gap') matcher.outputGap(LANES[one.side] as LaneName, 'output gap');
      else if (one.do === 'inputGap') {
        matcher.inputGap(2, 'tap gap');
        gaps += 2;
      } else if (one.do === 'waive') matcher.waiveThrough(inputs);
      else take();
      expect(matcher.conservation()).toMatchObject({in: inputs + gaps, remainder: 0});
      expect(matcher.occupancy().messages).toBeLessThanOrEqual(messagesMax);
      expect(matcher.occupancy().bytes).toBeLessThanOrEqual(20_000);
    }
    matcher.finish();
    take();
    expect(matcher.conservation()).toMatchObject({in: inputs + gaps, compared, remainder: 0});
    expect(seen).toEqual(seen.toSorted((left, right) => left - right));
    expect(new Set(seen).size).toBe(seen.length);
  }), {numRuns: 400});
});

test('two lanes with the same outputs match completely, however they interleave', () => {
  const answers = fc.array(fc.record({spoilt: fc.boolean(), outputs: fc.array(fc.nat(2), {maxLength: 4})}), {minLength: 1, maxLength: 60});
  fc.assert(fc.property(answers, fc.infiniteStream(fc.nat(5)), (inputs, pace) => {
    const matcher = matcherOf(1000);
    let lastId = 0;
    const outputs = inputs.flatMap(({spoilt, outputs: parts}, index) => {
      lastId = spoilt ? lastId : index + 1;
      const ref = lastId;
      return parts.map((p, ordinal) => ({after: index + 1, payload: encode({ref, p: String(p), n: `${String(index)}.${String(ordinal)}`})}));
    });
    inputs.forEach(({spoilt}, index) => matcher.input(index + 1, encode(spoilt ? '[' : {seq: index + 1})));
    const sent = [0, 0];
    const done = [0, 0];
    while (sent.some((count) => count < outputs.length)) {
      for (const side of [0, 1]) {
        for (let left = pace.next().value; left > 0 && (sent[side] as number) < outputs.length; left -= 1) {
          const {after, payload} = outputs[sent[side] as number] as {after: number; payload: Uint8Array};
          if (after - 1 > (done[side] as number)) matcher.watermarkAt(LANES[side] as LaneName, done[side] = after - 1);
          matcher.output({lane: LANES[side] as LaneName, index: sent[side] as number, tMonoNs: 0, frames: null, payload});
          sent[side] = (sent[side] as number) + 1;
        }
      }
    }
    for (const lane of LANES) matcher.watermarkAt(lane, inputs.length);
    matcher.finish();
    let matched = 0;
    for (const settled of matcher.take()) {
      expect(settled.actual.map(({payload}) => payload)).toEqual(settled.expected.map(({payload}) => payload));
      expect([settled.late, settled.inverted]).toEqual([{}, {}]);
      matched += settled.expected.length;
    }
    expect(matched).toBe(outputs.length);
    expect(matcher.takeStrays()).toEqual([]);
    expect(matcher.conservation()).toEqual({in: inputs.length, compared: inputs.length, waived: 0, inFlight: 0, lost: {}, remainder: 0});
  }), {numRuns: 300});
});
