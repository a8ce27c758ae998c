import {TandemError} from '@tandem/contract';
import {foldRecord, type FoldedJournal} from '../flow/journal-fold.ts';
import type {JournalRecord} from '../flow/journal-record.ts';
import type {GateSettings} from './gate-settings.ts';
import {JournalFile} from './journal-file.ts';
import {lockJournal, type JournalLock} from './journal-lock.ts';

/** A gate whose starter died drains for at most 5 s before it ends. */
const PREDECESSOR_MS = 8000;

/** The journal of a gate that begins, and what it says. */
export interface GateJournal {
  readonly journal: JournalFile;
  readonly folded: FoldedJournal;
  readonly lock: JournalLock;
}

/** Waits for a former gate of this run to end, opens its journal and begins a session in it. */
export async function openGateJournal({journalFile, planHash}: GateSettings): Promise<GateJournal> {
  const lock = await lockJournal(journalFile, PREDECESSOR_MS);
  const {journal, folded} = await JournalFile.open(journalFile);
  if (folded.planHash !== '' && folded.planHash !== planHash) {
    throw new TandemError({id: 'TDM-E254', kind: 'usage', what: 'The journal belongs to another plan.', where: journalFile, fix: 'use another run folder for another plan'});
  }
  await appendRecords({journal, folded}, [{kind: 'open', session: folded.session + 1, planHash}]);
  return {journal, folded, lock};
}

/** Writes records and takes them for said. Throws TDM-E255 when they break the journal's own rules. */
export async function appendRecords({journal, folded}: Pick<GateJournal, 'journal' | 'folded'>, records: readonly JournalRecord[]): Promise<void> {
  if (records.length === 0) return;
  await journal.write(records);
  for (const record of records) {
    const broken = foldRecord(folded, record);
    if (broken !== null) throw new TandemError({id: 'TDM-E255', kind: 'invariant', what: 'The gate would write a journal that breaks its own rules.', seen: broken});
  }
}
