// 320 features: emitted TypeScript, WebAssembly and C of the same program, interleaved in one run. The last line is one JSON object.
import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {openReferenceFeatures} from '../src/signal/features/reference-features.ts';
import type {SignalFeatures} from '../src/signal/features/signal-features.ts';
import {startC} from './native/start-c.ts';
import {walkTicks} from './signal-feature-ticks.ts';

const WALK = 1 << 17, SLICE = Number(process.env['TANDEM_SLICE'] ?? 20_000), ROUNDS = Number(process.env['TANDEM_ROUNDS'] ?? 15);
const SETTLED_MS = 3000, SETTLE_MS_MAX = 20_000;
const folder = mkdtempSync(join(tmpdir(), 'signal-features-'));
const ticks = walkTicks(WALK, 7);

const startOurs = (features: SignalFeatures): ((n: number) => number) => {
  let at = 0;
  const {mailbox} = features;
  return (n) => {
    const begin = performance.now();
    for (let i = 0; i < n; i++) {
      for (let k = 0; k < 7; k++) mailbox[k] = ticks[at * 7 + k]!;
      features.tick(0, at);
      if (++at === WALK) { at = 0; }
    }
    return ((performance.now() - begin) * 1e6) / n;
  };
};

const accept = {nonFinite: 'pass', backwards: 'accept', gapUs: Number.POSITIVE_INFINITY, onGap: 'count'} as const;
const js = openReferenceFeatures(1, {form: 'js', policy: accept}), wasm = openReferenceFeatures(1, {form: 'wasm', policy: accept});
const c = startC(folder, ticks, {name: 'scalar', flags: ['-fno-tree-vectorize']}), cAvx = startC(folder, ticks, {name: 'vector', flags: ['-march=native']});
const lanes: Record<string, (n: number) => number | Promise<number>> = {js: startOurs(js), wasm: startOurs(wasm), cScalar: c.run, cVector: cAvx.run};
const ns: Record<string, number[]> = {js: [], wasm: [], cScalar: [], cVector: []};
for (const name of Object.keys(lanes)) await lanes[name]!(60_000);
// V8 optimises functions of this size for up to seconds on a thread of its own, while the code before them runs on: what is measured is the code that stays
const settle = async (lane: (n: number) => number | Promise<number>): Promise<number> => {
  let ticksTaken = 0, best = Number.POSITIVE_INFINITY, improvedMs = performance.now();
  const endMs = improvedMs + SETTLE_MS_MAX;
  while (performance.now() < Math.min(endMs, improvedMs + SETTLED_MS)) {
    const now = await lane(5000);
    ticksTaken += 5000;
    if (now < best * 0.98) { best = now; improvedMs = performance.now(); }
  }
  return ticksTaken;
};
const settled = await settle(lanes['js']!);
// all have to end on the same tick
for (const name of ['wasm', 'cScalar', 'cVector']) await lanes[name]!(settled);
for (let round = 0; round < ROUNDS; round++) for (const name of Object.keys(lanes)) ns[name]!.push(await lanes[name]!(SLICE));
const median = (list: readonly number[]): number => list.toSorted((a, b) => a - b)[list.length >> 1]!;
const heapBefore = process.memoryUsage().heapUsed;
const allocTicks = 100_000;
await lanes['js']!(allocTicks);
const allocBytes = Math.max(0, process.memoryUsage().heapUsed - heapBefore) / allocTicks;
for (const name of ['wasm', 'cScalar', 'cVector']) await lanes[name]!(allocTicks);
const differing = (a: Float64Array, b: Float64Array): number => a.reduce((sum, x, i) => sum + (Object.is(x, b[i]) ? 0 : 1), 0);
const [jsNs, wasmNs, cNs, vNs] = ['js', 'wasm', 'cScalar', 'cVector'].map((name) => median(ns[name]!)) as [number, number, number, number];
c.end();
cAvx.end();
const result = {
  features: js.names.length, jsNs, wasmNs, cScalarNs: cNs, cVectorNs: vNs, jsPerC: jsNs / cNs, wasmPerC: wasmNs / cNs, wasmPerVector: wasmNs / vNs, jsAllocBytesPerTick: allocBytes,
  differingWasm: differing(js.row, wasm.row), differingC: differing(js.row, c.row()), differingVector: differing(js.row, cAvx.row()),
};
rmSync(folder, {recursive: true, force: true});
process.stdout.write(`${JSON.stringify(result)}\n`);
