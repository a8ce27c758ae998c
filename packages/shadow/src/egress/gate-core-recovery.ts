import type {CanaryPlanSpec} from '@tandem/contract';
import type {FoldedJournal, FoldedPartition} from '../flow/journal-fold.ts';
import type {JournalRecord, Position} from '../flow/journal-record.ts';

/** What the downstream says was the last effect of a partition; absent: it did not answer. */
export type DownstreamAnswers = ReadonlyMap<string, Position | null>;

/** Partitions whose last effects may or may not have left before the crash. */
export function inDoubtPartitions(journal: FoldedJournal): FoldedPartition[] {
  return [...journal.partitions.values()].filter(({pending, halted}) => pending.length > 0 && halted === null);
}

/** A decision about each partition in doubt: never a guess. The records are written before anything is released. */
export function resolveInDoubt(journal: FoldedJournal, policy: CanaryPlanSpec['inDoubt'], answers: DownstreamAnswers): JournalRecord[] {
  return inDoubtPartitions(journal).map((folded) => {
    switch (policy) {
      case 'resend': return {kind: 'resolved', partition: folded.partition, position: folded.confirmed, how: 'resend'};
      case 'halt': return halted(folded, 'effects in doubt after a crash, and the plan says halt');
      case 'query': return byAnswer(folded, answers.get(folded.partition));
    }
  });
}

function byAnswer(folded: FoldedPartition, answer: Position | null | undefined): JournalRecord {
  if (answer === undefined) return halted(folded, 'effects in doubt after a crash, and the downstream did not answer');
  const known = [folded.confirmed, ...folded.pending].some((position) => samePosition(position, answer));
  if (!known) {
    const text = answer === null ? 'nothing' : `${answer.causeSeq}.${answer.ordinal}`;
    return halted(folded, `the downstream says ${text}, which this journal cannot be followed by`);
  }
  return {kind: 'resolved', partition: folded.partition, position: answer, how: 'query'};
}

function samePosition(left: Position | null, right: Position | null): boolean {
  return left?.causeSeq === right?.causeSeq && left?.ordinal === right?.ordinal;
}

function halted(folded: FoldedPartition, reason: string): JournalRecord {
  return {kind: 'halt', partition: folded.partition, position: folded.confirmed, invariant: 'I1', reason};
}
