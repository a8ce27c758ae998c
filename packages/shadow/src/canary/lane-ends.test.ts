import {describe, expect, test} from 'vitest';
import {LaneEnds} from './lane-ends.ts';

describe('when a lane is given up', () => {
  test('five ends within a minute, wherever they are; the pauses between grow', () => {
    const ends = new LaneEnds();
    const pauses: number[] = [];
    for (let end = 0; end < 4; end += 1) {
      expect(ends.note(end * 1000, end * 10_000)).toBeNull();
      pauses.push(ends.backOffMs(end * 10_000));
    }
    expect(pauses).toEqual([100, 200, 500, 1000]);
    expect(ends.note(4000, 40_000)).toBe('5 ends within 60 s');
  });

  test('five ends at the same place, however long it takes to get there', () => {
    const ends = new LaneEnds();
    for (let end = 0; end < 4; end += 1) expect(ends.note(900_000, end * 100_000)).toBeNull();
    expect(ends.note(900_000, 400_000)).toBe('5 ends without getting beyond 900000');
  });

  test('never, as long as it gets further and does not end too often', () => {
    const ends = new LaneEnds();
    for (let end = 0; end < 100; end += 1) expect(ends.note(end * 1000, end * 20_000)).toBeNull();
  });
});
