// One process of `signal-features.bench.ts`: `<folder with ticks.bin and the compiled C>`. One JSON line.
import {readFileSync} from 'node:fs';
import {join} from 'node:path';
import {openReferenceFeatures} from '../src/signal/features/reference-features.ts';
import {startCompiled} from './native/start-c.ts';
import {holdOneCore} from './one-core.ts';
import {startTurns} from './signal-turns.ts';

/** ns a tick are of the processor's time, of the whole process: medians of turns; ratios are medians of what a turn costs against C's turn beside it. */
export interface ProcessLine {
  readonly features: number; readonly core: number | null;
  readonly jsNs: number; readonly wasmNs: number; readonly cScalarNs: number; readonly cVectorNs: number;
  readonly jsPerC: number; readonly wasmPerC: number; readonly wasmPerVector: number; readonly jsAllocBytesPerTick: number;
  readonly differingWasm: number; readonly differingC: number; readonly differingVector: number;
}

// turns of a few milliseconds: the machine's own speed changes more slowly
const TURN = Number(process.env['TANDEM_SLICE'] ?? 5000), ROUNDS = Number(process.env['TANDEM_ROUNDS'] ?? 100);
const SETTLED_MS = 2000, SETTLE_MS_MAX = 10_000;
const folder = process.argv[2]!, octets = readFileSync(join(folder, 'ticks.bin')), ticks = new Float64Array(octets.buffer.slice(octets.byteOffset, octets.byteOffset + octets.length));
const core = holdOneCore();

const accept = {nonFinite: 'pass', backwards: 'accept', gapUs: Number.POSITIVE_INFINITY, onGap: 'count'} as const;
const js = openReferenceFeatures(1, {form: 'js', policy: accept}), wasm = openReferenceFeatures(1, {form: 'wasm', policy: accept});
const c = startCompiled(folder, 'scalar'), cVector = startCompiled(folder, 'vector');
type Name = 'js' | 'wasm' | 'cScalar' | 'cVector';
const lanes: Readonly<Record<Name, (n: number) => number | Promise<number>>> = {js: startTurns(js, ticks), wasm: startTurns(wasm, ticks), cScalar: c.run, cVector: cVector.run};
const names = Object.keys(lanes) as Name[];
const ns: Record<Name, number[]> = {js: [], wasm: [], cScalar: [], cVector: []};
for (const name of names) await lanes[name](60_000);
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
const settled = await settle(lanes.js);
// all have to end on the same tick
for (const name of ['wasm', 'cScalar', 'cVector'] as const) await lanes[name](settled);
// TypeScript and C before and after each other in turn
for (let round = 0; round < ROUNDS; round++) for (const name of round % 2 === 0 ? names : names.toReversed()) ns[name].push(await lanes[name](TURN));
const median = (list: readonly number[]): number => list.toSorted((a, b) => a - b)[list.length >> 1]!;
const ratio = (a: Name, b: Name): number => median(ns[a].map((x, i) => x / ns[b][i]!));
const heapBefore = process.memoryUsage().heapUsed;
const allocTicks = 100_000;
await lanes.js(allocTicks);
const allocBytes = Math.max(0, process.memoryUsage().heapUsed - heapBefore) / allocTicks;
for (const name of ['wasm', 'cScalar', 'cVector'] as const) await lanes[name](allocTicks);
const differing = (a: Float64Array, b: Float64Array): number => a.reduce((sum, x, i) => sum + (Object.is(x, b[i]) ? 0 : 1), 0);
c.end();
cVector.end();
const line: ProcessLine = {
  features: js.names.length, core, jsNs: median(ns.js), wasmNs: median(ns.wasm), cScalarNs: median(ns.cScalar), cVectorNs: median(ns.cVector),
  jsPerC: ratio('js', 'cScalar'), wasmPerC: ratio('wasm', 'cScalar'), wasmPerVector: ratio('wasm', 'cVector'), jsAllocBytesPerTick: allocBytes,
  differingWasm: differing(js.row, wasm.row), differingC: differing(js.row, c.row()), differingVector: differing(js.row, cVector.row()),
};
process.stdout.write(`${JSON.stringify(line)}\n`);
