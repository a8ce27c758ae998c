import {open, type FileHandle} from 'node:fs/promises';
import {dirname} from 'node:path';
import {TandemError} from '@tandem/contract';
import {emptyJournal, foldRecord, type FoldedJournal} from '../flow/journal-fold.ts';
import {encodeJournalLine, type JournalRecord} from '../flow/journal-record.ts';
import {readJournal, type JournalReading} from '../flow/journal-text.ts';
import {JOURNAL_DIGEST} from './journal-digest.ts';

/** Called between the steps of a write, so that a test can end the process exactly there. */
export interface WriteSteps {
  readonly written?: (records: readonly JournalRecord[]) => void;
}

/** What a journal says when it is read from the start. */
export interface JournalCheck {
  readonly records: number;
  readonly tornBytes: number;
  readonly damage: JournalReading['damage'];
  /** the first record that breaks the protocol's own rules, with the invariant's id */
  readonly violation: string | null;
  readonly folded: FoldedJournal;
}

function check(bytes: Uint8Array): JournalCheck & {readonly reading: JournalReading} {
  const folded = emptyJournal();
  let records = 0;
  let violation: string | null = null;
  const reading = readJournal(bytes, JOURNAL_DIGEST, (record) => {
    records += 1;
    const broken = violation === null ? foldRecord(folded, record) : null;
    if (broken !== null) violation = `record ${records}: ${broken}`;
  });
  return {records, tornBytes: reading.tornBytes, damage: reading.damage, violation, folded, reading};
}

/** Reads a journal and checks every sum, link and rule; changes nothing. A missing file is an environment error. */
export async function verifyJournal(path: string): Promise<JournalCheck> {
  const file = await open(path, 'r').catch((error: NodeJS.ErrnoException) => {
    throw new TandemError({id: 'TDM-E250', kind: 'environment', what: 'The journal cannot be read.', where: path, seen: error.code ?? error.message, fix: 'check the path'}, {cause: error});
  });
  try {
    return check(await file.readFile());
  } finally {
    await file.close();
  }
}

/** The gate's journal: append, then sync; after a failed write or sync it is never written again. */
export class JournalFile {
  readonly #file: FileHandle;
  #n: number;
  #prev: string;
  #failed = false;

  private constructor(file: FileHandle, n: number, prev: string) {
    this.#file = file;
    this.#n = n;
    this.#prev = prev;
  }

  /** Opens or makes it. A tail that a crash cut short is removed; anything else that is wrong is refused. */
  static async open(path: string): Promise<{journal: JournalFile; folded: FoldedJournal; tornBytes: number}> {
    const file = await open(path, 'a+', 0o600);
    try {
      const {reading, folded, records, violation} = check(await file.readFile());
      if (reading.damage !== null || violation !== null) {
        const seen = violation ?? `line ${reading.damage?.line} at byte ${reading.damage?.offset}: ${reading.damage?.reason}`;
        throw new TandemError({
          id: 'TDM-E251', kind: 'environment', what: 'The journal is damaged, so nobody knows who owns what.', where: path, seen,
          likely: 'the file was edited, or the disk lost data', fix: 'keep the file, start a new run folder with legacy alone, and compare with the downstream by hand',
        });
      }
      if (reading.tornBytes > 0) {
        await file.truncate(reading.soundBytes);
        await file.sync();
      }
      await syncFolder(dirname(path));
      return {journal: new JournalFile(file, records, reading.lastHash), folded, tornBytes: reading.tornBytes};
    } catch (error) {
      await file.close();
      throw error;
    }
  }

  /** Resolves when all records are on disk. Throws when they may not be; then nothing may rest on them, nor on later ones. */
  async write(records: readonly JournalRecord[], steps: WriteSteps = {}): Promise<void> {
    if (this.#failed) throw new Error('the journal failed before');
    const lines: string[] = [];
    let n = this.#n;
    let prev = this.#prev;
    for (const record of records) {
      n += 1;
      const line = encodeJournalLine(record, {n, prev}, JOURNAL_DIGEST);
      prev = line.hash;
      lines.push(line.text);
    }
    try {
      await this.#file.appendFile(`${lines.join('\n')}\n`);
      steps.written?.(records);
      await this.#file.datasync();
    } catch (error) {
      this.#failed = true;
      throw error;
    }
    this.#n = n;
    this.#prev = prev;
  }

  async close(): Promise<void> {
    await this.#file.close();
  }
}

/** The file's name is on disk too. */
async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
