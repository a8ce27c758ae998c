import {execFileSync} from 'node:child_process';
import {mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {expect, test} from 'vitest';
import {walkTicks} from '../../../bench/signal-feature-ticks.ts';
import {openReferenceFeatures} from './reference-features.ts';

const oracle = join(import.meta.dirname, '../../../../legacy-bridge/python/reference/signals/oracle/exact_features.py');

test('every feature is within 1e-12 of a recompute with 40 digits, a wick and a missing value behind it', () => {
  const count = 6000, ticks = walkTicks(count, 5), folder = mkdtempSync(join(tmpdir(), 'exact-'));
  ticks[4000 * 7] = Number.NaN;
  ticks[4300 * 7] = ticks[4300 * 7]! * 1000;
  const engine = openReferenceFeatures(1);
  for (let i = 0; i < count; i++) engine.step(0, ticks.subarray(i * 7, i * 7 + 7));
  // what recursive features held in place of the missing value
  ticks[4000 * 7] = ticks[3999 * 7]!;
  writeFileSync(join(folder, 'ticks.bin'), new Uint8Array(ticks.buffer));
  writeFileSync(join(folder, 'ids.json'), JSON.stringify(engine.names));
  const exact = JSON.parse(execFileSync('python3', [oracle, join(folder, 'ticks.bin'), String(count), join(folder, 'ids.json')], {encoding: 'utf8'})) as Record<string, [number, number]>;
  rmSync(folder, {recursive: true});
  const off = engine.names.flatMap((id, i) => {
    const [value, size] = exact[id]!, error = Math.abs(engine.row[i]! - value) / size;
    return error <= 1e-12 ? [] : [`${id}: ${engine.row[i]} instead of ${value}, ${error}`];
  });
  expect(Object.keys(exact)).toHaveLength(320);
  expect(off).toEqual([]);
});
