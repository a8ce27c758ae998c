import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import type {Evidence, GateResult, LaneName, Migration} from '@tandem/contract';
import {runSession} from '@tandem/shadow';
import {loadConfig} from '../config/load-config.ts';
import {repositoryRoot} from '../package-root.ts';
import {planMigration} from '../session-plan.ts';
import {Progress} from '../terminal/progress.ts';
import {benchPlan, packedTraffic} from '../work/bench-plan.ts';
import {searchLegacyRate} from '../work/bench-work.ts';
import {highestHeld} from '../work/rate-search.ts';
import {decided, type Claim, type ClaimContext, type ClaimFigure} from './claim.ts';
import {once} from './shared-run.ts';

/** Orders that both systems remember before measuring: what a session of some hours leaves behind. */
const HISTORY_MESSAGES = 2_000_000;
const ROUNDS = 5;
const TURN_S = 6;
/** the search runs on fresh systems; with a day's state behind it the legacy holds less */
const OF_HIGHEST = 0.8;
/**
 * Taken off a round rate: messages that come in step with the kernel's clock are busy at every one of its ticks or at none, and by these ticks it
 * is judged who else used a lane's core (seen: 0.3 % in one run at a round rate, 15 % in the next, with nobody there).
 */
const OUT_OF_STEP = 3;

/** Both lanes on the same inputs in turns, at the highest rate that the legacy holds. */
const interleaved = once(async (context: ClaimContext): Promise<{evidence: Evidence; gates: readonly GateResult[]; conditions: string}> => {
  const folder = mkdtempSync(join(tmpdir(), 'tandem-claims-'));
  try {
    const migration = await planMigration(await loadConfig(join(repositoryRoot(), 'examples/order-path/tandem.config.ts')), {twin: true, say: context.say});
    const progress = new Progress((text) => { context.say(text.trimEnd()); }, {colour: false, unicode: true, live: false}, true);
    const probes = await searchLegacyRate({signal: context.signal, progress}, migration, {seed: context.seed, runsRoot: folder, pin: 'auto'});
    const highest = highestHeld(probes);
    const ratePerSecond = Math.floor((highest * OF_HIGHEST) / 500) * 500 - OUT_OF_STEP;
    const inputsPerTurn = ratePerSecond * TURN_S;
    const inputs = packedTraffic(HISTORY_MESSAGES + inputsPerTurn * ROUNDS, context.seed);
    const {evidence, verdict} = await runSession(benchPlan({migration: withGoals(migration), inputs, ratePerSecond, historyInputs: HISTORY_MESSAGES, rounds: ROUNDS, inputsPerTurn, runsRoot: folder, seed: context.seed, command: ['claims'], spinMs: 1000, pin: 'auto', notes: []}),
      {signal: context.signal, onProgress: () => undefined});
    const {noise} = evidence;
    return {evidence, gates: verdict.gates, conditions: `${ratePerSecond.toLocaleString('en-US')} msg/s open loop, ${OF_HIGHEST * 100} % of the ${highest.toLocaleString('en-US')} that a fresh asyncio legacy holds with p99 <= 100 ms; ${ROUNDS} turns of ${TURN_S} s a lane, interleaved; ${HISTORY_MESSAGES.toLocaleString('en-US')} messages of history; ${coresLine(noise)}; machine ${noise?.steady === true ? 'steady' : `unsteady: ${noise?.reasons.join(', ') ?? 'not measured'}`}`};
  } finally {
    rmSync(folder, {recursive: true, force: true});
  }
});

const quantileNs = (evidence: Evidence, lane: LaneName, quantile: string): number =>
  evidence.latency.find((one) => one.lane === lane && one.kind === 'response')?.quantilesNs[quantile] ?? Number.NaN;
const micros = (ns: number): string => `${(ns / 1000).toFixed(0)} µs`;

/** What the claims state about response times, as gates: then the judge decides, by its rules for noise, floor and late sends. */
const withGoals = (migration: Migration): Migration => ({...migration, gates: {...migration.gates, latencyRatio: {'0.99': 0.15, '0.5': 1}}});

