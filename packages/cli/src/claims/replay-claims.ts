import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {logInputs, runSession, type SessionOutcome} from '@tandem/shadow';
import {loadConfig} from '../config/load-config.ts';
import {repositoryRoot} from '../package-root.ts';
import {planMigration} from '../session-plan.ts';
import {recordTraffic} from '../work/record-work.ts';
import {runVersions, today} from '../work/run-versions.ts';
import {decided, type Claim, type ClaimContext} from './claim.ts';
import {once} from './shared-run.ts';

const ORDERS = 1_000_000;
const MIB = 1024 ** 2;

interface MillionRun {
  readonly outcome: SessionOutcome;
  readonly messages: number;
  /** resident memory of the harness, bytes: after the first tenth, and the most in the last nine */
  readonly rssEarly: number;
  readonly rssLate: number;
  readonly conditions: string;
}

/** A million orders through legacy, its twin and the engine, as fast as the slowest allows. */
const millionOrders = once(async (context: ClaimContext): Promise<MillionRun> => {
  const folder = mkdtempSync(join(tmpdir(), 'tandem-claims-'));
  try {
    const capture = join(folder, 'capture');
    const messages = await recordTraffic(capture, {seed: context.seed, orders: ORDERS}, {signal: context.signal, onProgress: () => undefined});
    const migration = await planMigration(await loadConfig(join(repositoryRoot(), 'examples/order-path/tandem.config.ts')), {twin: true, say: context.say});
    const startedMs = performance.now();
    let rssEarly = 0, rssLate = 0, saidMs = startedMs;
    const outcome = await runSession({
      kind: 'replay', migration, inputs: await logInputs(capture), schedule: {kind: 'max'}, historyInputs: 0, turns: null, runsRoot: join(folder, 'runs'), seed: context.seed, command: ['claims'],
      versions: runVersions(), keep: 'none', keepBytesMax: 0, today: today(), spinMs: 0, notes: [],
    }, {signal: context.signal, onProgress: ({compared}) => {
      const rss = process.memoryUsage.rss();
      if (compared < messages / 10) rssEarly = Math.max(rssEarly, rss);
      else rssLate = Math.max(rssLate, rss);
      if (performance.now() - saidMs > 10_000) {
        saidMs = performance.now();
        context.say(`  ${compared.toLocaleString('en-US')} of ${messages.toLocaleString('en-US')} messages compared`);
      }
    }});
    const seconds = Math.round((performance.now() - startedMs) / 1000);
    return {outcome, messages, rssEarly, rssLate, conditions: `${ORDERS.toLocaleString('en-US')} orders in ${messages.toLocaleString('en-US')} messages, seed ${context.seed}, ${seconds} s`};
  } finally {
    rmSync(folder, {recursive: true, force: true});
  }
});

const different = (pair: SessionOutcome['evidence']['parity']): number => (pair === null ? Number.NaN
  : Object.values(pair.byClass).reduce((sum, count) => sum + count, 0) + pair.stateChecks.unequal + (pair.conservation.in - pair.conservation.compared));

export const replayClaims: readonly Claim[] = [
  {id: 'order.parity', area: 'order', claim: 'legacy and engine differ in no decision, reason or state hash', unit: 'differences', goal: '= 0', measure: async (context) => {
    const {outcome: {evidence: {parity}}, conditions} = await millionOrders(context);
    return decided('= 0', different(parity), `${conditions}; ${parity?.outputs.toLocaleString('en-US')} outputs, ${parity?.stateChecks.equal} state hashes equal`);
  }},
  {id: 'order.floor', area: 'order', claim: 'legacy against legacy through the same path differs in nothing', unit: 'differences', goal: '= 0', measure: async (context) => {
    const {outcome: {evidence: {floor}}, conditions} = await millionOrders(context);
    return decided('= 0', different(floor), `${conditions}; ${floor?.outputs.toLocaleString('en-US')} outputs`);
  }},
  {id: 'order.flat-memory', area: 'order', claim: 'replaying keeps the harness flat: growth of its memory after the first tenth', unit: 'MiB', goal: '<= 64', measure: async (context) => {
    const {rssEarly, rssLate, conditions} = await millionOrders(context);
    return decided('<= 64', Math.max(0, Math.round((rssLate - rssEarly) / MIB)), `${conditions}; ${Math.round(rssEarly / MIB)} MiB in the first tenth, ${Math.round(rssLate / MIB)} MiB at most afterwards`);
  }},
];
