import {mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import type {Migration} from '@tandem/contract';
import {loadConfig} from '../config/load-config.ts';
import {repositoryRoot} from '../package-root.ts';
import {engineLane, plantedEngineProgram, planMigration} from '../session-plan.ts';
import {DEMO_RULEBOOK} from '../traffic/demo-traffic.ts';

/** `planted`: two bugs of real ports; `waking-fault`: correct until it is told to go wrong. */
export type DemoCandidate = 'planted' | 'fixed' | 'waking-fault';

/** Latency on a shared laptop is shown in the demo and never decides it. */
const DRY = ['latency.p99'];

/** The example migration of the order path, with the candidate of the demo. */
export const demoMigration = async (candidate: DemoCandidate, say: (line: string) => void): Promise<Migration> => {
  const loaded = await loadConfig(join(repositoryRoot(), 'examples/order-path/tandem.config.ts'));
  const migration = await planMigration(loaded, {twin: false, say});
  const lanes = migration.lanes.map((lane) => {
    if (lane.name !== 'candidate' || lane.kind !== 'launch' || candidate === 'fixed') return lane;
    const rules = candidate === 'planted' ? rulebookWithWrongLimit() : DEMO_RULEBOOK;
    const args = ['order', '--rules', rules, '--in', '{in}', '--out', '{out}', '--exit-on-stdin-eof', '--stats-file', '{stats}'];
    return engineLane('candidate', [...args, '--plant', candidate === 'planted' ? 'average-cut-at-tick' : 'after-messages'], lane.watermark, plantedEngineProgram());
  });
  return {...migration, lanes, gates: {...migration.gates, dryRun: DRY}};
};

/** Planted bug: the quantity limit was carried over as "below" instead of "at most", one lot too low. */
const rulebookWithWrongLimit = (): string => {
  const rulebook = JSON.parse(readFileSync(DEMO_RULEBOOK, 'utf8')) as {instruments: {maxQty: string; lotSize: string}[]};
  for (const instrument of rulebook.instruments) {
    const decimals = instrument.lotSize.split('.')[1]?.length ?? 0;
    instrument.maxQty = (Number(instrument.maxQty) - Number(instrument.lotSize)).toFixed(decimals);
  }
  const folder = mkdtempSync(join(tmpdir(), 'tandem-planted-'));
  process.once('exit', () => { rmSync(folder, {recursive: true, force: true}); });
  const file = join(folder, 'rulebook.json');
  writeFileSync(file, JSON.stringify(rulebook));
  return file;
};
