import type {Evidence, GapRecord} from '@tandem/contract';
import type {Damage} from './log/log-damage.ts';
import type {LogSeal} from './log/log-seal.ts';
import type {LogSummary} from './log/log-summary.ts';
import type {LogReader} from './log/reader-port.ts';

const GAPS_MAX = 10_000;
const REASONS_MAX = 20;

export const damageWords = ({file, offset, reason, bytesLost}: Damage): string => `${file} at octet ${offset}: ${reason}${bytesLost === 0 ? '' : `, ${bytesLost} octets lost`}`;
const gapWords = ({stream, afterSeq, count, reason}: GapRecord): string => `${count ?? 'an unknown number of'} messages of ${stream} after ${afterSeq}: ${reason}`;

/** What a log on disk lacks. A hole that no record states, damage of unknown extent, and a recording that did not end well are gaps all the same. */
export const gapsOfLog = ({seal, wholeLog}: Pick<LogReader, 'seal' | 'wholeLog'>, summary: LogSummary): Evidence['gaps'] => {
  const holes = summary.streams.filter(({missing}) => missing > 0);
  const unsealed = endWords({seal, wholeLog}, summary);
  const short = seal === null || !wholeLog ? 0 : Math.max(0, seal.messages - removedMessages(seal) - summary.messages);
  const reasons = [
    ...(short === 0 ? [] : [`the seal counts ${seal?.messages ?? 0} messages, ${summary.messages} are there`]), ...summary.damage.slice(0, REASONS_MAX).map(damageWords), ...unsealed,
    ...holes.map(({stream, missing}) => `${missing} positions of ${stream} are missing and no record says why`), ...summary.gaps.slice(0, REASONS_MAX).map(gapWords),
  ].slice(0, REASONS_MAX);
  return {
    records: summary.gapCount, messages: Math.max(summary.gapMessages + holes.reduce((sum, {missing}) => sum + missing, 0), short),
    unknown: summary.gapUnknown + summary.damageCount + unsealed.length, ...(reasons.length === 0 ? {} : {reasons}),
  };
};

/** Of these the reader has told by gap records. */
const removedMessages = ({removed = [], forgotten}: LogSeal): number => removed.reduce((sum, {messages}) => sum + messages, forgotten?.messages ?? 0);

/** Nothing is damaged, and yet the end of the recording is not known. A single file that was named stands for itself. */
const endWords = ({seal, wholeLog}: Pick<LogReader, 'seal' | 'wholeLog'>, {sealed, damageCount}: LogSummary): string[] => {
  if (sealed || !wholeLog || damageCount > 0) return [];
  return [seal === null ? 'no seal says how the recording ended' : `the recording had to stop: ${seal.fault?.what ?? 'its seal does not say why'}`];
};

/** Gaps of a log that several readers follow while it grows: each counts once. */
export class GapList {
  readonly #gaps = new Map<string, GapRecord>();

  add(gap: GapRecord): void {
    const key = `${gap.stream} ${gap.epoch} ${gap.afterSeq}`;
    if (this.#gaps.size < GAPS_MAX || this.#gaps.has(key)) this.#gaps.set(key, gap);
  }

  evidence(): Evidence['gaps'] {
    const gaps = [...this.#gaps.values()];
    return {
      records: gaps.length, messages: gaps.reduce((sum, {count}) => sum + (count ?? 0), 0), unknown: gaps.filter(({count}) => count === null).length,
      ...(gaps.length === 0 ? {} : {reasons: gaps.slice(0, REASONS_MAX).map(gapWords)}),
    };
  }
}
