import type {CapturedMessage, GapRecord} from '@tandem/contract';
import type {FeedInput} from './flow/feed-input.ts';
import {openLogReader, type LogReader} from './log/log-reader.ts';
import type {LogSummary} from './log/log-summary.ts';
import {damageWords, GapList, gapsOfLog} from './log-gaps.ts';
import {mergedStreams, ORDER_RULE} from './merged-streams.ts';
import {noInput} from './no-input.ts';
import type {SessionInputs} from './session-plan.ts';

/** Which part of a log is wanted. */
export interface LogPart {
  /** positions, both included: those of the stream when the log has one, else those in the common order */
  readonly fromSeq?: number;
  readonly toSeq?: number;
  /** ms after the first message of the log, both included */
  readonly fromMs?: number;
  readonly toMs?: number;
  /** at most so many messages from the first wanted one on */
  readonly messages?: number;
  /** the log is still being written: its order is that of arrival */
  readonly follow?: boolean;
  /** of a growing log: it holds several inputs, so they are numbered here in the order of arrival */
  readonly ranked?: boolean;
  /** keeps an input; for example only those about one key */
  readonly only?: (input: FeedInput) => boolean;
}

const NOTHING = new Uint8Array(0);

const toInput = (message: CapturedMessage, inputSeq: number): FeedInput => {
  const payload = message.frames.at(-1) ?? NOTHING;
  return {inputSeq, recordedNs: message.tMonoNs, payload, frames: message.frames.length > 1 ? message.frames : null};
};

/** Inputs of a session out of a log on disk, in an order that depends on nothing but the log. */
export const logInputs = async (folder: string, part: LogPart = {}): Promise<SessionInputs> => {
  const reader = await openLogReader(folder);
  const summary = part.follow === true ? null : await reader.summary();
  const live = new GapList();
  const reading = {reader, part, source: sourceOf(summary, part)};
  return {
    total: summary === null ? null : await countInputs(reading, summary),
    startNs: null,
    capture: () => Object.fromEntries((reader.seal?.segments ?? []).map(({file, sha256}) => [file, sha256])),
    gaps: () => (summary === null ? live.evidence() : gapsOfLog(reader, summary)),
    open: (signal) => readInputs(reading, signal, (gap) => { live.add(gap); }),
    ...(reading.source.streams.length > 1 ? {order: `streams ${reading.source.streams.join(', ')} in one order: ${ORDER_RULE}`} : {}),
  };
};

/** How the messages of a log become inputs. */
interface InputSource {
  /** those that are inputs, by name; empty: whatever comes (a log that grows) */
  readonly streams: readonly string[];
  /** inputs are numbered by us, from 1: several streams, or one whose own positions do not rise */
  readonly ranked: boolean;
  readonly window: {readonly fromMonoNs?: number; readonly toMonoNs?: number};
}

interface Reading {
  readonly reader: LogReader;
  readonly part: LogPart;
  readonly source: InputSource;
}

const sourceOf = (summary: LogSummary | null, {fromMs, toMs, ranked = false}: LogPart): InputSource => {
  if (summary === null) return {streams: [], ranked, window: {}};
  // what lanes answered is no input, unless somebody replays a log of answers
  const inputs = summary.streams.filter(({stream}) => !stream.startsWith('out/'));
  const streams = inputs.length === 0 ? summary.streams : inputs;
  const firstNs = Math.min(...streams.map(({firstMonoNs}) => firstMonoNs));
  const at = (ms: number): number => firstNs + ms * 1e6;
  return {
    streams: streams.map(({stream}) => stream).sort(), ranked: streams.length > 1 || streams.some(({disorder}) => disorder > 0),
    window: {...(fromMs === undefined ? {} : {fromMonoNs: at(fromMs)}), ...(toMs === undefined ? {} : {toMonoNs: at(toMs)})},
  };
};

/**
 * How many inputs the part holds.
 * @throws TandemError TDM-E131 when it is none
 */
const countInputs = async (reading: Reading, summary: LogSummary): Promise<number> => {
  const {fromSeq, toSeq, fromMs, toMs, only, messages = Infinity} = reading.part;
  const where = reading.reader.name;
  const positions = summary.streams.map(({stream, firstSeq, lastSeq}) => `${stream} ${firstSeq} to ${lastSeq}`).slice(0, 5).join(', ');
  if (summary.messages === 0) throw noInput({where, seen: `0 messages in ${summary.segments} segments${summary.damage.slice(0, 1).map((damage) => `; ${damageWords(damage)}`).join('')}`});
  let total = summary.messages;
  if ([fromSeq, toSeq, fromMs, toMs, only].some((given) => given !== undefined) || reading.source.streams.length < summary.streams.length) {
    total = 0;
    for await (const batch of readInputs(reading, new AbortController().signal, () => undefined)) total += batch.length;
  }
  total = Math.min(total, messages);
  const asked = [fromSeq === undefined ? '' : `--from ${fromSeq}`, toSeq === undefined ? '' : `--to ${toSeq}`, fromMs === undefined ? '' : `--from ${fromMs}ms`, toMs === undefined ? '' : `--to ${toMs}ms`,
    only === undefined ? '' : '--only', messages === Infinity ? '' : `--messages ${messages}`];
  if (total === 0) throw noInput({where, seen: `${summary.messages} messages: ${positions}`, asked: asked.filter(Boolean).join(' ')});
  return total;
};

/** Messages in their order, as far as the log itself can choose them. */
const messagesOf = ({reader, part, source}: Reading, signal: AbortSignal, onGap: (gap: GapRecord) => void): AsyncIterable<readonly CapturedMessage[]> => {
  const {streams, ranked, window} = source;
  const common = {...window, signal, onGap};
  const [stream] = streams;
  if (streams.length > 1) return mergedStreams(streams, (one) => reader.batches({signal, onGap, stream: one}));
  return reader.batches({...common, ...(stream === undefined ? {} : {stream}), ...(ranked ? {fromMonoNs: undefined, toMonoNs: undefined} : {fromSeq: part.fromSeq, toSeq: part.toSeq}), follow: part.follow});
};

async function* readInputs(reading: Reading, signal: AbortSignal, onGap: (gap: GapRecord) => void): AsyncGenerator<readonly FeedInput[]> {
  const {part: {fromSeq = 0, toSeq = Infinity, messages: limit = Infinity, only}, source: {streams, ranked, window}} = reading;
  const {fromMonoNs = 0, toMonoNs = Infinity} = window;
  let taken = 0;
  let rank = 0;
  for await (const messages of messagesOf(reading, signal, onGap)) {
    const batch: FeedInput[] = [];
    for (const message of messages) {
      // a growing log may hold answers of an observed system beside its inputs
      if (streams.length === 0 && message.stream.startsWith('out/')) continue;
      rank += 1;
      const input = toInput(message, ranked ? rank : message.seq);
      if (input.inputSeq < fromSeq || message.tMonoNs < fromMonoNs || message.tMonoNs > toMonoNs || (only !== undefined && !only(input))) continue;
      if (taken >= limit || input.inputSeq > toSeq) break;
      taken += 1;
      batch.push(input);
    }
    if (batch.length > 0) yield batch;
    if (taken >= limit || (ranked && rank > toSeq)) return;
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
