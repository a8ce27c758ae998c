import {expect, test} from 'vitest';
import {indicatorsDocument} from './fixtures/indicator-tables.ts';

test('docs/indicators.md names every kind and every compared function as they are', () => {
  const {now, wanted, path} = indicatorsDocument();
  expect(now === wanted, `${path} is not up to date: node packages/engine/src/signal/features/fixtures/indicator-tables.ts`).toBe(true);
  // tables that hold something
  expect(now.split('<!-- table: ').slice(1).map((part) => part.split('\n').filter((line) => line.startsWith('|')).length > 10)).toEqual([true, true, true, true, true, true]);
});
