import {expect, it} from 'vitest';
import {Progress} from './progress.ts';

const LIVE = {colour: true, unicode: true, live: true};

it.each([[undefined, 2], [100, 2], [60, 3], [20, 6]])('erases as many rows as it has filled, %s columns wide', (columns, rows) => {
  let written = '';
  const progress = new Progress((text) => { written += text; }, LIVE, true, () => columns);
  progress.offer(1000, () => ['x'.repeat(80), `\x1b[2m${'y'.repeat(40)}\x1b[22m`]);
  written = '';
  progress.done();
  expect(written).toBe(`\x1b[${rows}A\x1b[0J`);
});
