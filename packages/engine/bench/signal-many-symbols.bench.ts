// One tick of one of 20,000 symbols in random order: WebAssembly and C of the same program over the same state, interleaved in one run. The last line is one JSON object.
import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {manifest} from '../src/signal/features/generated/reference.mjs';
import {openReferenceFeatures} from '../src/signal/features/reference-features.ts';
import {startC} from './native/start-c.ts';
import {seededRandom, walkTicks} from './signal-feature-ticks.ts';

const SYMBOLS = Number(process.env['TANDEM_SYMBOLS'] ?? 20_000), ROUNDS = Number(process.env['TANDEM_ROUNDS'] ?? 9), SLICE = 100_000, BLOCK = 1 << 17, WARM = 3000;
const walk = walkTicks(BLOCK, 7);

const startOurs = (): ((ticks: number) => number) => {
  const engine = openReferenceFeatures(SYMBOLS, {policy: {nonFinite: 'pass', backwards: 'accept', gapUs: Number.POSITIVE_INFINITY, onGap: 'count'}}), next = seededRandom(3), {mailbox} = engine;
  let at = 0;
  const tickOf = (symbol: number): void => {
    const from = (at % BLOCK) * 7;
    for (let k = 0; k < 7; k++) mailbox[k] = walk[from + k]!;
    engine.tick(symbol, at++);
  };
  // to the steady version: from one warm symbol, whose state all begin with
  for (let i = 0; i < WARM; i++) tickOf(0);
  engine.copyTo(0, 1, SYMBOLS);
  return (ticks) => {
    const begin = performance.now();
    for (let i = 0; i < ticks; i++) tickOf(Math.floor(next() * SYMBOLS));
    return ((performance.now() - begin) * 1e6) / ticks;
  };
};

const folder = mkdtempSync(join(tmpdir(), 'signal-symbols-'));
const c = startC(folder, walk, {name: 'scalar', flags: ['-fno-tree-vectorize'], symbols: SYMBOLS});
const ours = startOurs(), ns: number[] = [], cNs: number[] = [];
const median = (list: readonly number[]): number => list.toSorted((a, b) => a - b)[list.length >> 1]!;
for (let round = 0; round < ROUNDS; round++) {
  ns.push(ours(SLICE));
  cNs.push(await c.run(SLICE));
}
c.end();
rmSync(folder, {recursive: true, force: true});
process.stdout.write(`${JSON.stringify({symbols: SYMBOLS, bytesPerSymbol: manifest.symbolDoubles * 8, wasmNs: median(ns.slice(1)), cNs: median(cNs.slice(1)), wasmPerC: median(ns.slice(1)) / median(cNs.slice(1)), rssBytes: process.memoryUsage().rss})}\n`);
