import {execFileSync, spawn} from 'node:child_process';
import {readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {createInterface} from 'node:readline';
import {gunzipSync} from 'node:zlib';
import {readModel} from '../src/signal/model/read-model.ts';
import type {TickColumns} from '../src/signal/tick-store/tick-columns.ts';
import {forestFile} from './native/forest-tables.ts';
import {compileFeaturesC} from './native/start-c.ts';

export interface NativePass {readonly p50Ns: number; readonly p99Ns: number; readonly value: number}

const hasCompiler = (): boolean => {
  try { execFileSync('gcc', ['--version'], {stdio: 'ignore'}); return true; } catch { return false; }
};

/** The same ticks through features and trees in C, one process, a pass at a time; null without a C compiler, or for a model too large for perfect trees. */
export const startEndToEndC = (folder: string, modelFile: string, {columns, names}: {columns: TickColumns; names: readonly string[]}): {pass: () => Promise<NativePass>; end: () => void} | null => {
  const octets = readFileSync(modelFile), forest = readModel(modelFile, modelFile.endsWith('.gz') ? gunzipSync(octets) : octets);
  const tables = forestFile(forest, names);
  if (tables === null || !hasCompiler()) return null;
  const ticks = new Float64Array(columns.count * 7);
  columns.fields.forEach((values, field) => { for (let i = 0; i < columns.count; i++) ticks[i * 7 + field] = values[i]!; });
  const [forestAt, ticksAt] = [join(folder, 'forest'), join(folder, 'end-to-end-ticks')];
  writeFileSync(forestAt, tables);
  writeFileSync(ticksAt, new Uint8Array(ticks.buffer));
  const child = spawn(compileFeaturesC(folder, 'end-to-end-main.c', {name: 'end-to-end', flags: ['-march=native']}), [ticksAt, forestAt, join(folder, 'c-row')], {stdio: ['pipe', 'pipe', 'inherit']});
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
  return {pass: async () => { child.stdin.write('pass\n'); return JSON.parse(String((await lines.next()).value)) as NativePass; }, end: () => { child.stdin.end(); }};
};
