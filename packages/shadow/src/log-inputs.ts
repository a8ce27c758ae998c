import type {CapturedMessage, GapRecord} from '@tandem/contract';
import type {FeedInput} from './flow/feed-input.ts';
import {openLogReader, type LogReader} from './log/log-reader.ts';
import type {LogSummary} from './log/log-summary.ts';
import {damageWords, GapList, gapsOfLog} from './log-gaps.ts';
import {noInput} from './no-input.ts';
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
  const live = new GapList();
  return {
    total: summary === null ? null : await countInputs(reader, part, summary),
    startNs: null,
    capture: () => Object.fromEntries((reader.seal?.segments ?? []).map(({file, sha256}) => [file, sha256])),
    gaps: () => (summary === null ? live.evidence() : gapsOfLog(reader, summary)),
    open: (signal) => readInputs(reader, part, {signal, ownPositions: streams > 1, onGap: (gap) => { live.add(gap); }}),
  };
};

/**
 * How many inputs the part holds.
 * @throws TandemError TDM-E131 when it is none
 */
const countInputs = async (reader: LogReader, part: LogPart, summary: LogSummary): Promise<number> => {
  const {fromSeq, toSeq, only, messages = Infinity} = part;
  const where = reader.name;
  const positions = summary.streams.map(({stream, firstSeq, lastSeq}) => `${stream} ${firstSeq} to ${lastSeq}`).slice(0, 5).join(', ');
  if (summary.messages === 0) throw noInput({where, seen: `0 messages in ${summary.segments} segments${summary.damage.slice(0, 1).map((damage) => `; ${damageWords(damage)}`).join('')}`});
  let total = summary.messages;
  if (fromSeq !== undefined || toSeq !== undefined || only !== undefined) {
    total = 0;
    for await (const batch of readInputs(reader, part, {signal: new AbortController().signal, ownPositions: summary.streams.length > 1, onGap: () => undefined})) total += batch.length;
  }
  total = Math.min(total, messages);
  const asked = [fromSeq === undefined ? '' : `--from ${fromSeq}`, toSeq === undefined ? '' : `--to ${toSeq}`, only === undefined ? '' : '--only', messages === Infinity ? '' : `--messages ${messages}`];
  if (total === 0) throw noInput({where, seen: `${summary.messages} messages: ${positions}`, asked: asked.filter(Boolean).join(' ')});
  return total;
};

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
