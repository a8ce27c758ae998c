import {execFile} from 'node:child_process';
import {mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {promisify} from 'node:util';
import {repositoryRoot} from '../package-root.ts';
import {findSignalsPython, laneEnvironment, signalTools} from '../session-plan.ts';
import {seededWalk} from '../work/seeded-walk.ts';
import {decided, notHere, type Claim, type ClaimContext, type ClaimFigure} from './claim.ts';
import {hostLine} from './host-line.ts';
import {once} from './shared-run.ts';
import {signalBench, type NumbaLine, type PartsLine} from './signal-benches.ts';
import {EXAMPLE_MODEL} from './signal-claims.ts';

const run = promisify(execFile);
const LIMIT_MS = 180_000;
const TICKS = 12_000;

interface Baseline {
  readonly variant: string;
  /** microseconds a window */
  readonly p50: number;
  readonly p99: number;
  readonly count: number;
}

/** Python baselines and the engine beside them. */
interface Comparison {
  readonly baselines: ReadonlyMap<string, Baseline>;
  readonly engine: PartsLine;
}

const ENGINE_TICKS = 120_000;
/** The engine's features alone and its model alone, ns a window. */
const engineParts = async ({signal}: ClaimContext): Promise<PartsLine> => {
  const [parts] = await signalBench<PartsLine>('signal-end-to-end.bench.ts', [EXAMPLE_MODEL, String(ENGINE_TICKS), '0'], signal);
  if (parts === undefined) throw new Error('the bench told no parts');
  return parts;
};

/** Python baselines in a process of their own, on the same kind of ticks; the engine before and after them, so that both see the same machine. */
const baselines = (variants: string) => once(async (context: ClaimContext): Promise<Comparison> => {
  const {columnBytes, gatherTicks, TICK_FIELDS} = await signalTools();
  const walk = await seededWalk(2 * TICKS, context.seed);
  const own = [...walk.symbol].flatMap((symbol, at) => (symbol === 0 ? [at] : [])).slice(0, TICKS);
  const one = gatherTicks(own.map((at) => ({timeUs: walk.timeUs[at] as number, symbol: 'A', values: Object.fromEntries(TICK_FIELDS.map((name, field) => [name, walk.fields[field]?.[at] as number])) as never})));
  const {path} = await findSignalsPython(context.say);
  const folder = mkdtempSync(join(tmpdir(), 'tandem-claims-'));
  try {
    const ticks = join(folder, 'ticks');
    writeFileSync(ticks, new Uint8Array(one.buffer, 0, columnBytes(one.count)));
    const script = join(repositoryRoot(), 'packages/legacy-bridge/python/reference/measure_signals.py');
    const before = await engineParts(context);
    const {stdout} = await run(path, [script, '--ticks', ticks, '--count', String(one.count), '--model', EXAMPLE_MODEL, '--variants', variants], {signal: context.signal, timeout: LIMIT_MS, env: laneEnvironment(path)});
    const lines = stdout.split('\n').filter((line) => line.startsWith('{')).map((line) => JSON.parse(line) as Baseline);
    const after = await engineParts(context);
    return {
      baselines: new Map(lines.map((line) => [line.variant, line])),
      engine: {featuresNs: (before.featuresNs + after.featuresNs) / 2, modelNs: (before.modelNs + after.modelNs) / 2},
    };
  } finally {
    rmSync(folder, {recursive: true, force: true});
  }
});

const FEATURES = baselines('pandas-loop,pandas-batch,numpy-last');
const STATEFUL = baselines('cpython');
const MODELS = baselines('lightgbm,scikit');

interface Against {
  readonly id: string;
  readonly claim: string;
  readonly goal: string;
  readonly variant: string;
  readonly from: (context: ClaimContext) => Promise<Comparison>;
  readonly part: 'featuresNs' | 'modelNs';
}

const against = ({id, claim, goal, variant, from, part}: Against): Claim => ({
  id, area: 'signals', claim, unit: 'x', goal, measure: async (context): Promise<ClaimFigure> => {
    const comparison = await from(context), line = comparison.baselines.get(variant);
    if (line === undefined) return notHere(`the baseline ${variant} is not there`);
    const ns = comparison.engine[part];
    return decided(goal, (line.p50 * 1000) / ns, `${variant}: p50 ${line.p50.toFixed(line.p50 < 10 ? 2 : 0)} µs, p99 ${line.p99.toFixed(line.p99 < 10 ? 2 : 0)} µs of ${line.count}; engine ${Math.round(ns)} ns, mean of before and after it; ${hostLine()}`);
  },
});

const besideNumba = ({features, core, rounds, turn, engineNs, numbaNs, differing}: NumbaLine): string => `${features} features, ${differing.length} differ in a bit; numba ${Math.round(numbaNs)} ns, engine (WebAssembly) ${Math.round(engineNs)} ns of processor time a tick; medians of ${rounds} turns of ${turn.toLocaleString('en-US')} ticks, before and after each other in turn${core === null ? '' : ' on one core'}; ${hostLine()}`;

/** The fairer baselines stand beside the slow ones: state instead of windows is most of the gain, and numba has it too. */
export const signalBaselineClaims: readonly Claim[] = [
  against({id: 'signals.against-pandas', claim: 'one window of all features against the pandas loop', goal: '>= 100_000', variant: 'pandas-loop', from: FEATURES, part: 'featuresNs'}),
  against({id: 'signals.against-numpy', claim: 'one window of all features against numpy by hand, last value only', goal: '>= 2_500', variant: 'numpy-last', from: FEATURES, part: 'featuresNs'}),
  against({id: 'signals.against-pandas-batch', claim: 'one row of all features against one pass of pandas over all rows', goal: '>= 30', variant: 'pandas-batch', from: FEATURES, part: 'featuresNs'}),
  against({id: 'signals.against-cpython', claim: 'one window of all features against the same algorithm with state in CPython', goal: '>= 80', variant: 'cpython', from: STATEFUL, part: 'featuresNs'}),
  {id: 'signals.against-numba', area: 'signals', claim: 'one window of all features against the same algorithm compiled by numba, in a batch', unit: 'x', goal: '>= 1.1', measure: async ({signal, say}) => {
    const {path} = await findSignalsPython(say), [line] = await signalBench<NumbaLine>('signal-features-numba.bench.ts', [path], signal);
    if (line === undefined) return notHere('numba is not there');
    return decided('>= 1.1', line.differing.length > 0 ? Number.NaN : line.numbaToEngine, besideNumba(line));
  }},
  against({id: 'signals.against-lightgbm', claim: '300 trees on one row against LightGBM itself', goal: '>= 5', variant: 'lightgbm-single', from: MODELS, part: 'modelNs'}),
  against({id: 'signals.against-scikit', claim: '300 trees on one row against scikit-learn', goal: '>= 100', variant: 'scikit-single', from: MODELS, part: 'modelNs'}),
];
