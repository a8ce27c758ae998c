import fc from 'fast-check';
import {describe, expect, it} from 'vitest';
import {SequenceTracker} from './sequence-tracker.ts';

describe('SequenceTracker', () => {
  it('accounts for every message that a publisher numbered: seen + stated = sent', () => {
    fc.assert(fc.property(fc.integer({min: 0, max: 1000}), fc.array(fc.record({sent: fc.boolean(), broken: fc.boolean()}), {minLength: 1, maxLength: 300}), (start, steps) => {
      const tracker = new SequenceTracker('s');
      let sourceSeq = start;
      let seen = 0;
      let stated = 0;
      let firstSeen: number | null = null;
      let lastSeen = 0;
      let expectedSeq = 0;
      for (const step of steps) {
        sourceSeq += 1;
        if (step.broken) tracker.linkLost('lost');
        if (!step.sent) continue;
        const {seq, gap} = tracker.next(sourceSeq, 1);
        if (gap !== null) {
          expect(gap.afterSeq).toBe(expectedSeq);
          expect(gap.count).not.toBeNull();
          stated += gap.count ?? 0;
          expectedSeq += gap.count ?? 0;
        }
        expectedSeq += 1;
        expect(seq).toBe(expectedSeq);
        firstSeen ??= sourceSeq;
        lastSeen = sourceSeq;
        seen += 1;
      }
      if (firstSeen !== null) expect(seen + stated).toBe(lastSeen - firstSeen + 1);
    }), {seed: 42, numRuns: 500});
  });

  it('states a hole of unknown size when nothing numbers the messages and the link was lost', () => {
    const tracker = new SequenceTracker('s');
    expect(tracker.next(null, 1)).toMatchObject({seq: 1, epoch: 0, gap: null});
    tracker.linkLost('lost');
    tracker.linkLost('lost again');
    expect(tracker.next(null, 9)).toEqual({seq: 2, epoch: 1, gap: {stream: 's', epoch: 1, afterSeq: 1, count: null, reason: 'lost', tMonoNs: 9}});
    expect(tracker.next(null, 10)).toMatchObject({seq: 3, epoch: 1, gap: null});
  });

  it('a link lost before the first message is no hole', () => {
    const tracker = new SequenceTracker('s');
    tracker.linkLost('lost');
    expect(tracker.next(7, 1)).toMatchObject({seq: 1, epoch: 0, gap: null});
  });

  it('a publisher that counts anew starts an epoch, a repeated number does not', () => {
    const tracker = new SequenceTracker('s');
    tracker.next(100, 1);
    expect(tracker.next(100, 2)).toMatchObject({seq: 2, epoch: 0, gap: null});
    expect(tracker.repeated).toBe(1);
    expect(tracker.next(1, 3)).toMatchObject({seq: 3, epoch: 1, gap: {count: null, reason: 'publisher started again'}});
    tracker.linkLost('lost');
    expect(tracker.next(2, 4)).toMatchObject({seq: 4, epoch: 2, gap: null});
    tracker.linkLost('lost');
    expect(tracker.next(1, 5)).toMatchObject({seq: 5, epoch: 3, gap: {count: null}});
  });

  it('a message without a number hides nothing for ever: the next number shows the hole', () => {
    const tracker = new SequenceTracker('s');
    tracker.next(1, 1);
    tracker.next(null, 2);
    expect(tracker.withoutSourceSeq).toBe(1);
    // 2 was the message without a number or is lost: the tracker cannot know, so it states what the numbers say.
    expect(tracker.next(5, 3).gap).toMatchObject({count: 3});
  });

  it('leaves room for messages that were dropped here', () => {
    const tracker = new SequenceTracker('s');
    tracker.next(null, 1);
    expect(tracker.skip(3, 'too many parts', 2)).toMatchObject({afterSeq: 1, count: 3});
    expect(tracker.next(null, 3).seq).toBe(5);
  });
});
