// 320 features as WebAssembly and the same program compiled by numba, in turns of a few milliseconds on one core: `<python that has numba>`. The last line is one JSON object.
import {spawn} from 'node:child_process';
import {mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {createInterface} from 'node:readline';
import {fileURLToPath} from 'node:url';
import {openReferenceFeatures} from '../src/signal/features/reference-features.ts';
import {holdOneCore} from './one-core.ts';
import {walkTicks} from './signal-feature-ticks.ts';
import {startTurns} from './signal-turns.ts';

const WALK = 1 << 17, TURN = Number(process.env['TANDEM_SLICE'] ?? 5000), ROUNDS = Number(process.env['TANDEM_ROUNDS'] ?? 200), WARM = 60_000;
const python = process.argv[2], folder = mkdtempSync(join(tmpdir(), 'signal-numba-'));
if (python === undefined) throw new Error('which Python has numba? signal-features-numba.bench.ts <python>');
const core = holdOneCore(), ticks = walkTicks(WALK, 7), file = join(folder, 'ticks.bin'), rowFile = join(folder, 'row.bin');
writeFileSync(file, new Uint8Array(ticks.buffer));
const lane = fileURLToPath(new URL('../../legacy-bridge/python/reference/time_numba_turns.py', import.meta.url));
const child = spawn(python, [lane, file, rowFile], {stdio: ['pipe', 'pipe', 'inherit']});
try {
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
  const ask = async (count: number): Promise<string> => {
    child.stdin.write(`${count}\n`);
    const line = await lines.next();
    if (line.done === true) throw new Error('the Python lane ended');
    return line.value;
  };
  const features = openReferenceFeatures(1, {policy: {nonFinite: 'pass', backwards: 'accept', gapUs: Number.POSITIVE_INFINITY, onGap: 'count'}});
  const engine = startTurns(features, ticks), numba = async (): Promise<number> => Number(await ask(TURN));
  await ask(WARM);
  engine(WARM);
  const ns = {engine: [] as number[], numba: [] as number[]};
  for (let round = 0; round < ROUNDS; round++) {
    // before and after each other in turn
    for (const name of round % 2 === 0 ? (['engine', 'numba'] as const) : (['numba', 'engine'] as const)) ns[name].push(name === 'engine' ? engine(TURN) : await numba());
  }
  const median = (list: readonly number[]): number => list.toSorted((a, b) => a - b)[list.length >> 1]!;
  const octets = readFileSync(rowFile), row = new Float64Array(octets.buffer.slice(octets.byteOffset, octets.byteOffset + octets.length));
  const differing = features.names.filter((_, at) => !Object.is(features.row[at], row[at]));
  process.stdout.write(`${JSON.stringify({features: row.length, core, rounds: ROUNDS, turn: TURN, engineNs: median(ns.engine), numbaNs: median(ns.numba), numbaToEngine: median(ns.numba.map((x, at) => x / ns.engine[at]!)), differing})}\n`);
} finally {
  child.kill('SIGKILL');
  rmSync(folder, {recursive: true, force: true});
}
