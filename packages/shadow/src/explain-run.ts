import {join} from 'node:path';
import {existsSync} from 'node:fs';
import {RUN_FILE, TandemError, type DivergenceGroup, type LaneName, type Migration} from '@tandem/contract';
import {BIAS_DEFAULTS, FIX_ERRORS} from './compare/compare-options.ts';
import {explainCause, type Explanation} from './compare/explain-cause.ts';
import {TopLevelScanner} from './flow/bounded-json/top-level-scanner.ts';
import type {LaneOutput} from './flow/lane-output.ts';
import {openLogReader} from './log/log-reader.ts';
import {readRunFolder} from './record/run-folder-reader.ts';

export interface RunExplanation {
  readonly explanation: Explanation;
  /** the group that it is an example of; null when it was asked for by position */
  readonly group: DivergenceGroup | null;
  readonly pair: {readonly expected: LaneName; readonly actual: LaneName};
}

const OUTPUTS_MAX = 1000;

/**
 * Everything known about one input of a run: `what` is a position in the log, a cause id, or the fingerprint of a group (then its first example).
 * @throws TandemError TDM-E135 when the run does not hold it
 */
export const explainRun = async (folder: string, migration: Migration, what: string, today: string): Promise<RunExplanation> => {
  const {evidence} = await readRunFolder(folder);
  const parity = evidence?.parity ?? null;
  const group = parity?.groups.find(({fingerprint}) => fingerprint.startsWith(what.toLowerCase()) && what.length >= 8) ?? null;
  const example = group?.examples[0];
  const cause = example?.cause ?? what;
  const inputSeq = example?.inputSeq ?? Number(what);
  const pair = {expected: parity?.expected ?? 'legacy', actual: parity?.actual ?? 'candidate'} as const;
  const expected = await outputsOf(folder, pair.expected, {cause, migration});
  const actual = await outputsOf(folder, pair.actual, {cause, migration});
  const input = await inputAt(folder, inputSeq);
  if (input === null && expected.length === 0 && actual.length === 0) {
    throw new TandemError({id: 'TDM-E135', kind: 'usage', what: `the run keeps nothing about "${what}"`, where: folder,
      seen: parity === null ? 'nothing was compared' : `${parity.groups.length} groups of differences`, likely: 'its answers were equal, and only differing ones were kept', fix: 'take a fingerprint from tandem diff, or replay with --keep all'});
  }
  const explanation = explainCause({inputSeq, cause, input, expected, actual, late: {}, inverted: {}}, migration.compare, {
    pair, codec: migration.codec, outputKind: migration.outputKind, partition: migration.cause.partition, entities: migration.entities, today, errors: FIX_ERRORS, errorReason: '/text', bias: BIAS_DEFAULTS});
  return {explanation, group, pair};
};

const outputsOf = async (folder: string, lane: LaneName, {cause, migration}: {cause: string; migration: Migration}): Promise<LaneOutput[]> => {
  const path = join(folder, RUN_FILE.laneLog(lane));
  if (!existsSync(path)) return [];
  const scanner = new TopLevelScanner([migration.cause.output]);
  const found: LaneOutput[] = [];
  const reader = await openLogReader(path);
  for await (const batch of reader.batches()) {
    for (const {frames, seq, tMonoNs} of batch) {
      const payload = frames.at(-1);
      if (payload === undefined || !scanner.find(payload) || scanner.text(0) !== cause) continue;
      if (found.length < OUTPUTS_MAX) found.push({lane, index: seq - 1, tMonoNs, payload: payload.slice(), frames: null});
    }
  }
  return found;
};

const inputAt = async (folder: string, inputSeq: number): Promise<Uint8Array | null> => {
  const path = join(folder, RUN_FILE.laneLog('input'));
  if (!existsSync(path) || !Number.isSafeInteger(inputSeq)) return null;
  const reader = await openLogReader(path);
  for await (const batch of reader.batches({fromSeq: inputSeq, toSeq: inputSeq})) return batch[0]?.frames[0]?.slice() ?? null;
  return null;
};
