import {describe, expect, test} from 'vitest';
import {SinkFence} from './sink-fence.ts';

const A = {gate: 'a', session: 1};
const B = {gate: 'b', session: 1};

describe('which gate a downstream takes effects of', () => {
  test('the first one that says hello, over its connection, of its session', () => {
    const fence = new SinkFence();
    expect(fence.takes('c1', 1, 0)).toBe(false);
    expect(fence.hello('c1', A, 0)).toBe(true);
    expect([fence.takes('c1', 1, 1), fence.takes('c1', 2, 1), fence.takes('c2', 1, 1)]).toEqual([true, false, false]);
    expect(fence.hello('c1', A, 2)).toBe(true);
    // its connection was made anew: what was on the way may be lost, so this process may not go on
    expect(fence.hello('c2', A, 3)).toBe(false);
    expect(fence.takes('c2', 1, 3)).toBe(false);
  });

  test('a later process of the same gate follows at once, and the former one is over', () => {
    const fence = new SinkFence();
    fence.hello('c1', A, 0);
    expect(fence.hello('c2', {...A, session: 2}, 1)).toBe(true);
    expect([fence.takes('c1', 1, 2), fence.takes('c1', 2, 2), fence.takes('c2', 2, 2), fence.hello('c1', A, 2)]).toEqual([false, false, true, false]);
  });

  test('another gate waits until the present one said goodbye or is silent', () => {
    const fence = new SinkFence();
    fence.hello('c1', A, 0);
    expect([fence.hello('c2', B, 2000), fence.gate]).toEqual([false, 'a']);
    fence.hello('c1', A, 2500);
    expect(fence.hello('c2', B, 5000)).toBe(false);
    expect(fence.hello('c2', B, 5501)).toBe(true);
    expect([fence.takes('c1', 1, 5502), fence.hello('c1', A, 5503), fence.takes('c2', 1, 5504)]).toEqual([false, false, true]);
    fence.bye('c1');
    expect(fence.takes('c2', 1, 5505)).toBe(true);
    fence.bye('c2');
    expect([fence.session, fence.hello('c3', A, 5506)]).toEqual([0, true]);
  });
});
