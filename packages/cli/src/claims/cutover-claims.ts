import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import type {CanaryEvent} from '@tandem/contract';
import {auditReleases, memoryInputs, runCanarySession, type CanaryControls, type FeedInput, type ReleaseAudit} from '@tandem/shadow';
import {RecordingSink} from '../canary-sink.ts';
import {demoMigration} from '../demo/demo-migration.ts';
import {trafficInputs} from '../work/bench-plan.ts';
import {runVersions, today} from '../work/run-versions.ts';
import {decided, type Claim, type ClaimContext} from './claim.ts';
import {once} from './shared-run.ts';

type Victim = 'candidate' | 'legacy' | 'controller' | 'gate';
const VICTIMS: readonly Victim[] = ['legacy', 'candidate', 'controller', 'gate'];
const RATE = 1500;
/** A lane that is started again replays the log from its beginning while the load goes on: slow enough that it stands where it stood before the next kill. */
const RATE_WITH_KILLS = 500;
const KILLS = 12;
const MESSAGES = 400_000;

interface CycleRun {
  readonly cycles: number;
  readonly kills: Readonly<Record<Victim, number>>;
  readonly audit: ReleaseAudit;
  readonly released: number;
  /** effects that legacy answered with: what had to be released */
  readonly answered: number;
  readonly inputs: number;
  readonly complete: boolean;
  readonly conditions: string;
}

/** To 100 % and back, again and again, under load, on the real order path with an independent sink; with `kill` one process dies at every step. */
const cycles = async (context: ClaimContext, wanted: {cycles: number; kill: boolean; budgetMs: number; ratePerSecond: number}): Promise<CycleRun> => {
  const folder = mkdtempSync(join(tmpdir(), 'tandem-claims-'));
  const sink = await RecordingSink.start();
  const killed: Record<Victim, number> = {candidate: 0, legacy: 0, controller: 0, gate: 0};
  let done = 0, wasPrimary = false, ending = false, steps = 0;
  const held: {controls: CanaryControls | null} = {controls: null};
  const inputs = endless(trafficInputs(MESSAGES, context.seed), () => ending);
  const onEvent = (event: CanaryEvent): void => {
    const {controls} = held;
    if (controls === null || ending) return;
    if (wanted.kill && (event.kind === 'promote' || event.kind === 'rollback')) {
      // every third step loses a process, so that round trips are finished between the kills as well
      const victim = steps % 3 === 0 ? VICTIMS[(steps / 3) % VICTIMS.length] as Victim : null;
      const pid = victim === null ? null : controls.pids()[victim];
      steps += 1;
      if (victim !== null && pid !== null) {
        process.kill(pid, 'SIGKILL');
        killed[victim] += 1;
      }
    }
    const kills = Object.values(killed).reduce((sum, count) => sum + count, 0);
    if (event.stage === 'PRIMARY' && !wasPrimary) {
      wasPrimary = true;
      setTimeout(() => { held.controls?.rollback('next round'); }, 100);
    } else if (event.stage === 'SHADOW' && wasPrimary) {
      wasPrimary = false;
      done += 1;
      const all = Object.values(killed).reduce((sum, count) => sum + count, 0);
      context.say(`  ${done} times to 100 % and back${wanted.kill ? `, ${all} of ${KILLS} processes killed` : ''}`);
    }
    if (done >= wanted.cycles && (!wanted.kill || kills >= KILLS)) ending = true;
    if (event.stage === 'SHADOW' && event.kind === 'rollback' && !ending) setTimeout(() => { held.controls?.start('next round'); }, 50);
  };
  const timer = setTimeout(() => { ending = true; }, wanted.budgetMs);
  try {
    const migration = await demoMigration('fixed', () => undefined);
    const outcome = await runCanarySession({
      migration, plan: {stages: [0.4, 1], bakeMs: 20, minMessages: 20, inDoubt: 'query', outputRatioMax: 500, evidenceMaxAgeMs: 30_000}, inputs: {...memoryInputs([]), total: null, open: inputs.open},
      ratePerSecond: wanted.ratePerSecond, downstreamEndpoint: sink.endpoint, runsRoot: folder, seed: context.seed, command: ['claims'], versions: runVersions(), today: today(),
    }, {signal: context.signal, onEvent, onControls: (controls) => { held.controls = controls; }});
    await sink.stop();
    const effects = sink.effects();
    const audit = await auditReleases(outcome.result.journalFile, effects);
    const accounts = outcome.result.view?.accounts;
    return {cycles: done, kills: killed, audit, released: effects.length, answered: accounts === undefined ? Number.NaN : accounts.released + accounts.inFlight, inputs: outcome.result.inputs, complete: outcome.result.complete,
      conditions: `asyncio legacy and engine, ${wanted.ratePerSecond} inputs/s, ${outcome.result.inputs.toLocaleString('en-US')} inputs, ${effects.length.toLocaleString('en-US')} effects in the sink, ${audit.halted.length} partitions halted, ${audit.filled} filled by legacy; killed: ${Object.entries(killed).map(([name, count]) => `${name} ${count}`).join(', ')}`};
  } finally {
    clearTimeout(timer);
    await sink.stop();
    sink.remove();
    rmSync(folder, {recursive: true, force: true});
  }
};

