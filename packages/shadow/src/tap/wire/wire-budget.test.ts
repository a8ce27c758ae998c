import {describe, expect, it} from 'vitest';
import {WIRE_BUDGET, WireWatch, type WireSecond} from './wire-budget.ts';

const quiet: WireSecond = {loopDelayMs: 2, rssBytes: 100e6, lost: 0, cpuShare: 0.2};
/** modes after each second, from `observe` on */
const walk = (seconds: readonly Partial<WireSecond>[]): readonly string[] => {
  const watch = new WireWatch(WIRE_BUDGET);
  let mode: 'observe' | 'headers' | 'splice' = 'observe';
  return seconds.map((second) => {
    const step = watch.second(mode, {...quiet, ...second});
    mode = step?.mode ?? mode;
    return step === null ? mode : `${mode}: ${step.reason}`;
  });
};

describe('when a tap steps aside', () => {
  it('not for one bad second', () => { expect(walk([{loopDelayMs: 500}, {loopDelayMs: 500}, {}, {loopDelayMs: 500}, {lost: 10}, {cpuShare: 1}])).toEqual(Array(6).fill('observe')); });
  it('not while the whole machine is late', () => { expect(walk(Array(6).fill({loopDelayMs: 500}))).toEqual(Array(6).fill('observe')); });
  it('rung by rung when its loop stays late', () => {
    const late = {loopDelayMs: 150, cpuShare: 0.5};
    const modes = walk([late, late, late, late, late, late, late]);
    expect(modes.map((mode) => mode.split(':')[0])).toEqual(['observe', 'observe', 'headers', 'headers', 'headers', 'splice', 'splice']);
    expect(modes[2]).toMatch(/150 ms late, 3 seconds in a row/);
  });
  it('at once for its memory', () => { expect(walk([{rssBytes: 2 * 1024 ** 3}])[0]).toMatch(/^headers: its memory of 2048 MiB/); });
  it('when the log is too slow for seconds', () => { expect(walk(Array(6).fill({lost: 1}))[4]).toMatch(/^headers: the log was too slow/); });
  it('when it takes a core for itself', () => { expect(walk(Array(3).fill({cpuShare: 0.99}))[2]).toMatch(/^headers: it used 99 % of a core/); });
});
