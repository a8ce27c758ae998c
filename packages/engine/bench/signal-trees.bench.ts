// One row of features to one prediction: the compiled tables, the same tables in plain TypeScript and in C, and ONNX Runtime, each pass beside the others.
//   node packages/engine/bench/signal-trees.bench.ts [rounds] [rows] [trees] [depth]
// The last line of stdout is one JSON object.
import {Buffer} from 'node:buffer';
import {execFileSync, spawn} from 'node:child_process';
import {existsSync, mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {createInterface} from 'node:readline';
import {compileForest} from '../src/signal/model/compile-forest.ts';
import {DECISION, type Forest, type ForestTree} from '../src/signal/model/forest.ts';
import {chanceOf} from '../test/random-forest.ts';
import {loadOnnx, openOnnx} from './onnx-oracle.ts';
import {quantiles} from './quantiles.ts';
import {addJsTables, jsTablesOf} from './signal-trees-js.ts';
import {onnxOf} from './signal-trees-onnx.ts';

const [rounds = 9, rowCount = 10_000, treeCount = 300, depth = 6] = process.argv.slice(2).map(Number);
const FEATURES = 320;
const chance = chanceOf(20_261_128);
const normal = (): number => Math.fround(chance() + chance() + chance() + chance() - 2);

/** Full trees whose thresholds lie where the rows are, so that no branch is likely; all numbers are float32, so that ONNX Runtime decides alike. */
const fullTree = (): ForestTree => {
  const nodes = (1 << depth) - 1;
  const child = (k: number): number => k < nodes ? k : ~(k - nodes);
  return {
    output: 0, left: Int32Array.from({length: nodes}, (_, k) => child(2 * k + 1)), right: Int32Array.from({length: nodes}, (_, k) => child(2 * k + 2)),
    feature: Int32Array.from({length: nodes}, () => Math.floor(chance() * FEATURES)), threshold: Float64Array.from({length: nodes}, normal), decision: new Uint8Array(nodes).fill(DECISION.missingNaN),
    categories: new Map(), leafValue: Float64Array.from({length: nodes + 1}, () => normal() / 10), linear: null,
  };
};
const forest: Forest = {
  family: 'hist-gradient-boosting', origin: 'full trees', featureCount: FEATURES, featureNames: null, rawCount: 1, trees: Array.from({length: treeCount}, fullTree), base: Float64Array.of(0.25), baseLast: false,
  precision: 'double', divisor: 1, categoryFraction: 'missing', link: {kind: 'identity', scale: 1},
};
const data = Float64Array.from({length: rowCount * FEATURES}, normal);
const rows = Array.from({length: rowCount}, (_, at) => data.subarray(at * FEATURES, (at + 1) * FEATURES));
const gapped = rows.map((row) => row.map((x) => chance() < 0.02 ? NaN : x));

const tables = jsTablesOf(forest, depth);
const model = compileForest(forest);

const folder = mkdtempSync(join(tmpdir(), 'tandem-trees-'));
process.on('exit', () => { rmSync(folder, {recursive: true, force: true}); });
const tableFile = join(folder, 'tables');
const octets = (table: Float64Array | Uint32Array): Buffer => Buffer.from(table.buffer, table.byteOffset, table.byteLength);
writeFileSync(tableFile, Buffer.concat([octets(Uint32Array.of(tables.treeCount, depth, FEATURES, rowCount)), octets(forest.base), octets(tables.threshold), octets(tables.leaf), octets(Uint32Array.from(tables.place)), octets(data)]));

interface Native { ask(line: string): Promise<string>; stop(): void }
const startNative = (): Native | null => {
  const program = join(folder, 'trees');
  try {
    execFileSync('gcc', ['-O3', '-march=native', '-ffp-contract=off', '-o', program, join(import.meta.dirname, 'native/trees.c')], {stdio: 'inherit'});
  } catch {
    return null;
  }
  const child = spawn(program, [tableFile], {stdio: ['pipe', 'pipe', 'inherit']});
  const lines = createInterface({input: child.stdout})[Symbol.asyncIterator]();
  return {ask: async (line) => { child.stdin.write(`${line}\n`); return String((await lines.next()).value); }, stop: () => { child.stdin.end(); }};
};

const nowNs = (): number => performance.now() * 1e6;
const sums = new Float64Array(1);
let sink = 0;
const pass = (of: readonly Float64Array[], predict: (row: Float64Array) => number): number => {
  const start = nowNs();
  let total = 0;
  for (let i = 0; i < of.length; i++) total += predict(of[i]!);
  const spent = (nowNs() - start) / of.length;
  sink += total;
  return spent;
};
const samples = new Float64Array(rowCount);
const single = (predict: (row: Float64Array) => number): {p50: number; p99: number} => {
  for (let i = 0; i < rowCount; i++) {
    const start = nowNs();
    sink += predict(rows[i]!);
    samples[i] = nowNs() - start;
  }
  const {p50 = NaN, p99 = NaN} = quantiles(samples.slice());
  return {p50, p99};
};
const plainJs = (row: Float64Array): number => addJsTables(tables, row, 0.25);
const whole = (row: Float64Array): number => { model.raw(row, sums); return sums[0]!; };

const native = startNative();
const onnx = loadOnnx();
const session = onnx === null ? null : await openOnnx(onnx, onnxOf(forest));
const onnxRow = new Float32Array(FEATURES);
const onnxSample = new Float64Array(Math.min(rowCount, 2000));
let worst = 0;
const onnxPass = async (): Promise<number> => {
  const start = nowNs();
  for (let i = 0; i < onnxSample.length; i++) {
    const at = nowNs();
    onnxRow.set(rows[i]!);
    const {sum} = await session!.run({row: new onnx!.Tensor('float32', onnxRow, [1, FEATURES])});
    onnxSample[i] = nowNs() - at;
    worst = Math.max(worst, Math.abs(sum!.data[0]! - whole(rows[i]!)));
  }
  return (nowNs() - start) / onnxSample.length;
};

const found: Record<'plainJs' | 'whole' | 'gapped' | 'c' | 'onnx', number[]> = {plainJs: [], whole: [], gapped: [], c: [], onnx: []};
const tail = {own: {p50: [] as number[], p99: [] as number[]}, c: {p50: [] as number[], p99: [] as number[]}, onnx: {p50: [] as number[], p99: [] as number[]}};
for (let warm = 0; warm < 5; warm++) { pass(rows, plainJs); pass(rows, whole); pass(gapped, whole); await native?.ask('pass'); }
for (let round = 0; round < rounds; round++) {
  // tables and C before and after each other, so that neither has the better place
  if (round % 2 === 0 && native !== null) found.c.push(Number(await native.ask('pass')));
  found.whole.push(pass(rows, whole));
  if (round % 2 === 1 && native !== null) found.c.push(Number(await native.ask('pass')));
  found.plainJs.push(pass(rows, plainJs));
  found.gapped.push(pass(gapped, whole));
  const own = single(whole);
  tail.own.p50.push(own.p50);
  tail.own.p99.push(own.p99);
  const [p50 = NaN, p99 = NaN] = native === null ? [] : (await native.ask('rows')).split(' ').map(Number);
  tail.c.p50.push(p50);
  tail.c.p99.push(p99);
  if (session === null) continue;
  found.onnx.push(await onnxPass());
  const theirs = quantiles(onnxSample.slice());
  tail.onnx.p50.push(theirs['p50']!);
  tail.onnx.p99.push(theirs['p99']!);
}
const rawPass = (): void => { for (let i = 0; i < rowCount; i++) model.raw(rows[i]!, sums); };
for (let i = 0; i < 3; i++) rawPass();
const heapBefore = process.memoryUsage().heapUsed;
for (let i = 0; i < 5; i++) rawPass();
const heapBytes = Math.max(0, process.memoryUsage().heapUsed - heapBefore) / (5 * rowCount);

let total = 0;
for (const row of rows) total += whole(row);
const bits = Buffer.alloc(8);
bits.writeDoubleBE(total);
const isEqualToC = native === null ? null : (await native.ask('check')) === bits.toString('hex');
native?.stop();
await session?.release();

const median = (list: readonly number[]): number | null => list.length === 0 ? null : Math.round([...list].sort((a, b) => a - b)[list.length >> 1]!);
const ratio = (a: readonly number[], b: readonly number[]): number | null => a.length === 0 || b.length === 0 ? null : Number([...a.map((x, i) => x / b[i]!)].sort((x, y) => x - y)[a.length >> 1]!.toFixed(3));
const result = {
  trees: treeCount, depth, features: FEATURES, rows: rowCount, rounds,
  plainJsNs: median(found.plainJs), predictNs: median(found.whole), predictWithGapsNs: median(found.gapped), cNs: median(found.c), onnxRowNs: median(found.onnx),
  plainJsToC: ratio(found.plainJs, found.c), predictToC: ratio(found.whole, found.c), onnxToPredict: ratio(found.onnx, found.whole),
  predictP50Ns: median(tail.own.p50), predictP99Ns: median(tail.own.p99), cP50Ns: native === null ? null : median(tail.c.p50), cP99Ns: native === null ? null : median(tail.c.p99), onnxP50Ns: median(tail.onnx.p50), onnxP99Ns: median(tail.onnx.p99),
  bytesAllocatedARow: Number(heapBytes.toFixed(2)), equalToC: isEqualToC, onnxWorstDistance: session === null ? null : worst, onnx: session === null ? 'not installed' : 'onnxruntime-node, one thread, one row', sink: Number.isFinite(sink),
};
if (!existsSync(tableFile)) throw new Error('the tables went away');
process.stdout.write(`${JSON.stringify(result)}\n`);
