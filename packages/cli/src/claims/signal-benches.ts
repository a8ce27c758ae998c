import {execFile} from 'node:child_process';
import {join} from 'node:path';
import {promisify} from 'node:util';
import {repositoryRoot} from '../package-root.ts';
import type {ClaimContext} from './claim.ts';
import {once} from './shared-run.ts';

const run = promisify(execFile);
// three rounds of a sweep that a slow hour takes twice as long for
const LIMIT_MS = 400_000;

/** A bench of the engine that prints JSON lines. */
export const signalBench = async <Line>(name: string, args: readonly string[], signal: AbortSignal): Promise<readonly Line[]> => {
  const {stdout} = await run(process.execPath, [join(repositoryRoot(), 'packages/engine/bench', name), ...args], {signal, timeout: LIMIT_MS, maxBuffer: 4 * 1024 * 1024});
  return stdout.split('\n').filter((line) => line.startsWith('{')).map((line) => JSON.parse(line) as Line);
};

const lastLine = async <Line>(bench: string, {signal}: ClaimContext): Promise<Line> => {
  const line = (await signalBench<Line>(bench, [], signal)).at(-1);
  if (line === undefined) throw new Error('the bench told nothing');
  return line;
};

/** What the bench of the compiled trees tells; null where a side cannot be had here (no C compiler, no ONNX Runtime). */
export interface TreesLine {
  readonly trees: number;
  readonly depth: number;
  readonly rows: number;
  readonly rounds: number;
  readonly predictNs: number;
  readonly cNs: number | null;
  readonly onnxRowNs: number | null;
  readonly predictToC: number | null;
  readonly onnxToPredict: number | null;
  readonly predictP50Ns: number;
  readonly predictP99Ns: number;
  readonly equalToC: boolean | null;
  readonly bytesAllocatedARow: number;
}
/** What the bench of the emitted features tells; C is the same program, emitted from the same description. */
export interface FeaturesLine {
  readonly features: number;
  /** processes one after another; figures are their medians */
  readonly processes: number;
  /** the core that all had; null where a process cannot be bound to one */
  readonly core: number | null;
  readonly jsPerCLeast: number;
  readonly jsPerCMost: number;
  readonly jsNs: number;
  readonly wasmNs: number;
  readonly cScalarNs: number;
  readonly cVectorNs: number;
  readonly jsPerC: number;
  readonly wasmPerC: number;
  readonly differingWasm: number;
  readonly differingC: number;
}
/** Ten million ticks, then the last windows once more with 40 digits. */
export interface LongLine {
  readonly ticks: number;
  readonly heapBytesPerTick: number;
  readonly compared: number;
  readonly worst: number;
  readonly worstId: string;
}
/** Features alone and model alone, ns a window. */
export interface PartsLine {
  readonly featuresNs: number;
  readonly modelNs: number;
}
/** The same program compiled by numba beside the engine. */
export interface NumbaLine {
  readonly features: number;
  readonly core: number | null;
  readonly rounds: number;
  /** ticks a turn */
  readonly turn: number;
  readonly engineNs: number;
  readonly numbaNs: number;
  readonly numbaToEngine: number;
  /** features whose last value is not the same bit for bit */
  readonly differing: readonly string[];
}
/** Many symbols in random order, and the same program and state in C. */
export interface SymbolsLine {
  readonly symbols: number;
  readonly bytesPerSymbol: number;
  readonly wasmNs: number;
  readonly cNs: number;
  readonly wasmPerC: number;
}

export const treesLine = once((context: ClaimContext) => lastLine<TreesLine>('signal-trees.bench.ts', context));
export const featuresLine = once((context: ClaimContext) => lastLine<FeaturesLine>('signal-features.bench.ts', context));
export const longLine = once((context: ClaimContext) => lastLine<LongLine>('signal-features-long.bench.ts', context));
export const symbolsLine = once((context: ClaimContext) => lastLine<SymbolsLine>('signal-many-symbols.bench.ts', context));
