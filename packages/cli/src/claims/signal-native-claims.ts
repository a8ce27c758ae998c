import {decided, notHere, type Claim, type ClaimContext, type ClaimFigure} from './claim.ts';
import {hostLine} from './host-line.ts';
import {once} from './shared-run.ts';
import {signalBench} from './signal-claims.ts';

/** What the bench of the compiled trees tells; null where a side cannot be had here (no C compiler, no ONNX Runtime). */
interface TreesLine {
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

const trees = once(async ({signal}: ClaimContext): Promise<TreesLine> => {
  const line = (await signalBench<TreesLine>('signal-trees.bench.ts', [], signal)).at(-1);
  if (line === undefined) throw new Error('the bench told nothing');
  return line;
});

const conditions = (line: TreesLine): string => `${line.trees} trees of depth ${line.depth}, ${line.rows.toLocaleString('en-US')} rows, median of ${line.rounds} rounds beside each other; engine ${line.predictNs} ns a row (p50 ${line.predictP50Ns}, p99 ${line.predictP99Ns}), C ${line.cNs ?? '–'}, ONNX Runtime ${line.onnxRowNs ?? '–'}; sums equal to C: ${line.equalToC ?? '–'}; ${line.bytesAllocatedARow} B allocated a row; ${hostLine()}`;

const figureOf = (line: TreesLine, figure: number | null, {goal, missing}: {goal: string; missing: string}): ClaimFigure => (figure === null ? notHere(missing) : decided(goal, figure, conditions(line)));

/** What the bench of the emitted features tells; C is the same program, emitted from the same description. */
interface FeaturesLine {
  readonly features: number;
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
interface LongLine {
  readonly ticks: number;
  readonly heapBytesPerTick: number;
  readonly compared: number;
  readonly worst: number;
  readonly worstId: string;
  readonly symbols: number;
  readonly wasmSymbolNs: number;
}
const lastLine = async <Line>(bench: string, {signal}: ClaimContext): Promise<Line> => {
  const line = (await signalBench<Line>(bench, [], signal)).at(-1);
  if (line === undefined) throw new Error('the bench told nothing');
  return line;
};
const features = once((context: ClaimContext) => lastLine<FeaturesLine>('signal-features.bench.ts', context));
const long = once((context: ClaimContext) => lastLine<LongLine>('signal-features-long.bench.ts', context));
const besideC = (line: FeaturesLine): string => `${line.features} features; TypeScript ${Math.round(line.jsNs)} ns, WebAssembly ${Math.round(line.wasmNs)} ns, C scalar (gcc -O3, no vectors) ${Math.round(line.cScalarNs)} ns, C with vectors ${Math.round(line.cVectorNs)} ns a tick, medians of turns in one run; ${hostLine()}`;
const afterTicks = (line: LongLine): string => `${line.ticks.toLocaleString('en-US')} ticks; ${hostLine()}`;

/** Against native code, from the engine's own benches. */
export const signalNativeClaims: readonly Claim[] = [
  {id: 'signals.js-to-c', area: 'signals', claim: 'features as emitted TypeScript against the same program in C', unit: 'x', goal: '<= 1.2', measure: async (context) => {
    const line = await features(context);
    return decided('<= 1.2', line.jsPerC, besideC(line));
  }},
  {id: 'signals.wasm-to-c', area: 'signals', claim: 'features as emitted WebAssembly against the same program in C', unit: 'x', goal: '<= 0.85', measure: async (context) => {
    const line = await features(context);
    return decided('<= 0.85', line.wasmPerC, besideC(line));
  }},
  {id: 'signals.same-bits', area: 'signals', claim: 'features in which TypeScript, WebAssembly and C differ in a bit', unit: 'features', goal: '= 0', measure: async (context) => {
    const line = await features(context);
    return decided('= 0', line.differingWasm + line.differingC, besideC(line));
  }},
  {id: 'signals.exact', area: 'signals', claim: 'largest error of a feature after ten million ticks, of its value or declared size', unit: 'relative', goal: '<= 0.000000000001', measure: async (context) => {
    const line = await long(context);
    return decided('<= 0.000000000001', line.worst, `${line.worstId} is the worst of ${line.compared} that a window determines, recomputed with 40 digits; ${afterTicks(line)}`);
  }},
  {id: 'signals.no-allocation', area: 'signals', claim: 'heap that a tick leaves behind', unit: 'B a tick', goal: '<= 1', measure: async (context) => {
    const line = await long(context);
    return decided('<= 1', line.heapBytesPerTick, afterTicks(line));
  }},
  {id: 'signals.many-symbols', area: 'signals', claim: 'one tick of one of 20,000 symbols in random order', unit: 'ns', goal: '<= 2500', measure: async (context) => {
    const line = await long(context);
    return decided('<= 2500', line.wasmSymbolNs, `${line.symbols.toLocaleString('en-US')} symbols, WebAssembly; ${hostLine()}`);
  }},
  {id: 'signals.trees-to-c', area: 'signals', claim: '300 trees against C over the same tables', unit: 'x', goal: '<= 1.25', measure: async (context) => {
    const line = await trees(context);
    return figureOf(line, line.equalToC === false ? Number.NaN : line.predictToC, {goal: '<= 1.25', missing: 'no C compiler here'});
  }},
  {id: 'signals.trees-to-onnx', area: 'signals', claim: 'ONNX Runtime, one row at a time, against the compiled trees', unit: 'x', goal: '>= 9', measure: async (context) => {
    const line = await trees(context);
    return figureOf(line, line.onnxToPredict, {goal: '>= 9', missing: 'ONNX Runtime is not installed (tools/onnxruntime)'});
  }},
];
