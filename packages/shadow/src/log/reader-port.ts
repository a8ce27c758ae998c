import type {CapturedMessage, GapRecord} from '@tandem/contract';
import type {WantedPart} from './chunk-decoder.ts';
import type {Damage} from './log-damage.ts';
import type {LogSeal} from './log-seal.ts';
import type {LogSummary} from './log-summary.ts';

export interface BatchOptions extends WantedPart {
  /** goes on while the log grows, until it is sealed or `signal` aborts; what was read until then was given out */
  readonly follow?: boolean | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onGap?: ((gap: GapRecord) => void) | undefined;
  readonly onDamage?: ((damage: Damage) => void) | undefined;
}

/** Reads a log without changing it; any number of them beside one writer, none of which it knows. What is opened lives only as long as an iteration. */
export interface LogReader {
  /** what to call it in messages, e.g. its folder */
  readonly name: string;
  /** false: one file of it was named, which stands for itself */
  readonly wholeLog: boolean;
  /** null while it is written, and when its writer did not end well */
  readonly seal: LogSeal | null;
  /** reads everything once */
  summary(): Promise<LogSummary>;
  /**
   * Whole messages in the order in which they were written, up to 256 at a time. Frames are views of memory that is not used
   * again; copy what is kept for long, a view keeps its neighbours (up to 512 KiB) alive.
   */
  batches(options?: BatchOptions): AsyncIterable<CapturedMessage[]>;
  /** compares the SHA-256 of every sealed segment; empty when all agree, and `unsealed` when there is nothing to compare with */
  verifySeal(): Promise<readonly Damage[] | 'unsealed'>;
}
