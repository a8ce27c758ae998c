import type {CapturedMessage, GapRecord} from '@tandem/contract';
import type {PackedMessage} from '../flow/packed-message.ts';
import type {LogSeal} from './log-seal.ts';

export interface LogCounts {
  readonly messages: number;
  readonly gaps: number;
  readonly dropped: number;
  /** octets that are not in the file yet */
  readonly bufferedBytes: number;
  readonly segments: number;
}

/** The one append-only log. `append` copies, never blocks, never throws. */
export interface LogWriter {
  /** False: not kept (buffer full, too long, closed or broken); it is counted and a gap record will say so. */
  append(message: CapturedMessage): boolean;
  /** The same for a message that lies ready in foreign memory; nothing is made for it. */
  appendPacked(message: PackedMessage): boolean;
  appendGap(gap: GapRecord): void;
  /** true while more than half of the buffer waits for the disk: who can wait should */
  readonly pressed: boolean;
  /** resolves when the buffer is less than half full or the log stopped */
  room(): Promise<void>;
  /** resolves when all that was appended is in the file; rejects when the log had to stop */
  flush(): Promise<void>;
  /** seals the log; rejects when it had to stop, after writing what could be written */
  close(): Promise<LogSeal>;
  counts(): LogCounts;
}
