import {execFile} from 'node:child_process';
import {mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {promisify} from 'node:util';
import {logInputs, runSession, type SessionOutcome} from '@tandem/shadow';
import {loadConfig} from '../config/load-config.ts';
import {repositoryRoot} from '../package-root.ts';
import {planMigration} from '../session-plan.ts';
import {captureTicks} from '../work/signal-capture.ts';
import {MARKET_EXCERPT, openTicks} from '../work/tick-input.ts';
import {runVersions, today} from '../work/run-versions.ts';
import {decided, notHere, type Claim, type ClaimContext} from './claim.ts';
import {hostLine} from './host-line.ts';
import {once} from './shared-run.ts';
import {signalBench} from './signal-benches.ts';
import {leakTrials} from './signal-leaks.ts';
import {tamperTrials} from './signal-tampering.ts';

const run = promisify(execFile);
const LIMIT_MS = 200_000;

const inFolder = async <T>(work: (folder: string) => Promise<T>): Promise<T> => {
  const folder = mkdtempSync(join(tmpdir(), 'tandem-claims-'));
  try {
    return await work(folder);
  } finally {
    rmSync(folder, {recursive: true, force: true});
  }
};

/** The model that comes with the example of the signals migration. */
export const EXAMPLE_MODEL = join(repositoryRoot(), 'examples/signals/model.txt.gz');

/** The recorded ticks of this repository through both systems and a twin of the legacy, every feature and signal compared. */
const migration = once((context: ClaimContext): Promise<SessionOutcome> => inFolder(async (folder) => {
  const capture = join(folder, 'capture');
  await captureTicks(capture, await openTicks([MARKET_EXCERPT]));
  const plan = await planMigration(await loadConfig(join(repositoryRoot(), 'examples/signals/tandem.config.ts')), {twin: false, say: context.say});
  return await runSession({
    kind: 'replay', migration: plan, inputs: await logInputs(capture), schedule: {kind: 'max'}, historyInputs: 0, turns: null, runsRoot: join(folder, 'runs'), seed: context.seed, command: ['claims'],
    versions: runVersions(), keep: 'none', keepBytesMax: 0, today: today(), spinMs: 0, notes: [],
  }, {signal: context.signal, onProgress: () => undefined});
}));

/** A sweep in a process of its own, killed in the middle, then finished; against one that was left alone. */
const killedSweep = (context: ClaimContext): Promise<{same: boolean; before: number; jobs: number}> => inFolder(async (folder) => {
  const bin = join(repositoryRoot(), 'packages/cli/bin/tandem.cjs');
  const [grid, journal] = [join(folder, 'grid.json'), join(folder, 'killed/journal.jsonl')];
  writeFileSync(grid, JSON.stringify({enter: [0, 0.1, 0.2, 0.3], size: [1, 2, 3], latencyMs: [1, 5]}));
  const args = (out: string): string[] => [bin, 'sweep', MARKET_EXCERPT, '--grid', grid, '--model', EXAMPLE_MODEL, '--out', join(folder, out), '--top', '0'];
  const lines = (): number => { try { return readFileSync(journal, 'utf8').split('\n').length - 1; } catch { return 0; } };
  await run(process.execPath, args('whole'), {signal: context.signal, timeout: LIMIT_MS});
  const child = run(process.execPath, args('killed'), {signal: context.signal, timeout: LIMIT_MS});
  const gone = child.then(() => undefined, () => undefined);
  const timer = setInterval(() => { if (lines() >= 3) child.child.kill('SIGKILL'); }, 2);
  await gone;
  clearInterval(timer);
  const before = lines();
  await run(process.execPath, args('killed'), {signal: context.signal, timeout: LIMIT_MS});
  const result = (out: string): string => readFileSync(join(folder, out, 'result.json'), 'utf8');
  return {same: result('killed') === result('whole'), before, jobs: 24};
});

interface EndToEnd { readonly features: number; readonly model: boolean; readonly ticks: number; readonly p50Ns: number; readonly p99Ns: number; readonly p999Ns: number; readonly walkedShare: number }
/** The same ticks with every tree walked for every tick, in turn with the stream. */
interface EndToEndWhole { readonly wholeP50Ns: number; readonly wholeP99Ns: number }
const endToEndLines = once(({signal}: ClaimContext) => signalBench<EndToEnd & EndToEndWhole & EndToEndC>('signal-end-to-end.bench.ts', [EXAMPLE_MODEL, '200000', '5'], signal));
const endToEnd = async (context: ClaimContext): Promise<readonly EndToEnd[]> => (await endToEndLines(context)).filter(({p50Ns}) => p50Ns !== undefined);
const endToEndWhole = async (context: ClaimContext): Promise<readonly EndToEndWhole[]> => (await endToEndLines(context)).filter(({wholeP50Ns}) => wholeP50Ns !== undefined);
/** The same ticks through the same features and trees in C, in turn with ours; no lines where there is no C compiler. */
interface EndToEndC { readonly cP50Ns: number; readonly cP99Ns: number; readonly isEqual: boolean }
const endToEndC = async (context: ClaimContext): Promise<readonly EndToEndC[]> => (await endToEndLines(context)).filter(({cP50Ns}) => cP50Ns !== undefined);
/** What a reader must know: the trees are followed from tick to tick, and what it costs without that. */
const walking = ([line]: readonly EndToEnd[], whole: readonly EndToEndWhole[]): string => `one symbol, trees evaluated from tick to tick: ${((line?.walkedShare ?? 1) * 100).toFixed(0)} % of them walked again for a tick of a seeded walk that the model was not trained on, the same predictions to the bit; with every tree walked for every tick p50 ${whole.map(({wholeP50Ns}) => wholeP50Ns).join(' ')}, p99 ${whole.map(({wholeP99Ns}) => wholeP99Ns).join(' ')} ns`;
const median = (list: readonly number[]): number => list.toSorted((a, b) => a - b)[list.length >> 1] ?? Number.NaN;
/** Beside every goal that is a time, so that a reader sees how fast the machine is. */
const besideC = (c: readonly EndToEndC[]): string => c.length === 0 ? 'no C compiler here' : `C (gcc -O3, walks every tree) takes p50 ${c.map(({cP50Ns}) => cP50Ns).join(' ')}, p99 ${c.map(({cP99Ns}) => cP99Ns).join(' ')} ns on the same ticks, last prediction ${c.every(({isEqual}) => isEqual) ? 'equal' : 'NOT equal'}; the goal was set on a machine where C takes about 1,800`;
interface SweepLine { readonly ticks: number; readonly jobs: number; readonly rounds: number; readonly scaling: number; readonly apartScaling: number; readonly ticksPerSecond: number; readonly hashes: number; readonly oneS: number; readonly twoS: number }
const sweeps = once(({signal}: ClaimContext) => signalBench<SweepLine>('signal-sweep.bench.ts', ['200000', '24', '3', EXAMPLE_MODEL], signal));
const leaks = once(leakTrials);
const tampering = once(tamperTrials);

const latency = (id: string, key: 'p50Ns' | 'p99Ns', goal: string): Claim => ({
  id, area: 'signals', claim: `features, 300 trees and a record in the signal log, ${key.slice(0, 3)} of one tick`, unit: 'ns', goal, measure: async (context) => {
    const lines = await endToEnd(context);
    const best = Math.min(...lines.map((line) => line[key]), Infinity);
    const [first] = lines, c = await endToEndC(context), whole = await endToEndWhole(context);
    return decided(goal, best, `${walking(lines, whole)}; ${besideC(c)}; ${first?.features} features, ${first?.ticks.toLocaleString('en-US')} ticks a round, best of ${lines.length} rounds; p50 ${lines.map(({p50Ns}) => p50Ns).join(' ')}, p99 ${lines.map(({p99Ns}) => p99Ns).join(' ')}, p99.9 ${lines.map(({p999Ns}) => p999Ns).join(' ')} ns; ${hostLine()}`);
  },
});

export const signalClaims: readonly Claim[] = [
  {id: 'signals.migration-parity', area: 'signals', claim: 'recorded ticks through the Python service and the engine: features, signals and state hashes that differ beyond their class', unit: 'differences', goal: '= 0', measure: async (context) => {
    const {evidence: {parity}} = await migration(context);
    const differences = parity === null ? Number.NaN : Object.entries(parity.byClass).reduce((sum, [name, count]) => sum + (name === 'format-only' ? 0 : count), 0) + parity.stateChecks.unequal + (parity.conservation.in - parity.conservation.compared);
    return decided('= 0', differences, `${parity?.conservation.compared.toLocaleString('en-US')} ticks, ${parity?.fieldsCompared.toLocaleString('en-US')} fields, ${parity?.stateChecks.equal} state hashes equal; ${parity?.groups.slice(0, 3).map(({title}) => title).join('; ')}`);
  }},
  {id: 'signals.no-look-ahead', area: 'signals', claim: 'features of this repository in which changing the future changes the past', unit: 'features', goal: '= 0', measure: async (context) => {
    const {own} = await leaks(context);
    return decided('= 0', own.leaks.length, `${own.features} features, ${own.ticks.toLocaleString('en-US')} ticks, ${own.cuts.length} cuts, ${own.valuesCompared.toLocaleString('en-US')} values compared to the bit`);
  }},
  {id: 'signals.leaks-found', area: 'signals', claim: 'planted look-aheads that are found, each in one feature of all and with its reach', unit: '%', goal: '= 100', measure: async (context) => {
    const {trials} = await leaks(context);
    return decided('= 100', (100 * trials.filter(({found}) => found).length) / trials.length, trials.map(({name, seconds, found}) => `${name} ${found ? `${seconds.toFixed(2)} s` : 'MISSED'}`).join(', '));
  }},
  {id: 'signals.leak-time', area: 'signals', claim: 'longest search for one planted look-ahead', unit: 's', goal: '<= 2', measure: async (context) => {
    const {trials, own} = await leaks(context);
    return decided('<= 2', Math.max(...trials.map(({seconds}) => seconds)), `${trials.length} leaks, ${own.features} features, ${own.ticks.toLocaleString('en-US')} ticks, ${own.cuts.length} cuts; ${hostLine()}`);
  }},
  {id: 'signals.tampering-found', area: 'signals', claim: 'changes of a signal log that verification finds: every record, every block, every cut, every splice', unit: '%', goal: '= 100', measure: async (context) => {
    const {tried, found, kinds} = await tampering(context);
    return decided('= 100', (100 * found) / tried, `${tried.toLocaleString('en-US')} logs that were changed: ${kinds}`);
  }},
  {id: 'signals.sweep-scaling', area: 'signals', claim: 'a sweep on two cores against one', unit: 'x', goal: '>= 1.85', measure: async (context) => {
    const [line] = await sweeps(context);
    return decided('>= 1.85', line?.scaling ?? Number.NaN, `${line?.jobs} jobs of ${line?.ticks.toLocaleString('en-US')} ticks, ${line?.oneS.toFixed(2)} and ${line?.twoS.toFixed(2)} s, best of ${line?.rounds} rounds with the start of threads, ${line?.ticksPerSecond.toLocaleString('en-US')} ticks/s; two processes that share nothing but this machine, each with the sweep of one thread, scale ${line?.apartScaling.toFixed(2)} x in the same rounds; ${hostLine()}`);
  }},
  {id: 'signals.sweep-to-processes', area: 'signals', claim: 'what a sweep on two threads scales of what two processes scale that share nothing', unit: 'x', goal: '>= 0.95', measure: async (context) => {
    const [line] = await sweeps(context);
    return decided('>= 0.95', (line?.scaling ?? Number.NaN) / (line?.apartScaling ?? Number.NaN), `${line?.scaling.toFixed(2)} of ${line?.apartScaling.toFixed(2)}: the rest is the machine's; best of ${line?.rounds} rounds in turn, ${line?.jobs} jobs of ${line?.ticks.toLocaleString('en-US')} ticks; ${hostLine()}`);
  }},
  {id: 'signals.sweep-same-bits', area: 'signals', claim: 'different results of one sweep over all rounds on one and two workers', unit: 'results', goal: '= 1', measure: async (context) => {
    const [line] = await sweeps(context);
    return decided('= 1', line?.hashes ?? Number.NaN, `${3 * (line?.rounds ?? 0)} runs of ${line?.jobs} jobs`);
  }},
  {id: 'signals.sweep-kill', area: 'signals', claim: 'a sweep killed in the middle goes on and ends with the same result: differences', unit: 'differences', goal: '= 0', measure: async (context) => {
    const {same, before, jobs} = await killedSweep(context);
    return decided('= 0', same && before < jobs ? 0 : 1, `${before} of ${jobs} jobs were done when it was killed`);
  }},
  latency('signals.end-to-end-p50', 'p50Ns', '<= 2300'),
  latency('signals.end-to-end-p99', 'p99Ns', '<= 3000'),
  {id: 'signals.end-to-end-to-c', area: 'signals', claim: 'p50 of one tick through features, 300 trees and the signal log against the same ticks, features and trees in C, without a log', unit: 'x', goal: '<= 1.3', measure: async (context) => {
    const ours = await endToEnd(context), c = await endToEndC(context), whole = await endToEndWhole(context);
    if (c.length === 0) return notHere('no C compiler here');
    const ratio = c.every(({isEqual}) => isEqual) ? median(ours.map(({p50Ns}, at) => p50Ns / (c[at]?.cP50Ns ?? Number.NaN))) : Number.NaN;
    return decided('<= 1.3', ratio, `median over ${c.length} pairs of rounds; engine p50 ${ours.map(({p50Ns}) => p50Ns).join(' ')} ns, ${walking(ours, whole)} (so ${median(whole.map(({wholeP50Ns}, at) => wholeP50Ns / (c[at]?.cP50Ns ?? Number.NaN))).toFixed(2)} x where both walk every tree); ${besideC(c)}; ${hostLine()}`);
  }},
];

