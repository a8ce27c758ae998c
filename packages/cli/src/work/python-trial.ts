import {spawn} from 'node:child_process';
import {mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join, resolve} from 'node:path';
import {createInterface} from 'node:readline';
import {TandemError} from '@tandem/contract';
import {featureTrialScript, findSignalsPython, laneEnvironment, signalTools} from '../session-plan.ts';
import type {Ticks} from './tick-input.ts';

type Tools = Awaited<ReturnType<typeof signalTools>>;
type Trial = Parameters<Tools['perturbFuture']>[0];

interface Answer {
  readonly names?: readonly string[];
  readonly fault?: string;
}

/**
 * A Python module's `compute(frame)` as a black box: one process for all runs, columns and rows through files.
 * @throws TandemError TDM-E147 when the module fails
 */
export const pythonTrial = async (module: string, sample: Ticks, say: (line: string) => void): Promise<{trial: Trial; close: () => void}> => {
  const {columnBytes} = await signalTools();
  const {path} = await findSignalsPython(say);
  const folder = mkdtempSync(join(tmpdir(), 'tandem-trial-'));
  const child = spawn(path, [featureTrialScript(), resolve(module)], {env: laneEnvironment(path), stdio: ['pipe', 'pipe', 'pipe']});
  const errors: string[] = [];
  child.stderr.setEncoding('utf8').on('data', (text: string) => errors.push(text));
  const lines = createInterface({input: child.stdout})[Symbol.asyncIterator]();
  const failed = (seen: string): TandemError => new TandemError({id: 'TDM-E147', kind: 'usage', what: 'the Python features cannot be run', where: module, seen, fix: 'let the module export compute(frame) that gives a frame with a row for each row'});
  const run = async (columns: Parameters<Trial['run']>[0]): Promise<{names: readonly string[]; rows: Float64Array}> => {
    const [ticks, out] = [join(folder, 'ticks'), join(folder, 'rows')];
    writeFileSync(ticks, new Uint8Array(columns.buffer, 0, columnBytes(columns.count)));
    child.stdin.write(`${JSON.stringify({ticks, count: columns.count, symbols: columns.symbols, out})}\n`);
    const line = await lines.next();
    if (line.done === true) throw failed(errors.join('').trim().split('\n').at(-1) || 'it ended');
    const {names, fault} = JSON.parse(line.value) as Answer;
    if (names === undefined) throw failed(fault ?? line.value);
    const octets = readFileSync(out);
    return {names, rows: new Float64Array(octets.buffer.slice(octets.byteOffset, octets.byteOffset + octets.byteLength))};
  };
  const close = (): void => {
    child.stdin.end();
    rmSync(folder, {recursive: true, force: true});
  };
  try {
    const {names} = await run(sample);
    if (names.length === 0) throw failed('a frame without columns');
    return {close, trial: {names, run: async (columns, onRow) => {
      const {rows} = await run(columns);
      for (let at = 0; at < columns.count; at++) onRow(at, rows.subarray(at * names.length, (at + 1) * names.length));
    }}};
  } catch (error) {
    close();
    throw error;
  }
};
