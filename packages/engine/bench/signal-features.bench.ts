// 320 features: emitted TypeScript, WebAssembly and C of the same program, interleaved in one run. The last line is one JSON object.
import {execFileSync, spawn} from 'node:child_process';
import {mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {createInterface} from 'node:readline';
import {compileFeatures} from '../src/signal/features/compile-features.ts';
import {openReferenceFeatures} from '../src/signal/features/reference-features.ts';
import {referenceSet} from '../src/signal/features/reference-set.ts';
import type {SignalFeatures} from '../src/signal/features/signal-features.ts';
import {emitC} from './native/emit-c.ts';
import {walkTicks} from './signal-feature-ticks.ts';

const WALK = 1 << 17, SLICE = Number(process.env['TANDEM_SLICE'] ?? 20_000), ROUNDS = Number(process.env['TANDEM_ROUNDS'] ?? 15);
const folder = mkdtempSync(join(tmpdir(), 'signal-features-'));
const ticks = walkTicks(WALK, 7);

const startC = (flags: readonly string[], name: string): {run: (n: number) => Promise<number>; row: () => Float64Array; end: () => void} => {
  const program = compileFeatures('reference', referenceSet()), {layout} = program;
  writeFileSync(join(folder, 'features.c'), emitC(program));
  writeFileSync(join(folder, 'ticks.bin'), new Uint8Array(ticks.buffer));
  const places = {SYMBOLS_AT: layout.symbolsAt, SYMBOL_DOUBLES: layout.symbolDoubles, INTS_AT: layout.intsAt, ROW_AT: layout.rowAt, ROW_LENGTH: layout.rowLength};
  execFileSync('gcc', ['-O3', ...flags, '-ffp-contract=off', '-w', `-DFEATURES="${join(folder, 'features.c')}"`, ...Object.entries(places).map(([k, v]) => `-D${k}=${v}`),
    '-o', join(folder, name), fileURLToPath(new URL('native/feature-main.c', import.meta.url)), '-lm']);
  const child = spawn(join(folder, name), [join(folder, 'ticks.bin'), join(folder, `${name}.row`), '1'], {stdio: ['pipe', 'pipe', 'inherit']});
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
  return {
    run: async (n) => { child.stdin.write(`${n}\n`); return Number((await lines.next()).value); },
    row: () => { const octets = readFileSync(join(folder, `${name}.row`)); return new Float64Array(octets.buffer.slice(octets.byteOffset, octets.byteOffset + octets.length)); },
    end: () => { child.stdin.end(); },
  };
};

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
const c = startC(['-fno-tree-vectorize'], 'scalar'), cAvx = startC(['-march=native'], 'vector');
const lanes: Record<string, (n: number) => number | Promise<number>> = {js: startOurs(js), wasm: startOurs(wasm), cScalar: c.run, cVector: cAvx.run};
const ns: Record<string, number[]> = {js: [], wasm: [], cScalar: [], cVector: []};
for (const name of Object.keys(lanes)) await lanes[name]!(60_000);
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
