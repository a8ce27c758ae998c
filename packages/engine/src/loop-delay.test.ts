import {setTimeout as sleep} from 'node:timers/promises';
import {expect, it} from 'vitest';
import {LoopDelay} from './loop-delay.ts';

it('sees how long the loop was held, and that it mostly was not', async () => {
  const delay = new LoopDelay();
  try {
    await sleep(30);
    const heldMs = 80;
    for (const until = performance.now() + heldMs; performance.now() < until;);
    await sleep(1200);
    // a timer was due at most 10 ms after the loop was taken
    expect(delay.maxMs).toBeGreaterThanOrEqual(heldMs - 11);
    expect(delay.quantileMs(1)).toBe(delay.maxMs);
    expect(delay.quantileMs(0.5)).toBeLessThan(delay.maxMs);
  } finally {
    delay.stop();
  }
});
