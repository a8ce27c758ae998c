import {readFileSync} from 'node:fs';
import {beforeAll, describe, expect, test} from 'vitest';
import {featureNamed} from './catalogue.ts';
import {LIBRARY} from './fixtures/library-features.ts';
import {openEmitted, runModule, type Columns} from './fixtures/run-features.ts';

// What TA-Lib, ta and talipp say about bars of our own: fixtures/make_library_golden.py. Series of three hundred bars, of which the first values and every 23rd are kept.
const golden = JSON.parse(readFileSync(new URL('fixtures/library-golden.json', import.meta.url), 'utf8')) as {columns: Columns; expected: Record<string, readonly (readonly [number, number | null])[]>};

describe('values of TA-Lib, ta and talipp', () => {
  let made = new Map<string, number[]>();
  const ours = Object.entries(LIBRARY).map(([id, [kind, windows, wishes]]) => featureNamed(kind, windows, {...wishes, id}));
  beforeAll(async () => { made = runModule(await openEmitted(ours), golden.columns); });

  test.each(Object.keys(LIBRARY))('%s', (id) => {
    const values = golden.expected[id]!, own = made.get(id)!, wrong: string[] = [];
    expect(values.length).toBeGreaterThan(10);
    own.forEach((value, i) => { if (i < values[0]![0] && !Number.isNaN(value)) wrong.push(`${i}: ${value} where theirs is none`); });
    // Sums in another order: 10^-9 of what they are made of, which for a difference near zero is the larger of it and one.
    for (const [i, value] of values) if (!(Math.abs(own[i]! - value!) <= 1e-9 * Math.max(1, Math.abs(value!)))) wrong.push(`${i}: ${own[i]} instead of ${value}`);
    expect(wrong.slice(0, 5)).toEqual([]);
  });

  test('nothing that was made is left out unnamed', () => {
    expect(Object.keys(golden.expected).filter((id) => !(id in LIBRARY))).toEqual([]);
  });
});
