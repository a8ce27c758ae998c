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
/** what the timeline tells of a round trip */
const STEPS = ['promote CANARY', 'promote PROMOTING', 'promote PRIMARY', 'rollback ROLLING_BACK', 'rollback SHADOW'] as const;
/** every process at every step */
const KILLS = VICTIMS.length * STEPS.length;
/** five ends of one process within a minute are a loop, after which it is not started again */
const SAME_VICTIM_MS = 16_000;
const MESSAGES = 400_000;

interface CycleRun {
  readonly cycles: number;
  readonly kills: number;
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
  const killing = new Killing();
  const caught: string[] = [];
  let done = 0, wasPrimary = false, ending = false;
  const held: {controls: CanaryControls | null} = {controls: null};
  const inputs = endless(trafficInputs(MESSAGES, context.seed), () => ending);
  const onEvent = (event: CanaryEvent): void => {
    const {controls} = held;
    if (controls === null || ending) return;
    if (wanted.kill) killing.at(`${event.kind} ${event.stage}`, controls);
    if (event.reason.startsWith('caught up')) caught.push(event.reason);
    if (event.stage === 'PRIMARY' && !wasPrimary) {
      wasPrimary = true;
      setTimeout(() => { held.controls?.rollback('next round'); }, 100);
    } else if (event.stage === 'SHADOW' && wasPrimary) {
      wasPrimary = false;
      done += 1;
      context.say(`  ${done} times to 100 % and back${wanted.kill ? `, ${killing.count} of ${KILLS} processes killed` : ''}`);
    }
    if (done >= wanted.cycles && (!wanted.kill || killing.count >= KILLS)) ending = true;
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
    return {cycles: done, kills: killing.count, audit, released: effects.length, answered: accounts === undefined ? Number.NaN : accounts.released + accounts.inFlight, inputs: outcome.result.inputs, complete: outcome.result.complete,
      conditions: `asyncio legacy and engine, ${wanted.ratePerSecond} inputs/s, ${outcome.result.inputs.toLocaleString('en-US')} inputs, ${effects.length.toLocaleString('en-US')} effects in the sink, ${audit.halted.length} partitions halted${audit.halted.length === 0 ? '' : ` (${audit.halted.slice(0, 3).join(', ')})`}, ${audit.filled} filled by legacy${wanted.kill ? `; killed: ${killing.text}; slowest recovery of a lane ${slowest(caught)}` : ''}`};
  } finally {
    clearTimeout(timer);
    await sink.stop();
    sink.remove();
    rmSync(folder, {recursive: true, force: true});
  }
};

/** Ends every process at every step once, no process so often that it counts as a loop. */
class Killing {
  readonly #left = STEPS.flatMap((step) => VICTIMS.map((victim) => ({step, victim})));
  readonly #lastMs = new Map<Victim, number>();
  readonly #counts: Record<Victim, number> = {candidate: 0, legacy: 0, controller: 0, gate: 0};

  get count(): number {
    return KILLS - this.#left.length;
  }

  get text(): string {
    return Object.entries(this.#counts).map(([name, count]) => `${name} ${count}`).join(', ');
  }

  at(step: string, controls: CanaryControls): void {
    const nowMs = performance.now();
    const place = this.#left.findIndex((cell) => cell.step === step && nowMs - (this.#lastMs.get(cell.victim) ?? -Infinity) >= SAME_VICTIM_MS);
    const victim = this.#left[place]?.victim;
    const pid = victim === undefined ? null : controls.pids()[victim];
    if (victim === undefined || pid === null) return;
    process.kill(pid, 'SIGKILL');
    this.#left.splice(place, 1);
    this.#lastMs.set(victim, nowMs);
    this.#counts[victim] += 1;
  }
}

const slowest = (caught: readonly string[]): string => {
  const seconds = (words: string): number => Number(/ in ([\d.]+) s/.exec(words)?.[1] ?? 0);
  const worst = [...caught].sort((left, right) => seconds(right) - seconds(left))[0];
  return worst === undefined ? 'not seen' : `${seconds(worst)} s (${worst})`;
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
const killing = once((context: ClaimContext) => cycles(context, {cycles: 20, kill: true, budgetMs: 200_000, ratePerSecond: RATE}));
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
  {id: 'cutover.kills', area: 'cutover', claim: 'the same while candidate, legacy, controller and gate are killed (SIGKILL), each at every step of round trips to 100 % and back', unit: 'effects', goal: '= 0', measure: async (context) => {
    const run = await killing(context);
    const {kills} = run;
    const result = decided('= 0', wrong(run), `${kills} kills over ${run.cycles} round trips; ${run.conditions}${run.audit.faults.length > 0 ? `; ${run.audit.faults.slice(0, 3).join('; ')}` : ''}`);
    return kills >= KILLS && run.cycles >= 20 ? result : {...result, holds: false, conditions: `only ${kills} of ${KILLS} kills and ${run.cycles} of 20 round trips; ${result.conditions}`};
  }},
];
