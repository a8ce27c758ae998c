import type {CanaryStage, Owner, OwnershipRecord} from '@tandem/contract';
import type {Intent, JournalRecord, Position} from './journal-record.ts';
import {addReign, firstReigns, reignAt, type Reign} from './ownership.ts';
import {isAfter} from './ownership-output.ts';
import type {KillMode} from './ownership-control.ts';

/** What the journal says about one partition. */
export interface FoldedPartition {
  readonly partition: string;
  readonly reigns: Reign[];
  /** last effect that the downstream confirmed, and the digests of that cause's effects by ordinal */
  confirmed: Position | null;
  confirmedHashes: string[];
  /** effects written but not confirmed, in order: in doubt after a crash */
  pending: Intent[];
  halted: string | null;
  released: number;
}

/** The journal's meaning: the state that a gate starts from. */
export interface FoldedJournal {
  session: number;
  planHash: string;
  epoch: number;
  /** who wrote the present epoch */
  epochActor: string;
  stage: CanaryStage;
  share: number;
  killed: KillMode | null;
  lastIntent: number;
  confirmedIntent: number;
  /** ended by `close`: nothing can be in doubt */
  closed: boolean;
  readonly partitions: Map<string, FoldedPartition>;
  /** nonces of the latest changes with the epoch that each led to; at most 256 */
  readonly nonces: Map<string, {readonly epoch: number; readonly moved: number}>;
  readonly releasedBy: Record<Owner, number>;
  filled: number;
  /** all ownership records, in order */
  readonly ownership: OwnershipRecord[];
}

export const NONCES_MAX = 256;

export function emptyJournal(): FoldedJournal {
  return {
    session: 0, planHash: '', epoch: 0, epochActor: '', stage: 'SHADOW', share: 0, killed: null, lastIntent: 0, confirmedIntent: 0, closed: true,
    partitions: new Map(), nonces: new Map(), releasedBy: {legacy: 0, candidate: 0}, filled: 0, ownership: [],
  };
}

export function foldedPartition(journal: FoldedJournal, partition: string): FoldedPartition {
  let folded = journal.partitions.get(partition);
  if (folded === undefined) {
    folded = {partition, reigns: firstReigns(), confirmed: null, confirmedHashes: [], pending: [], halted: null, released: 0};
    journal.partitions.set(partition, folded);
  }
  return folded;
}

/** The last effect written, confirmed or not. */
export function takenPosition(folded: FoldedPartition): Position | null {
  return folded.pending.at(-1) ?? folded.confirmed;
}

/**
 * Applies one record. A record that breaks the protocol's own rules is returned as a text with its invariant's id: such a
 * journal was not written by a sound gate, and nobody may act on it.
 */
export function foldRecord(journal: FoldedJournal, record: JournalRecord): string | null {
  if (record.kind !== 'open' && record.kind !== 'close') journal.closed = false;
  switch (record.kind) {
    case 'open':
      if (record.session <= journal.session) return `I2 session ${record.session} after ${journal.session}`;
      journal.session = record.session;
      journal.planHash = record.planHash;
      return null;
    case 'commit': return foldCommit(journal, record.confirmed, record.intents);
    case 'ownership': return foldOwnership(journal, record);
    case 'resolved': return foldResolved(journal, record.partition, record.position);
    case 'halt':
      foldedPartition(journal, record.partition).halted ??= `${record.invariant} ${record.reason}`;
      return null;
    case 'kill':
      journal.killed = journal.killed === 'halt' ? 'halt' : record.mode;
      return null;
    case 'close':
      journal.closed = true;
      return foldCommit(journal, record.confirmed, []);
  }
}

