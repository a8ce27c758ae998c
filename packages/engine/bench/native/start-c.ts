import {execFileSync, spawn} from 'node:child_process';
import {readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {createInterface} from 'node:readline';
import {fileURLToPath} from 'node:url';
import {compileFeatures} from '../../src/signal/features/compile-features.ts';
import {referenceSet} from '../../src/signal/features/reference-set.ts';
import {emitC} from './emit-c.ts';

/** The reference features in C, as a process of its own. */
export interface NativeFeatures {
  /** ns a tick over so many ticks, which go on where the ones before ended */
  run(ticks: number): Promise<number>;
  /** the row after the last run */
  row(): Float64Array;
  end(): void;
}

/** Compiles a main file around the emitted reference features; gives the program's path. */
export const compileFeaturesC = (folder: string, main: string, {name, flags}: {name: string; flags: readonly string[]}): string => {
  const program = compileFeatures('reference', referenceSet()), {layout} = program, source = join(folder, 'features.c'), path = join(folder, name);
  writeFileSync(source, emitC(program));
  const places = {SYMBOLS_AT: layout.symbolsAt, SYMBOL_DOUBLES: layout.symbolDoubles, INTS_AT: layout.intsAt, ROW_AT: layout.rowAt, ROW_LENGTH: layout.rowLength};
  execFileSync('gcc', ['-O3', ...flags, '-ffp-contract=off', '-w', `-DFEATURES="${source}"`, ...Object.entries(places).map(([k, v]) => `-D${k}=${v}`), '-o', path, fileURLToPath(new URL(main, import.meta.url)), '-lm']);
  return path;
};

/** Compiles and starts them over `ticks` (seven doubles each). More than one symbol begin warm, as copies of one, and take ticks in random order. */
export const startC = (folder: string, ticks: Float64Array, {name, flags, symbols = 1}: {name: string; flags: readonly string[]; symbols?: number}): NativeFeatures => {
  const program = compileFeaturesC(folder, 'feature-main.c', {name, flags});
  writeFileSync(join(folder, 'ticks.bin'), new Uint8Array(ticks.buffer));
  return startCompiled(folder, name, {program, symbols});
};

/** Starts what was compiled before, over the `ticks.bin` of its folder. */
export const startCompiled = (folder: string, name: string, {program = join(folder, name), symbols = 1}: {program?: string; symbols?: number} = {}): NativeFeatures => {
  const row = join(folder, `${name}.row`), child = spawn(program, [join(folder, 'ticks.bin'), row, String(symbols)], {stdio: ['pipe', 'pipe', 'inherit']});
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
  return {
    run: async (n) => { child.stdin.write(`${n}\n`); return Number((await lines.next()).value); },
    row: () => { const octets = readFileSync(row); return new Float64Array(octets.buffer.slice(octets.byteOffset, octets.byteOffset + octets.length)); },
    end: () => { child.stdin.end(); },
  };
};
