import {join} from 'node:path';
import {existsSync} from 'node:fs';
import {RUN_FILE, TandemError, type Divergence, type DivergenceGroup, type Evidence, type LaneName, type Migration} from '@tandem/contract';
import {BIAS_DEFAULTS, FIX_ERRORS} from './compare/compare-options.ts';
import {explainCause, type Explanation} from './compare/explain-cause.ts';
import {TopLevelScanner} from './flow/bounded-json/top-level-scanner.ts';
import {textOfOutput, type LaneOutput} from './flow/lane-output.ts';
import {openLogReader} from './log/log-reader.ts';
import {compareMode, PayloadTexts} from './payload-texts.ts';
import {readRunFolder} from './record/run-folder-reader.ts';

export interface RunExplanation {
  readonly explanation: Explanation;
  /** the group that it is an example of; null when it was asked for by position */
  readonly group: DivergenceGroup | null;
  readonly pair: {readonly expected: LaneName; readonly actual: LaneName};
}

const OUTPUTS_MAX = 1000;
const TEXT_MAX = 4096;

/**
 * Everything known about one input of a run: `what` is a position in the log, a cause id, or the fingerprint of a group (then its first example).
 * What the run did not keep is told from the examples in its evidence.
 * @throws TandemError TDM-E135 when the run does not hold it
 */
export const explainRun = async (folder: string, migration: Migration, what: string, today: string): Promise<RunExplanation> => {
  const {evidence} = await readRunFolder(folder);
  const parity = evidence?.parity ?? null;
  const {group, example} = exampleOf(parity?.groups ?? [], what);
  const cause = example?.cause ?? what;
  const inputSeq = example?.inputSeq ?? Number(what);
  const pair = {expected: parity?.expected ?? 'legacy', actual: parity?.actual ?? 'candidate'} as const;
  const expected = await outputsOf(folder, pair.expected, {cause, migration});
  const actual = await outputsOf(folder, pair.actual, {cause, migration});
  const input = await inputAt(folder, inputSeq);
  if (expected.length === 0 && actual.length === 0 && group !== null && example !== undefined) return {explanation: fromExample(group, example, input), group, pair};
  if (input === null && expected.length === 0 && actual.length === 0) throw nothingAbout(what, folder, evidence);
  const explanation = explainCause({inputSeq, cause, input, expected, actual, late: {}, inverted: {}}, migration.compare, {
    pair, codec: compareMode(migration.codec), outputKind: migration.outputKind, partition: migration.cause.partition, entities: migration.entities, today, errors: FIX_ERRORS, errorReason: '/text', bias: BIAS_DEFAULTS});
  return {explanation, group, pair};
};

/** By fingerprint or its beginning, else by the cause of one of the examples. */
const exampleOf = (groups: readonly DivergenceGroup[], what: string): {group: DivergenceGroup | null; example: Divergence | undefined} => {
  const named = what.length < 8 ? undefined : groups.find(({fingerprint}) => fingerprint.startsWith(what.toLowerCase()));
  if (named !== undefined) return {group: named, example: named.examples[0]};
  for (const group of groups) {
    const example = group.examples.find(({cause}) => cause === what);
    if (example !== undefined) return {group, example};
  }
  return {group: null, example: undefined};
};

/** An output that belongs to no input, or whose outputs did not fit into the run folder: the texts in the evidence are all that there is. */
const fromExample = (group: DivergenceGroup, example: Divergence, input: Uint8Array | null): Explanation => ({
  inputSeq: example.inputSeq, cause: example.cause, input: input === null ? null : Buffer.from(input).toString('utf8').slice(0, TEXT_MAX),
  pairs: [{outputKind: example.outputKind, partition: example.partition, ordinal: example.ordinal, expected: example.expected, actual: example.actual, bytesEqual: false,
    verdict: group.class, reason: group.title, fields: []}],
});

const nothingAbout = (what: string, folder: string, evidence: Evidence | null): TandemError => {
  const parity = evidence?.parity ?? null;
  const position = /^\d+$/.test(what);
  const equal = position && parity !== null && Number(what) >= 1 && Number(what) <= parity.conservation.in;
  const groups = parity?.groups.map(({fingerprint}) => fingerprint) ?? [];
  return new TandemError({id: 'TDM-E135', kind: 'usage', what: `the run keeps nothing about "${what}"`, where: folder,
    seen: parity === null ? 'nothing was compared' : `${parity.conservation.in} inputs, ${groups.length === 0 ? 'no difference' : `${groups.length} groups of differences: ${groups.slice(0, 3).join(' ')}${groups.length > 3 ? ' ...' : ''}`}`,
    likely: equal ? 'its answers were equal, and only differing ones were kept' : position ? 'no input has this position' : 'it is neither a position nor the fingerprint of a group',
    fix: equal ? 'replay with --keep all to see equal answers too' : 'take a fingerprint from tandem diff'});
};

const outputsOf = async (folder: string, lane: LaneName, {cause, migration}: {cause: string; migration: Migration}): Promise<LaneOutput[]> => {
  const path = join(folder, RUN_FILE.laneLog(lane));
  if (!existsSync(path)) return [];
  const scanner = new TopLevelScanner([migration.cause.output]);
  const texts = new PayloadTexts(migration.codec);
  const found: LaneOutput[] = [];
  const reader = await openLogReader(path);
  for await (const batch of reader.batches()) {
    for (const {frames, seq, tMonoNs} of batch) {
      const payload = frames.at(-1);
      if (payload === undefined) continue;
      const [output] = texts.outputs(lane, [{lane, index: seq - 1, tMonoNs, payload, frames: frames.length > 1 ? frames : null}]);
      if (output === undefined || !scanner.find(textOfOutput(output)) || scanner.text(0) !== cause) continue;
      // views of the reader's memory, which a result must not keep alive
      if (found.length < OUTPUTS_MAX) found.push({...output, payload: payload.slice(), frames: output.frames?.map((frame) => frame.slice()) ?? null});
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
