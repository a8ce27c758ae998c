import type {CapturedMessage, GapRecord} from '@tandem/contract';
import type {FeedInput} from './flow/feed-input.ts';
import {openLogReader, type LogReader} from './log/log-reader.ts';
import type {SessionInputs} from './session-plan.ts';

/** Which part of a log is wanted. */
export interface LogPart {
  readonly fromSeq?: number;
  readonly toSeq?: number;
  /** at most so many messages from the first wanted one on */
  readonly messages?: number;
  /** the log is still being written */
  readonly follow?: boolean;
  /** keeps an input; for example only those of one partition */
  readonly only?: (payload: Uint8Array) => boolean;
}

const toInput = (message: CapturedMessage, inputSeq: number): FeedInput => {
  const payload = message.frames.at(-1) ?? new Uint8Array(0);
  return {inputSeq, recordedNs: message.tMonoNs, payload, frames: message.frames.length > 1 ? message.frames : null};
};

/** Inputs of a session out of a log on disk. Positions are those of the log's streams when it has one stream, else the order of the log. */
export const logInputs = async (folder: string, part: LogPart = {}): Promise<SessionInputs> => {
  const reader = await openLogReader(folder);
  const summary = part.follow === true ? null : await reader.summary();
  const streams = summary === null ? 1 : summary.streams.length;
  const gaps: GapRecord[] = [];
  const whole = summary?.streams.reduce((sum, {messages}) => sum + messages, 0) ?? 0;
  const bounded = part.fromSeq === undefined && part.toSeq === undefined && part.only === undefined ? Math.min(whole, part.messages ?? Infinity) : null;
  return {
    total: part.follow === true ? null : bounded,
    startNs: null,
    capture: () => Object.fromEntries((reader.seal?.segments ?? []).map(({file, sha256}) => [file, sha256])),
    gaps: () => (summary === null ? liveGaps(gaps) : {
      // a hole that no record states, or damage of unknown extent, is a gap all the same
      records: summary.gapCount, messages: summary.gapMessages + summary.streams.reduce((sum, {missing}) => sum + missing, 0), unknown: summary.gapUnknown + summary.damageCount}),
    open: (signal) => readInputs(reader, part, {signal, ownPositions: streams > 1, onGap: (gap) => { if (gaps.length < 10_000) gaps.push(gap); }}),
  };
};

const liveGaps = (gaps: readonly GapRecord[]): {records: number; messages: number; unknown: number} => ({
  records: gaps.length, messages: gaps.reduce((sum, {count}) => sum + (count ?? 0), 0), unknown: gaps.filter(({count}) => count === null).length,
});

async function* readInputs(reader: LogReader, part: LogPart, context: {signal: AbortSignal; ownPositions: boolean; onGap: (gap: GapRecord) => void}): AsyncGenerator<readonly FeedInput[]> {
  let taken = 0;
  const limit = part.messages ?? Infinity;
  for await (const messages of reader.batches({fromSeq: part.fromSeq, toSeq: part.toSeq, follow: part.follow, signal: context.signal, onGap: context.onGap})) {
    const batch: FeedInput[] = [];
    for (const message of messages) {
      if (taken >= limit) break;
      const input = toInput(message, context.ownPositions ? taken + 1 : message.seq);
      if (part.only !== undefined && !part.only(input.payload)) continue;
      taken += 1;
      batch.push(input);
    }
    if (batch.length > 0) yield batch;
    if (taken >= limit) return;
  }
}

/** Inputs that are in memory already, so that reading them costs a measurement nothing. */
export const memoryInputs = (inputs: readonly FeedInput[], capture: Readonly<Record<string, string>> = {}): SessionInputs => ({
  total: inputs.length,
  startNs: null,
  capture: () => capture,
  gaps: () => ({messages: 0, records: 0, unknown: 0}),
  open: async function* open() {
    for (let at = 0; at < inputs.length; at += 256) yield await Promise.resolve(inputs.slice(at, at + 256));
  },
});
