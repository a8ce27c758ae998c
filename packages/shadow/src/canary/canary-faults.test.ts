import {afterEach, beforeEach, describe, expect, test} from 'vitest';
import {GATE_CRASHPOINTS} from '../egress/crashpoint.ts';
import type {CanaryControls} from './canary-options.ts';
import {CONTROLLER_CRASHPOINTS} from './controller-crashpoint.ts';
import {CanaryRig, expectedEffects} from './fixtures/canary-rig.ts';
import {cycle, type CycleOutcome} from './fixtures/cycling-canary.ts';
import {sinkFindings} from './fixtures/sink-checks.ts';

const deep = process.env['TANDEM_DEEP'] === '1';
const seed = Number(process.env['TANDEM_SEED'] ?? Date.now() % 1_000_000_000);
/** time for the whole matrix; what does not fit is left out and counted */
const budgetMs = Number(process.env['TANDEM_BUDGET_MS'] ?? 600_000);
const RATE = 1500;

const KEEPERS: readonly (readonly ('legacy' | 'candidate')[])[] = [['legacy', 'candidate'], ['candidate'], ['legacy'], []];

type Victim = 'gate' | 'controller' | 'legacy' | 'candidate';

let rig: CanaryRig;
beforeEach(async () => {
  rig = await CanaryRig.open();
});
afterEach(() => rig.close());

function end(controls: CanaryControls, victim: Victim): boolean {
  const pid = controls.pids()[victim];
  if (pid === null) return false;
  process.kill(pid, 'SIGKILL');
  return true;
}

async function findings({result, inputs, judge}: CycleOutcome): Promise<string[]> {
  const found = await sinkFindings(await rig.lines(), result.journalFile, expectedEffects(inputs));
  if (!result.complete) found.push(`not complete: ${result.endedBy}, view ${JSON.stringify(result.view)}`);
  if (judge.different + judge.unpaired > 0) found.push(`judge: ${judge.different} different, ${judge.unpaired} unpaired`);
  return found;
}

describe(`canary under faults, seed ${seed}`, {timeout: 120_000}, () => {
  test('forth and back while candidate, controller, gate and legacy are killed in turn', async () => {
    const victims: Victim[] = ['candidate', 'controller', 'gate', 'legacy'];
    const killed: Victim[] = [];
    const outcome = await cycle(rig, {
      // ends with the second cycle, after some 5 s; on a busy machine a victim may not be there when its turn comes, and gets another
      cycles: 2, isDone: () => victims.length === 0, ratePerSecond: RATE, budgetMs: 60_000, planted: {gate: 'after-first-release'},
      onEvent: (event, controls) => {
        const victim = victims[0];
        if (event.kind !== 'promote' || victim === undefined || !end(controls, victim)) return;
        killed.push(victim);
        victims.shift();
      },
    });
    expect(await findings(outcome)).toEqual([]);
    expect(killed).toEqual(['candidate', 'controller', 'gate', 'legacy']);
    expect(outcome.result.restarts).toMatchObject({candidate: 1, controller: 1, gate: 2, legacy: 1});
  });
});

describe.runIf(deep)(`the whole matrix, seed ${seed}, budget ${budgetMs / 1000} s`, {timeout: budgetMs + 300_000}, () => {
  test('twenty times to 100 % and back under load', async () => {
    const outcome = await cycle(rig, {cycles: 20, ratePerSecond: RATE, budgetMs: 240_000});
    expect(await findings(outcome)).toEqual([]);
    expect(outcome.cycles).toBeGreaterThanOrEqual(20);
  });

  test('a candidate that is stopped while it owns everything, and goes on later: nothing twice, nothing lost', async () => {
    let stopped = 0;
    const outcome = await cycle(rig, {
      cycles: 3, ratePerSecond: RATE, budgetMs: 30_000,
      onEvent: (event, controls) => {
        const pid = controls.pids().candidate;
        if (event.stage !== 'PRIMARY' || pid === null) return;
        stopped += 1;
        process.kill(pid, 'SIGSTOP');
        setTimeout(() => process.kill(pid, 'SIGCONT'), 1500);
      },
    });
    expect(await findings(outcome)).toEqual([]);
    expect(stopped).toBeGreaterThan(0);
  });

  test('every victim at every named step', async () => {
    const cells = [
      ...GATE_CRASHPOINTS.flatMap((point) => (['gate', 'legacy', 'candidate', 'controller'] as const).map((victim) => ({at: 'gate' as const, point, victim}))),
      ...CONTROLLER_CRASHPOINTS.flatMap((point) => (['gate', 'legacy', 'candidate', 'controller'] as const).map((victim) => ({at: 'controller' as const, point, victim}))),
    ];
    const startMs = performance.now();
    const report: string[] = [];
    let kills = 0;
    let left = 0;
    for (const [index, cell] of shuffled(cells).entries()) {
      if (performance.now() - startMs > budgetMs) {
        left = cells.length - index;
        report.push(`left out: ${left}`);
        break;
      }
      if (index > 0) rig = await CanaryRig.open();
      const name = `${cell.victim} at ${cell.at} ${cell.point}`;
      const self = cell.victim === cell.at;
      const nth = 1 + index % 3;
      // Releases and writes are many: late enough that all processes are there. A rollback comes once in each of the two cycles.
      const at = cell.point === 'release-after-write' ? 120 + nth * 20 : cell.point.startsWith('release') ? 1500 + nth * 100 : cell.point === 'during-rollback' ? 1 + index % 2 : nth;
      const spec = `${cell.point}@${at}`;
      let reached = false;
      let controls: CanaryControls | null = null;
      const outcome = await cycle(rig, {
        cycles: 2, ratePerSecond: RATE, budgetMs: 15_000, keepers: KEEPERS[index % KEEPERS.length] ?? [],
        planted: {[cell.at]: spec, tell: !self, onCrashpoint: () => {
          reached = controls !== null && end(controls, cell.victim);
        }},
        onControls: (given) => {
          controls = given;
        },
      });
      const died = self ? outcome.result.restarts[cell.victim] > 0 : reached;
      if (died) kills += 1;
      else report.push(`${name}: never reached`);
      for (const finding of await findings(outcome)) report.push(`${name}: ${finding}`);
      await rig.close();
    }
    process.stdout.write(`${kills} kills of ${cells.length} cells in ${((performance.now() - startMs) / 1000).toFixed(0)} s\n${report.join('\n')}\n`);
    expect(kills).toBeGreaterThan(0.9 * (cells.length - left));
    expect(report.filter((line) => !line.endsWith('never reached') && !line.startsWith('left out'))).toEqual([]);
    rig = await CanaryRig.open();
  });
});

/** A fixed order for a seed. */
function shuffled<Item>(items: readonly Item[]): Item[] {
  let state = seed >>> 0;
  return items.map((item) => {
    state = Math.imul(state ^ (state >>> 15), 0x2c1b3c6d) + 0x9e3779b9;
    return {item, key: state >>> 0};
  }).sort((left, right) => left.key - right.key).map(({item}) => item);
}
