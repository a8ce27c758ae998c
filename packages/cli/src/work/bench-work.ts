import {TandemError, type Migration} from '@tandem/contract';
import {logInputs, PackedInputs, runSession} from '@tandem/shadow';
import {planMigration} from '../session-plan.ts';
import {benchPlan, packedTraffic} from './bench-plan.ts';
import {migrationToRun} from './default-migration.ts';
import {refuseExampleTraffic} from './example-traffic.ts';
import {highestHeld, readProbe, searchHighestRate, type RateProbe} from './rate-search.ts';
import {sessionWork} from './session-work.ts';
import {numberFlag, textFlag, type WorkContext} from './work-context.ts';

const PROBE_S = 2;
const RATE_FROM = 2000;
/** a service that prices or asks a database may hold far less than an order path */
const CAPTURED_FROM = 250;
const RATE_TO = 256_000;
/** a little below the edge, so that both lanes are measured in a steady state */
const OF_HIGHEST = 0.9;

/** `tandem bench` */
export const benchWork = async (context: WorkContext): Promise<number> => {
  const loaded = await migrationToRun(textFlag(context, 'config'));
  const capture = textFlag(context, 'capture');
  refuseExampleTraffic(loaded, capture);
  const migration = await planMigration(loaded, {twin: true, say: (line) => { context.progress.say(line); }});
  const sliceS = (numberFlag(context, 'slice') ?? 5000) / 1000;
  const rounds = numberFlag(context, 'rounds') ?? 4;
  const seed = numberFlag(context, 'seed') ?? 7;
  const runsRoot = textFlag(context, 'runs') ?? 'reports/runs';
  const history = (numberFlag(context, 'history') ?? 0) * 4;
  const pin = textFlag(context, 'pin') === 'off' ? 'off' : 'auto';
  const asked = numberFlag(context, 'rate');
  const probes = asked === null ? await searchLegacyRate(context, migration, {seed, runsRoot, pin, inputsOf: capture === null ? undefined : await capturedProbes(capture, context.signal)}) : [];
  const rate = asked ?? Math.round(highestHeld(probes) * OF_HIGHEST);
  const inputsPerTurn = Math.round(rate * sliceS);
  const inputs = await benchInputs(capture, {messages: history + rounds * inputsPerTurn, seed, signal: context.signal});
  const wanted = history + rounds * inputsPerTurn;
  if (inputs.length < wanted) context.progress.say(`? the capture holds ${inputs.length.toLocaleString('en-US')} of the ${wanted.toLocaleString('en-US')} messages that ${rounds} turns of ${sliceS} s need, so the last turns are short or missing`);
  context.progress.say(`open loop at ${rate.toLocaleString('en-US')} messages/s, ${rounds} turns of ${sliceS} s a lane, interleaved`);
  const notes = probes.map(({ratePerSecond, held, why}) => `rate search: ${ratePerSecond}/s ${held ? 'held' : 'not held'}, ${why}`);
  return await sessionWork(context, benchPlan({migration, inputs, ratePerSecond: rate, historyInputs: history, rounds, inputsPerTurn, runsRoot, seed, command: context.command, spinMs: 1000, pin, notes}));
};

/** Looks for the highest rate that the legacy holds; the candidate has its own turn, so that answers are paired as in every run. */
export const searchLegacyRate = (context: Pick<WorkContext, 'signal' | 'progress'>, migration: Migration, {seed, runsRoot, pin, inputsOf}: {seed: number; runsRoot: string; pin: 'auto' | 'off'; inputsOf?: ((messages: number) => PackedInputs) | undefined}): Promise<readonly RateProbe[]> => {
  const pair: Migration = {...migration, lanes: migration.lanes.filter(({name}) => name !== 'twin'), coverage: []};
  return searchHighestRate(async (ratePerSecond) => {
    const inputs = inputsOf?.(ratePerSecond * PROBE_S) ?? packedTraffic(ratePerSecond * PROBE_S, seed);
    const outcome = await runSession(benchPlan({migration: pair, inputs, ratePerSecond, historyInputs: 0, rounds: 1, inputsPerTurn: Math.min(inputs.length, ratePerSecond * PROBE_S), runsRoot: `${runsRoot}/probes`, seed, command: ['rate search'], spinMs: 0, pin, notes: []}),
      {signal: context.signal, onProgress: () => undefined});
    const probe = readProbe(outcome.evidence, 'legacy', ratePerSecond);
    context.progress.say(`legacy at ${ratePerSecond.toLocaleString('en-US')} messages/s: ${probe.held ? 'holds' : 'does not hold'}, ${probe.why}`);
    return probe;
  }, {from: inputsOf === undefined ? RATE_FROM : CAPTURED_FROM, to: RATE_TO, refinements: 3});
};

/** What a probe of the search gets out of a capture: its beginning; a rate at which that lasts less than a second cannot be tried. */
const capturedProbes = async (capture: string, signal: AbortSignal): Promise<(messages: number) => PackedInputs> => {
  const all = await benchInputs(capture, {messages: RATE_TO * PROBE_S, seed: 0, signal});
  return (messages) => {
    if (all.length * PROBE_S >= messages) return all;
    throw new TandemError({id: 'TDM-E122', kind: 'usage', what: 'the capture is too short to search the highest rate', where: capture, seen: `${all.length} messages; ${messages / PROBE_S} a second were to be tried for a second at least`,
      fix: 'give --rate, or record a longer capture'});
  };
};

const benchInputs = async (capture: string | null, {messages, seed, signal}: {messages: number; seed: number; signal: AbortSignal}): Promise<PackedInputs> => {
  if (capture === null) return packedTraffic(messages, seed);
  const inputs = new PackedInputs();
  for await (const batch of (await logInputs(capture, {messages})).open(signal)) for (const input of batch) inputs.add(input);
  return inputs;
};
