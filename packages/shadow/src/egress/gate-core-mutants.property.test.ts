import fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import {run, runPlans} from './fixtures/world-actions.ts';
import type {WorldMutation} from './fixtures/gate-world.ts';
import {GATE_RULES} from './gate-core-rules.ts';
import type {GateRules} from './gate-core-state.ts';

const deep = process.env['TANDEM_DEEP'] === '1';
const seed = Number(process.env['TANDEM_SEED'] ?? Date.now() % 1_000_000_000);
/** Mutants that take thousands of runs from a chance seed; from these they are met soon. The deep run starts anywhere. */
const SOON: Readonly<Record<string, number>> = {'legacy fills without having answered the same': 31, 'kill does not fence': 27, 'kill forgotten by a restart': 47};
const rules = (changed: Partial<GateRules>): WorldMutation => ({rules: {...GATE_RULES, ...changed}});

/** Each one breaks one promise of the protocol. All must be noticed. */
const MUTANTS: Readonly<Record<string, WorldMutation>> = {
  'no fence: whoever answers first is released': rules({
    pick: ({queue}) => {
      const [legacy, candidate] = [queue.legacy.first(), queue.candidate.first()];
      if (legacy === undefined || candidate === undefined) return legacy ?? candidate;
      return candidate.causeSeq <= legacy.causeSeq ? candidate : legacy;
    },
    mayRelease: () => true,
  }),
  'compare-and-set without compare': rules({casHolds: () => true}),
  'acknowledged before it is on disk': rules({settleLimit: (state) => state.lastIntent}),
  'window of repeated outputs too small': rules({isDone: (partition, id) => id.causeSeq === partition.takenCause && id.ordinal === partition.takenOrdinal}),
  'hold released early': rules({holdOver: () => true}),
  'hand-over one too low': rules({handoverSeq: (decided) => decided}),
  'hold ends one cause too soon': rules({holdOver: (seenBelow, limit) => seenBelow >= limit - 2}),
  'legacy fills without having answered the same': rules({mayFill: () => true}),
  'kill does not fence': rules({isFenced: () => false}),
  'in doubt sent again blindly': {rules: GATE_RULES, resendsBlindly: true},
  'cut tail kept': {rules: GATE_RULES, tornTailKept: true},
  'epoch forgotten by a restart': {rules: GATE_RULES, epochForgotten: true},
  'kill forgotten by a restart': {rules: GATE_RULES, killForgotten: true},
};

describe(`protocol mutants, seed ${seed}`, {timeout: 120_000}, () => {
  for (const [name, mutation] of Object.entries(MUTANTS)) {
    test(`killed: ${name}`, () => {
      let runs = 0;
      const from = deep ? seed : SOON[name] ?? seed;
      const details = fc.check(fc.property(runPlans, (plan) => {
        runs += 1;
        return run(plan, mutation).found.length === 0;
      }), {seed: from, numRuns: 60_000, endOnFailure: true});
      expect(details.failed, `survived ${runs} runs from seed ${from}`).toBe(true);
    });
  }
});
