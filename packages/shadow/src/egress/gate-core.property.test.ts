import fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import {run, runPlans, SOUND} from './fixtures/world-actions.ts';

const deep = process.env['TANDEM_DEEP'] === '1';
const seed = Number(process.env['TANDEM_SEED'] ?? Date.now() % 1_000_000_000);
const budgetMs = Number(process.env['TANDEM_BUDGET_MS'] ?? 240_000);
const numRuns = deep ? 100_000_000 : 8_000;

describe(`gate core, seed ${seed}`, () => {
  test('any interleaving with crashes, races and kills keeps the invariants', () => {
    const sometimes = new Map<string, number>();
    let runs = 0;
    fc.assert(fc.property(runPlans, (plan) => {
      runs += 1;
      const {world, found} = run(plan, SOUND);
      for (const [name, count] of Object.entries(world.seen)) if (count > 0) sometimes.set(name, (sometimes.get(name) ?? 0) + 1);
      if (found.length > 0) throw new Error(found.slice(0, 5).join('\n'));
    }), {seed, numRuns, endOnFailure: false, ...(deep ? {interruptAfterTimeLimit: budgetMs} : {})});
    if (deep) process.stdout.write(`${runs} interleavings in at most ${budgetMs / 1000} s; met: ${[...sometimes].map(([name, count]) => `${name} ${count}`).join(', ')}\n`);
    // A property that never meets the rare states proves little.
    for (const rare of ['crashes', 'inDoubt', 'torn', 'casLost', 'accepted', 'fills', 'handedOver', 'resyncs', 'kills']) {
      expect(sometimes.get(rare) ?? 0, `runs with ${rare}`).toBeGreaterThan(10);
    }
  }, budgetMs + 60_000);
});
