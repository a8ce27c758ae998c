import {execFileSync} from 'node:child_process';
import {mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {pathToFileURL} from 'node:url';
import {TandemError} from '@tandem/contract';
import {expect, test} from 'vitest';
import {walkTicks} from '../../../bench/signal-feature-ticks.ts';
import {catalogue} from './catalogue.ts';
import {emitFeatures} from './emit-features.ts';
import {openModule, openWasm, type EmittedModule} from './emitted-features.ts';
import {feature, type Feature} from './feature.ts';
import {rsi} from './kinds/momentum.ts';
import {SignalFeatures} from './signal-features.ts';

const SIZES: Readonly<Record<string, number>> = {fast: 3, slow: 9, signal: 4, smooth: 3};
/** Every output and seed of every kind, with small windows. */
const everything = (): Feature[] => [...catalogue.values()].flatMap((kind) => kind.outputs.flatMap((output) => [kind.conventions.seed, ...(kind.seeds ?? [])].map((seed) => feature(
  kind, kind.windowNames.map((name) => SIZES[name] ?? 14), {output, seed, params: (kind.paramNames ?? []).map((name) => (name === 'q' ? 0.3 : 2)), id: `${kind.kind} ${output} ${seed}`},
))));

test('every kind gives the same bits in JavaScript, WebAssembly and Python, and heals after bad ticks', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'catalogue-')), list = everything(), count = 500, ticks = walkTicks(count, 21);
  emitFeatures('all', list, {folder, typesFrom: '../emitted-features.ts'});
  const module = await import(pathToFileURL(join(folder, 'all.mjs')).href) as EmittedModule;
  const js = new SignalFeatures(openModule(module, 1), 1), wasm = new SignalFeatures(openWasm(module.manifest, new Uint8Array(readFileSync(join(folder, 'all.wasm'))), 1), 1);
  for (let i = 0; i < 20; i++) ticks.fill(Number.NaN, (200 + i) * 7, (200 + i) * 7 + 1 + (i % 7));
  ticks[300 * 7] = ticks[300 * 7]! * 1000;
  const n = list.length, rows = new Float64Array(count * n), differing = new Set<string>();
  for (let i = 0; i < count; i++) {
    js.step(0, ticks.subarray(i * 7, i * 7 + 7));
    wasm.step(0, ticks.subarray(i * 7, i * 7 + 7));
    rows.set(js.row, i * n);
    for (let f = 0; f < n; f++) {
      // the logarithm is one function in both, so it agrees here too
      if (!Object.is(js.row[f], wasm.row[f])) differing.add(js.names[f]!);
    }
  }
  expect([...differing]).toEqual([]);
  expect(js.names.filter((_, f) => Number.isNaN(js.row[f]))).toEqual([]);
  writeFileSync(join(folder, 'ticks.bin'), new Uint8Array(ticks.buffer));
  writeFileSync(join(folder, 'rows.bin'), new Uint8Array(rows.buffer));
  const script = `
import struct, sys
from all_features import Features, IDS
n, k = ${count}, ${n}
t = struct.unpack('<%dd' % (n * 7), open('ticks.bin', 'rb').read()); r = struct.unpack('<%dd' % (n * k), open('rows.bin', 'rb').read())
f, bad = Features(), set()
for i in range(n):
    for a, b, name in zip(f.tick(*t[i * 7:i * 7 + 7]), r[i * k:i * k + k], IDS):
        if a != b and not (a != a and b != b) and not (name.startswith('logret') and abs(a - b) <= 2e-16 * max(abs(a), abs(b)) * 2): bad.add(name)
print(sorted(bad))`;
  expect(execFileSync('python3', ['-c', script], {cwd: folder, encoding: 'utf8'}).trim()).toBe('[]');
  rmSync(folder, {recursive: true});
});

test.each([[() => feature(rsi, [14], {seed: 'sma'})], [() => feature(rsi, [])], [() => feature(rsi, [1.5])], [() => feature(rsi, [14], {zeroRule: 'half'})], [() => feature(rsi, [14], {output: 'x'})]])('what does not fit its kind is refused (%#)', (make) => {
  let thrown: unknown;
  try { make(); } catch (error) { thrown = error; }
  expect(thrown).toBeInstanceOf(TandemError);
  expect((thrown as TandemError).detail.id).toBe('TDM-E450');
});