function foldCommit(journal: FoldedJournal, confirmed: number, intents: readonly Intent[]): string | null {
  for (const intent of intents) {
    if (intent.no <= journal.lastIntent) return `I1 intent ${intent.no} after ${journal.lastIntent}`;
    const folded = foldedPartition(journal, intent.partition);
    const taken = takenPosition(folded);
    if (taken !== null && !isAfter(intent, taken)) return `I1 ${effectText(intent)} after ${taken.causeSeq}.${taken.ordinal}`;
    const reign = folded.reigns[reignAt(folded.reigns, intent.causeSeq)];
    if (reign !== undefined && reign.owner !== intent.lane && !intent.fill) return `I2 ${effectText(intent)} by ${intent.lane}, owner is ${reign.owner}`;
    if (intent.lane === 'candidate' && journal.killed !== null) return `I9 ${effectText(intent)} by candidate after the kill`;
    folded.pending.push(intent);
    journal.lastIntent = intent.no;
  }
  return foldConfirmed(journal, confirmed);
}

/** Confirmations come in the order of intents, over all partitions. */
function foldConfirmed(journal: FoldedJournal, through: number): string | null {
  if (through > journal.lastIntent) return `I6 intent ${through} confirmed before it was written`;
  if (through <= journal.confirmedIntent) return null;
  journal.confirmedIntent = through;
  for (const folded of journal.partitions.values()) {
    let done = 0;
    while (done < folded.pending.length && (folded.pending[done] as Intent).no <= through) {
      confirm(journal, folded, folded.pending[done] as Intent);
      done += 1;
    }
    if (done > 0) folded.pending.splice(0, done);
  }
  return null;
}

function confirm(journal: FoldedJournal, folded: FoldedPartition, intent: Intent): void {
  if (folded.confirmed?.causeSeq !== intent.causeSeq) folded.confirmedHashes = [];
  folded.confirmedHashes.push(intent.hash);
  folded.confirmed = {causeSeq: intent.causeSeq, ordinal: intent.ordinal};
  folded.released += 1;
  journal.releasedBy[intent.lane] += 1;
  if (intent.fill) journal.filled += 1;
}

function foldOwnership(journal: FoldedJournal, change: Extract<JournalRecord, {kind: 'ownership'}>): string | null {
  let epoch = journal.epoch;
  for (const record of change.records) {
    if (record.epoch <= epoch) return `I2 epoch ${record.epoch} after ${epoch}`;
    epoch = record.epoch;
    const folded = foldedPartition(journal, record.partition);
    const taken = takenPosition(folded);
    if (taken !== null && record.fromSeq <= taken.causeSeq) return `I2 ${record.partition} handed over at ${record.fromSeq}, released up to ${taken.causeSeq}`;
    addReign(folded.reigns, {owner: record.owner, fromSeq: record.fromSeq, epoch: record.epoch});
    journal.ownership.push(record);
  }
  if (change.epoch < epoch || change.epoch <= journal.epoch) return `I2 epoch ${change.epoch} after ${journal.epoch}`;
  journal.epoch = change.epoch;
  journal.epochActor = change.actor;
  journal.stage = change.stage;
  journal.share = change.share;
  journal.nonces.set(change.nonce, {epoch: change.epoch, moved: change.records.length});
  if (journal.nonces.size > NONCES_MAX) journal.nonces.delete(journal.nonces.keys().next().value as string);
  return null;
}

function foldResolved(journal: FoldedJournal, partition: string, position: Position | null): string | null {
  const folded = foldedPartition(journal, partition);
  const before = folded.confirmed;
  if (before !== null && (position === null || isAfter(before, position))) {
    return `I5 ${partition} resolved to ${position === null ? 'nothing' : `${position.causeSeq}.${position.ordinal}`}, confirmed was ${before.causeSeq}.${before.ordinal}`;
  }
  for (const intent of folded.pending) {
    if (position !== null && !isAfter(intent, position)) confirm(journal, folded, intent);
  }
  folded.pending = [];
  return null;
}

function effectText(intent: Intent): string {
  return `${intent.partition}/${intent.causeSeq}.${intent.ordinal}`;
}