const percent = (share: number): string => `${(share * 100).toFixed(1)} %`;
/** Who had which cores, and how long lanes waited for whom. */
const coresLine = (noise: Evidence['noise']): string => {
  const cores = noise?.cores ?? null;
  if (cores === null) return 'lanes and harness shared all cores';
  const waits = Object.entries(cores.lanes).map(([lane, {waitShare, othersShare}]) => `${lane} waited ${percent(waitShare)}, others at most ${percent(othersShare)} of its core`);
  return `each lane alone on core ${cores.laneCores.join(',')}, the harness on ${cores.harnessCores.join(',')} (${waits.join('; ')})`;
};

/** Times of a restless machine decide nothing, neither way. */
const ofSteady = ({noise}: Evidence, figure: ClaimFigure): ClaimFigure => (noise?.steady === true ? figure : {...figure, holds: null, conditions: `inconclusive: ${figure.conditions}`});

/** As the gate of a verdict decides: pass holds, fail does not, all else is not known. */
const byGate = (gates: readonly GateResult[], id: string, {figure, conditions}: {figure: number; conditions: string}): ClaimFigure => {
  const gate = gates.find((one) => one.id === id);
  if (gate?.outcome === 'pass') return {figure, holds: true, conditions: `${gate.reason}; ${conditions}`};
  if (gate?.outcome === 'fail') return {figure, holds: false, conditions: `${gate.reason}; ${conditions}`};
  return {figure: Number.isFinite(figure) ? figure : null, holds: null, conditions: `inconclusive: ${gate?.reason ?? 'not judged'}; ${conditions}`};
};

const latencyClaim = (id: string, quantile: string, name: string, goal: string): Claim => ({
  id, area: 'order', claim: `engine ${name} response time over legacy ${name}`, unit: '×', goal, measure: async (context) => {
    const {evidence, gates, conditions} = await interleaved(context);
    const [legacy, twin, candidate] = (['legacy', 'twin', 'candidate'] as const).map((lane) => quantileNs(evidence, lane, quantile)) as [number, number, number];
    return byGate(gates, `latency.${name}`, {figure: candidate / legacy, conditions: `legacy ${micros(legacy)}, twin ${micros(twin)}, engine ${micros(candidate)}; ${conditions}`});
  },
});

export const latencyClaims: readonly Claim[] = [
  latencyClaim('order.p99-ratio', '0.99', 'p99', '<= 0.15'),
  latencyClaim('order.p50-ratio', '0.5', 'p50', '<= 1'),
  {id: 'order.cpu-ratio', area: 'order', claim: 'engine CPU a message over legacy CPU a message', unit: '×', goal: '<= 0.5', measure: async (context) => {
    const {evidence, conditions} = await interleaved(context);
    const cpuUs = (lane: LaneName): number => evidence.resources.find((one) => one.lane === lane)?.cpuUsPerMessage ?? Number.NaN;
    return decided('<= 0.5', cpuUs('candidate') / cpuUs('legacy'), `legacy ${cpuUs('legacy').toFixed(1)} µs, twin ${cpuUs('twin').toFixed(1)} µs, engine ${cpuUs('candidate').toFixed(1)} µs; ${conditions}`);
  }},
  {id: 'order.pss-ratio', area: 'order', claim: 'engine memory (PSS) over legacy memory', unit: '×', goal: '<= 0.25', measure: async (context) => {
    const {evidence, conditions} = await interleaved(context);
    const mib = (lane: LaneName): number => (evidence.resources.find((one) => one.lane === lane)?.pssBytesMax ?? Number.NaN) / 1024 ** 2;
    return decided('<= 0.25', mib('candidate') / mib('legacy'), `legacy ${mib('legacy').toFixed(0)} MiB, twin ${mib('twin').toFixed(0)} MiB, engine ${mib('candidate').toFixed(0)} MiB; ${conditions}`);
  }},
  {id: 'order.pause', area: 'order', claim: "engine's longest collection pause while it is measured", unit: 'ms', goal: '<= 4', measure: async (context) => {
    const {evidence, conditions} = await interleaved(context);
    const pause = (lane: LaneName) => evidence.resources.find((one) => one.lane === lane)?.collector ?? null;
    const told = (lane: LaneName): string => `${pause(lane)?.inTurnsMaxMs?.toFixed(1) ?? '?'} ms (with its history, all systems on two cores: ${pause(lane)?.maxMs.toFixed(1) ?? '?'} ms)`;
    return ofSteady(evidence, decided('<= 4', pause('candidate')?.inTurnsMaxMs ?? Number.NaN, `engine ${told('candidate')}, legacy ${told('legacy')}; ${conditions}`));
  }},
];
