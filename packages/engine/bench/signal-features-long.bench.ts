// Ten million ticks of one symbol against a recompute with 40 digits, and what they leave in the heap. The last line is one JSON object.
import {execFileSync} from 'node:child_process';
import {mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {openReferenceFeatures} from '../src/signal/features/reference-features.ts';
import {walkTicks} from './signal-feature-ticks.ts';

const COUNT = Number(process.env['TANDEM_TICKS'] ?? 10_000_000), BLOCK = 1 << 17, TAIL = 46_000;
const policy = {nonFinite: 'pass', backwards: 'accept', gapUs: Number.POSITIVE_INFINITY, onGap: 'count'} as const;
const walk = walkTicks(BLOCK, 7);
const lastTicks = new Float64Array(TAIL * 7);

const longRun = (): {ns: number; heapBytesPerTick: number; row: Float64Array; names: readonly string[]} => {
  const engine = openReferenceFeatures(1, {policy}), {mailbox} = engine;
  let at = 0;
  const run = (ticks: number): void => {
    for (let i = 0; i < ticks; i++) {
      // forth and back through the walk, so that no price jumps
      const place = at % (2 * BLOCK), from = (place < BLOCK ? place : 2 * BLOCK - 1 - place) * 7;
      for (let k = 0; k < 7; k++) mailbox[k] = walk[from + k]!;
      engine.tick(0, at);
      at++;
    }
  };
  run(100_000);
  const heap = process.memoryUsage().heapUsed, begin = performance.now();
  run(COUNT - 100_000);
  const ns = ((performance.now() - begin) * 1e6) / (COUNT - 100_000);
  const heapBytesPerTick = Math.max(0, process.memoryUsage().heapUsed - heap) / COUNT;
  for (let i = 0; i < TAIL; i++) {
    const place = (COUNT - TAIL + i) % (2 * BLOCK), from = (place < BLOCK ? place : 2 * BLOCK - 1 - place) * 7;
    lastTicks.set(walk.subarray(from, from + 7), i * 7);
  }
  return {ns, heapBytesPerTick, row: engine.row.slice(), names: engine.names};
};

const compare = (row: Float64Array, names: readonly string[]): {compared: number; worst: number; worstId: string} => {
  const folder = mkdtempSync(join(tmpdir(), 'exact-'));
  writeFileSync(join(folder, 'ticks.bin'), new Uint8Array(lastTicks.buffer));
  writeFileSync(join(folder, 'ids.json'), JSON.stringify(names));
  const oracle = fileURLToPath(new URL('../../legacy-bridge/python/reference/signals/oracle/exact_features.py', import.meta.url));
  const exact = JSON.parse(execFileSync('python3', [oracle, join(folder, 'ticks.bin'), String(COUNT), join(folder, 'ids.json')], {encoding: 'utf8'})) as Record<string, [number, number]>;
  rmSync(folder, {recursive: true});
  let worst = 0, worstId = '';
  for (const [id, [value, size]] of Object.entries(exact)) {
    const error = Math.abs(row[names.indexOf(id)]! - value) / size;
    if (!(error <= worst)) { worst = error; worstId = id; }
  }
  return {compared: Object.keys(exact).length, worst, worstId};
};

const {ns, heapBytesPerTick, row, names} = longRun();
const exactness = compare(row, names);
const result = {ticks: COUNT, ns, heapBytesPerTick, ...exactness, rssBytes: process.memoryUsage().rss};
process.stdout.write(`${JSON.stringify(result)}\n`);
