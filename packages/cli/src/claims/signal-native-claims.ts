import {decided, notHere, type Claim, type ClaimFigure} from './claim.ts';
import {hostLine} from './host-line.ts';
import {featuresLine, longLine, symbolsLine, treesLine, type FeaturesLine, type LongLine, type SymbolsLine, type TreesLine} from './signal-benches.ts';

const conditions = (line: TreesLine): string => `${line.trees} trees of depth ${line.depth}, ${line.rows.toLocaleString('en-US')} rows, median of ${line.rounds} rounds beside each other; engine ${line.predictNs} ns a row (p50 ${line.predictP50Ns}, p99 ${line.predictP99Ns}), C ${line.cNs ?? '–'}, ONNX Runtime ${line.onnxRowNs ?? '–'}; sums equal to C: ${line.equalToC ?? '–'}; ${line.bytesAllocatedARow} B allocated a row; ${hostLine()}`;

const figureOf = (line: TreesLine, figure: number | null, {goal, missing}: {goal: string; missing: string}): ClaimFigure => (figure === null ? notHere(missing) : decided(goal, figure, conditions(line)));

const besideC = (line: FeaturesLine): string => `${line.features} features; TypeScript ${Math.round(line.jsNs)} ns, WebAssembly ${Math.round(line.wasmNs)} ns, C scalar (gcc -O3, no vectors) ${Math.round(line.cScalarNs)} ns, C with vectors ${Math.round(line.cVectorNs)} ns of processor time a tick; medians of ${line.processes} processes, TypeScript to C from ${line.jsPerCLeast.toFixed(2)} to ${line.jsPerCMost.toFixed(2)}; turns of a few milliseconds beside each other${line.core === null ? '' : ' on one core'}; ${hostLine()}`;
const amongMany = (line: SymbolsLine): string => `${line.symbols.toLocaleString('en-US')} symbols of ${line.bytesPerSymbol.toLocaleString('en-US')} B; WebAssembly ${Math.round(line.wasmNs)} ns, C scalar over the same state (gcc -O3) ${Math.round(line.cNs)} ns a tick, medians of turns in one run; ${hostLine()}`;
const afterTicks = (line: LongLine): string => `${line.ticks.toLocaleString('en-US')} ticks; ${hostLine()}`;

/** Against native code, from the engine's own benches. */
export const signalNativeClaims: readonly Claim[] = [
  {id: 'signals.js-to-c', area: 'signals', claim: 'features as emitted TypeScript against the same program in C', unit: 'x', goal: '<= 1.2', measure: async (context) => {
    const line = await featuresLine(context);
    return decided('<= 1.2', line.jsPerC, besideC(line));
  }},
  {id: 'signals.wasm-to-c', area: 'signals', claim: 'features as emitted WebAssembly against the same program in C', unit: 'x', goal: '<= 0.85', measure: async (context) => {
    const line = await featuresLine(context);
    return decided('<= 0.85', line.wasmPerC, besideC(line));
  }},
  {id: 'signals.same-bits', area: 'signals', claim: 'features in which TypeScript, WebAssembly and C differ in a bit', unit: 'features', goal: '= 0', measure: async (context) => {
    const line = await featuresLine(context);
    return decided('= 0', line.differingWasm + line.differingC, besideC(line));
  }},
  {id: 'signals.exact', area: 'signals', claim: 'largest error of a feature after ten million ticks, of its value or declared size', unit: 'relative', goal: '<= 0.000000000001', measure: async (context) => {
    const line = await longLine(context);
    return decided('<= 0.000000000001', line.worst, `${line.worstId} is the worst of ${line.compared} that a window determines, recomputed with 40 digits; ${afterTicks(line)}`);
  }},
  {id: 'signals.no-allocation', area: 'signals', claim: 'heap that a tick leaves behind', unit: 'B a tick', goal: '<= 1', measure: async (context) => {
    const line = await longLine(context);
    return decided('<= 1', line.heapBytesPerTick, afterTicks(line));
  }},
  {id: 'signals.many-symbols', area: 'signals', claim: 'one tick of one of 20,000 symbols in random order', unit: 'ns', goal: '<= 2500', measure: async (context) => {
    const line = await symbolsLine(context);
    return decided('<= 2500', line.wasmNs, amongMany(line));
  }},
  {id: 'signals.many-symbols-to-c', area: 'signals', claim: 'one tick of one of 20,000 symbols in random order against the same program and state in C', unit: 'x', goal: '<= 1', measure: async (context) => {
    const line = await symbolsLine(context);
    return decided('<= 1', line.wasmPerC, amongMany(line));
  }},
  {id: 'signals.trees-to-c', area: 'signals', claim: '300 trees against C over the same tables', unit: 'x', goal: '<= 1.25', measure: async (context) => {
    const line = await treesLine(context);
    return figureOf(line, line.equalToC === false ? Number.NaN : line.predictToC, {goal: '<= 1.25', missing: 'no C compiler here'});
  }},
  {id: 'signals.trees-to-onnx', area: 'signals', claim: 'ONNX Runtime, one row at a time, against the compiled trees', unit: 'x', goal: '>= 9', measure: async (context) => {
    const line = await treesLine(context);
    return figureOf(line, line.onnxToPredict, {goal: '>= 9', missing: 'ONNX Runtime is not installed (tools/onnxruntime)'});
  }},
];
