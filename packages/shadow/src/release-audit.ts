import {readFile} from 'node:fs/promises';
import type {Owner} from '@tandem/contract';
import {JOURNAL_DIGEST} from './egress/journal-digest.ts';
import {verifyJournal} from './egress/journal-file.ts';
import {readJournal} from './flow/journal-text.ts';
import {ownerOf} from './flow/ownership.ts';

/** One effect as an independent downstream wrote it down, in order of arrival. */
export interface SunkEffect {
  readonly partition: string;
  readonly causeSeq: number;
  readonly ordinal: number;
  readonly lane: Owner;
}

export interface ReleaseAudit {
  /** what is wrong, at most 20; empty when everything is right */
  readonly faults: readonly string[];
  readonly halted: readonly string[];
  /** released by legacy in the place of a candidate that could not finish */
  readonly filled: number;
}

const FAULTS_MAX = 20;

/**
 * Holds what the downstream got against the journal: each effect once, in order of its partition, from the lane that owned its input. The journal itself
 * must be whole, and all that it calls confirmed must be there. Whether something was never released is for the caller, who knows what the lanes answered.
 */
export const auditReleases = async (journalFile: string, effects: readonly SunkEffect[]): Promise<ReleaseAudit> => {
  const check = await verifyJournal(journalFile);
  const faults: string[] = [];
  if (check.damage !== null) faults.push(`journal damaged: ${check.damage.reason}`);
  if (check.violation !== null) faults.push(`journal: ${check.violation}`);
  const fills = new Set<string>();
  readJournal(await readFile(journalFile), JOURNAL_DIGEST, (record) => {
    if (record.kind === 'commit') for (const intent of record.intents) if (intent.fill) fills.add(`${intent.partition} ${intent.causeSeq}.${intent.ordinal}`);
  });
  const last = new Map<string, SunkEffect>();
  const arrived = new Map<string, number>();
  for (const {partition} of effects) arrived.set(partition, (arrived.get(partition) ?? 0) + 1);
  for (const [partition, {released}] of check.folded.partitions) {
    const there = arrived.get(partition) ?? 0;
    if (there < released) faults.push(`lost: ${partition} has ${there} effects downstream, and ${released} are confirmed in the journal`);
  }
  for (const effect of effects) {
    if (faults.length >= FAULTS_MAX) break;
    const name = `${effect.partition} ${effect.causeSeq}.${effect.ordinal}`;
    const before = last.get(effect.partition);
    last.set(effect.partition, effect);
    if (before !== undefined && before.causeSeq === effect.causeSeq && before.ordinal === effect.ordinal) faults.push(`twice: ${name}`);
    else if (before !== undefined && (before.causeSeq > effect.causeSeq || (before.causeSeq === effect.causeSeq && before.ordinal > effect.ordinal))) faults.push(`out of order: ${name} after ${before.causeSeq}.${before.ordinal}`);
    const owner = ownerOf(check.folded.ownership, effect.partition, effect.causeSeq);
    if (owner !== effect.lane && !fills.has(name)) faults.push(`by ${effect.lane}, which did not own it: ${name}`);
  }
  const halted = [...check.folded.partitions].flatMap(([partition, {halted: reason}]) => (reason === null ? [] : [partition]));
  return {faults, halted, filled: fills.size};
};