/** One list of inputs for both lanes that ends a little after it is told to, at the same place for everyone. */
const endless = (all: readonly FeedInput[], ending: () => boolean): {open: () => AsyncIterable<readonly FeedInput[]>} => {
  let limit = all.length, given = 0;
  return {
    open: async function* open() {
      for (let at = 0; at < limit; at += 100) {
        if (ending() && limit === all.length) limit = Math.min(all.length, given + 300);
        if (at >= limit) return;
        given = Math.max(given, at + 100);
        yield await Promise.resolve(all.slice(at, at + 100));
      }
    },
  };
};

const plain = once((context: ClaimContext) => cycles(context, {cycles: 20, kill: false, budgetMs: 240_000, ratePerSecond: RATE}));
const killing = once((context: ClaimContext) => cycles(context, {cycles: 3, kill: true, budgetMs: 120_000, ratePerSecond: RATE_WITH_KILLS}));
const wrong = ({audit, complete}: CycleRun): number => audit.faults.length + (complete || audit.halted.length > 0 ? 0 : 1);

export const cutoverClaims: readonly Claim[] = [
  {id: 'cutover.round-trips', area: 'cutover', claim: 'times to 100 % and back under load', unit: 'times', goal: '>= 20', measure: async (context) => {
    const run = await plain(context);
    return decided('>= 20', run.cycles, run.conditions);
  }},
  {id: 'cutover.once', area: 'cutover', claim: 'effects that were lost, doubled, out of order or from the wrong system during round trips', unit: 'effects', goal: '= 0', measure: async (context) => {
    const run = await plain(context);
    return decided('= 0', wrong(run), `${run.conditions}${run.audit.faults.length > 0 ? `; ${run.audit.faults.slice(0, 3).join('; ')}` : ''}`);
  }},
  {id: 'cutover.kills', area: 'cutover', claim: 'the same while candidate, legacy, controller and gate are killed (SIGKILL) in turn at steps of round trips', unit: 'effects', goal: '= 0', measure: async (context) => {
    const run = await killing(context);
    const kills = Object.values(run.kills).reduce((sum, count) => sum + count, 0);
    const result = decided('= 0', wrong(run), `${kills} kills over ${run.cycles} round trips; ${run.conditions}${run.audit.faults.length > 0 ? `; ${run.audit.faults.slice(0, 3).join('; ')}` : ''}`);
    return kills >= KILLS ? result : {...result, holds: false, conditions: `only ${kills} kills; ${result.conditions}`};
  }},
];
