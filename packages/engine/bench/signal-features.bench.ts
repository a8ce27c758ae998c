// 320 features: emitted TypeScript, WebAssembly and C of the same program, in several processes one after another (see `signal-features-process.ts`). The last line is one JSON object.
import {execFileSync} from 'node:child_process';
import {mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {compileFeaturesC} from './native/start-c.ts';
import {walkTicks} from './signal-feature-ticks.ts';
import type {ProcessLine} from './signal-features-process.ts';

const PROCESSES = Number(process.env['TANDEM_PROCESSES'] ?? 3), WALK = 1 << 17;
// time of the processor on both sides, so that what else the core does is nobody's
const CLOCK = '-DCLOCK=CLOCK_PROCESS_CPUTIME_ID';
const folder = mkdtempSync(join(tmpdir(), 'signal-features-'));
try {
  writeFileSync(join(folder, 'ticks.bin'), new Uint8Array(walkTicks(WALK, 7).buffer));
  compileFeaturesC(folder, 'feature-main.c', {name: 'scalar', flags: ['-fno-tree-vectorize', CLOCK]});
  compileFeaturesC(folder, 'feature-main.c', {name: 'vector', flags: ['-march=native', CLOCK]});
  const lines = Array.from({length: PROCESSES}, (): ProcessLine => {
    const out = execFileSync(process.execPath, [fileURLToPath(new URL('signal-features-process.ts', import.meta.url)), folder], {encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit']});
    process.stdout.write(out);
    return JSON.parse(out) as ProcessLine;
  });
  const of = (key: Exclude<keyof ProcessLine, 'core'>): number[] => lines.map((line) => line[key]).sort((a, b) => a - b);
  const median = (key: Exclude<keyof ProcessLine, 'core'>): number => of(key)[PROCESSES >> 1]!;
  const worst = (key: Exclude<keyof ProcessLine, 'core'>): number => of(key).at(-1)!;
  process.stdout.write(`${JSON.stringify({
    features: lines[0]!.features, processes: PROCESSES, core: lines[0]!.core, jsNs: median('jsNs'), wasmNs: median('wasmNs'), cScalarNs: median('cScalarNs'), cVectorNs: median('cVectorNs'),
    jsPerC: median('jsPerC'), jsPerCLeast: of('jsPerC')[0]!, jsPerCMost: worst('jsPerC'), wasmPerC: median('wasmPerC'), wasmPerVector: median('wasmPerVector'), jsAllocBytesPerTick: median('jsAllocBytesPerTick'),
    differingWasm: worst('differingWasm'), differingC: worst('differingC'), differingVector: worst('differingVector'),
  })}\n`);
} finally {
  rmSync(folder, {recursive: true, force: true});
}
