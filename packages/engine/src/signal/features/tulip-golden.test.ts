import {readFileSync} from 'node:fs';
import {expect, test} from 'vitest';
import {runFeatures, type Columns} from './fixtures/run-features.ts';
import {tulipFeatures} from './fixtures/tulip-features.ts';

// What only Tulip has in this form, taken plainly from the definitions: fixtures/make_tulip_golden.py.
const read = (name: string): unknown => JSON.parse(readFileSync(new URL(`fixtures/${name}.json`, import.meta.url), 'utf8'));
const {columns} = read('library-golden') as {columns: Columns}, golden = read('tulip-golden') as Record<string, readonly (readonly [number, number])[]>;

test('indicators in the form of Tulip, from their first bar on', async () => {
  const ids = Object.keys(golden), wrong: string[] = [];
  const calls = [...new Set(ids.map((id) => (/^(fisher|msw|di) /.test(id) ? id.replace(/ \d$/, '') : id)))];
  const ours = calls.flatMap((call) => {
    const [name = '', ...options] = call.split(' '), first = (golden[call] ?? golden[`${call} 0`])![0]![0];
    return tulipFeatures(name, options.map(Number), {id: call, minPeriods: first + 1});
  });
  const made = await runFeatures(ours, columns);
  for (const id of ids) {
    const own = made.get(id) ?? made.get(`${id} 0`)!;
    if (!Number.isNaN(own[golden[id]![0]![0] - 1] ?? Number.NaN)) wrong.push(`${id} begins too early`);
    for (const [i, value] of golden[id]!) if (!(Math.abs(own[i]! - value) <= 1e-10 * Math.max(1, Math.abs(value)))) wrong.push(`${id} ${i}: ${own[i]} instead of ${value}`);
  }
  expect(ids.length).toBeGreaterThanOrEqual(20);
  expect(wrong.slice(0, 8)).toEqual([]);
});
