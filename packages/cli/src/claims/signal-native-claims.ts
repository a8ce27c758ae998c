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

/** Against native code, from the engine's own benches. */
export const signalNativeClaims: readonly Claim[] = [
  {id: 'signals.trees-to-c', area: 'signals', claim: '300 trees against C over the same tables', unit: 'x', goal: '<= 1.25', measure: async (context) => {
    const line = await trees(context);
    return figureOf(line, line.equalToC === false ? Number.NaN : line.predictToC, {goal: '<= 1.25', missing: 'no C compiler here'});
  }},
  {id: 'signals.trees-to-onnx', area: 'signals', claim: 'ONNX Runtime, one row at a time, against the compiled trees', unit: 'x', goal: '>= 9', measure: async (context) => {
    const line = await trees(context);
    return figureOf(line, line.onnxToPredict, {goal: '>= 9', missing: 'ONNX Runtime is not installed (tools/onnxruntime)'});
  }},
];
