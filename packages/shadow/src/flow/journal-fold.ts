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
  /** effects that were in doubt and are to be sent again (policy `resend`), in order; they may have had their effect already */
  again: Intent[];
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
  /** intents of the present session without confirmation, in order */
  readonly unconfirmed: Intent[];
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
    session: 0, planHash: '', epoch: 0, epochActor: '', stage: 'SHADOW', share: 0, killed: null, lastIntent: 0, confirmedIntent: 0, unconfirmed: [], closed: true,
    partitions: new Map(), nonces: new Map(), releasedBy: {legacy: 0, candidate: 0}, filled: 0, ownership: [],
  };
}

export function foldedPartition(journal: FoldedJournal, partition: string): FoldedPartition {
  let folded = journal.partitions.get(partition);
  if (folded === undefined) {
    folded = {partition, reigns: firstReigns(), confirmed: null, confirmedHashes: [], pending: [], again: [], halted: null, released: 0};
    journal.partitions.set(partition, folded);
  }
  return folded;
}

/** The last effect written, confirmed or not. */
export function takenPosition(folded: FoldedPartition): Position | null {
  return folded.pending.at(-1) ?? folded.confirmed;
}

/** The last cause that had, or may have had, an effect: no hand-over may begin at or before it. -1: none. */
export function touchedCause(folded: FoldedPartition): number {
  return Math.max(takenPosition(folded)?.causeSeq ?? -1, folded.again.at(-1)?.causeSeq ?? -1);
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
      // What an earlier process left unconfirmed is settled by `resolved` or by a halt, never by a later confirmation.
      journal.unconfirmed.length = 0;
      journal.planHash = record.planHash;
      return null;
    case 'commit': return foldCommit(journal, record.confirmed, record.intents);
    case 'ownership': return foldOwnership(journal, record);
    case 'resolved': return foldResolved(journal, record);
    case 'halt': {
      const folded = foldedPartition(journal, record.partition);
      folded.halted ??= `${record.invariant} ${record.reason}`;
      // Written, but perhaps withheld: it stays in doubt, and later confirmations do not speak of it.
      folded.pending = [];
      return null;
    }
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
    journal.unconfirmed.push(intent);
    journal.lastIntent = intent.no;
  }
  return foldConfirmed(journal, confirmed);
}

/** Confirmations come in the order of intents, over all partitions. */
function foldConfirmed(journal: FoldedJournal, through: number): string | null {
  if (through > journal.lastIntent) return `I6 intent ${through} confirmed before it was written`;
  if (through > journal.confirmedIntent) journal.confirmedIntent = through;
  while ((journal.unconfirmed[0]?.no ?? Infinity) <= through) {
    const intent = journal.unconfirmed.shift() as Intent;
    const folded = foldedPartition(journal, intent.partition);
    if (folded.pending[0] === intent) confirm(journal, folded, folded.pending.shift() as Intent);
  }
  return null;
}

function confirm(journal: FoldedJournal, folded: FoldedPartition, intent: Intent): void {
  if (folded.confirmed?.causeSeq !== intent.causeSeq) folded.confirmedHashes = [];
  folded.confirmedHashes.push(intent.hash);
  folded.confirmed = {causeSeq: intent.causeSeq, ordinal: intent.ordinal};
  while (folded.again[0] !== undefined && !isAfter(folded.again[0], intent)) folded.again.shift();
  folded.released += 1;
  journal.releasedBy[intent.lane] += 1;
  if (intent.fill) journal.filled += 1;
}

function foldOwnership(journal: FoldedJournal, change: Extract<JournalRecord, {kind: 'ownership'}>): string | null {
  let {epoch} = journal;
  if (change.after !== epoch) return `I2 change by ${change.actor} decided on epoch ${change.after}, epoch was ${epoch}`;
  for (const record of change.records) {
    if (record.epoch <= epoch) return `I2 epoch ${record.epoch} after ${epoch}`;
    epoch = record.epoch;
    const folded = foldedPartition(journal, record.partition);
    const touched = touchedCause(folded);
    if (record.fromSeq <= touched) return `I2 ${record.partition} handed over at ${record.fromSeq}, released up to ${touched}`;
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

function foldResolved(journal: FoldedJournal, {partition, position, how}: Extract<JournalRecord, {kind: 'resolved'}>): string | null {
  const folded = foldedPartition(journal, partition);
  const before = folded.confirmed;
  if (before !== null && (position === null || isAfter(before, position))) {
    return `I5 ${partition} resolved to ${position === null ? 'nothing' : `${position.causeSeq}.${position.ordinal}`}, confirmed was ${before.causeSeq}.${before.ordinal}`;
  }
  const {pending} = folded;
  folded.pending = [];
  for (const intent of pending) {
    if (position !== null && !isAfter(intent, position)) confirm(journal, folded, intent);
    else if (how === 'resend' && (folded.again.length === 0 || isAfter(intent, folded.again.at(-1) as Intent))) folded.again.push(intent);
  }
  return null;
}

function effectText(intent: Intent): string {
  return `${intent.partition}/${intent.causeSeq}.${intent.ordinal}`;
}
