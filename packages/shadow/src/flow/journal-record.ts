import type {CanaryStage, Owner, OwnershipRecord} from '@tandem/contract';
import type {KillMode} from './ownership-control.ts';

/** Where a partition stands: the last effect of it; null before the first. */
export interface Position {
  readonly causeSeq: number;
  readonly ordinal: number;
}

/** One effect that will be sent once this entry is on disk. */
export interface Intent extends Position {
  /** strictly rising over the whole journal */
  readonly no: number;
  readonly partition: string;
  readonly lane: Owner;
  /** digest of the payload */
  readonly hash: string;
  /** epoch of the reign that it belongs to */
  readonly epoch: number;
  /** released by legacy in the place of an owner that cannot finish */
  readonly fill: boolean;
}

/** Everything that the journal says. Order of keys is the order on disk. */
export type JournalRecord =
  /** a gate process began; `session` rises by one with each */
  | {readonly kind: 'open'; readonly session: number; readonly planHash: string}
  /** intents, and up to which intent the downstream confirmed */
  | {readonly kind: 'commit'; readonly confirmed: number; readonly intents: readonly Intent[]}
  /** a change of stage: all records together; `after` is the epoch that it was decided on, `epoch` the highest in force after it */
  | {
    readonly kind: 'ownership'; readonly after: number; readonly epoch: number; readonly stage: CanaryStage; readonly share: number; readonly nonce: string;
    readonly actor: string; readonly reason: string; readonly records: readonly OwnershipRecord[];
  }
  /** a partition whose last effects were in doubt after a crash: what stands is `position` */
  | {readonly kind: 'resolved'; readonly partition: string; readonly position: Position | null; readonly how: 'query' | 'resend'}
  /** nothing of this partition leaves any more; all later outputs of it are dropped by this record */
  | {readonly kind: 'halt'; readonly partition: string; readonly position: Position | null; readonly invariant: string; readonly reason: string}
  | {readonly kind: 'kill'; readonly mode: KillMode; readonly actor: string}
  /** an orderly end: nothing was in doubt */
  | {readonly kind: 'close'; readonly confirmed: number};

/** Digests come from outside: this file may not import any. Both are lower-case hex. */
export interface JournalDigest {
  /** 32 characters */
  hash(text: string): string;
  /** 8 characters */
  crc(text: string): string;
}

/** `prev` of the first line. */
export const CHAIN_START = '0'.repeat(32);
/** A longer line is refused when it is read; 256 intents with long names stay far below it. */
export const JOURNAL_LINE_CHARS_MAX = 256 * 1024;

/** A line as it stands on disk, without its line feed, and its link for the next one. */
export interface JournalLine {
  readonly text: string;
  readonly hash: string;
}

const INTENT_LANE: Readonly<Record<Owner, string>> = {legacy: 'l', candidate: 'c'};

/** Intents are tuples on disk: they are nearly all of the journal. */
function bodyText(record: JournalRecord): string {
  if (record.kind !== 'commit') return JSON.stringify(record);
  const intents = record.intents.map((item) =>
    [item.no, item.partition, item.causeSeq, item.ordinal, INTENT_LANE[item.lane], item.hash, item.epoch, item.fill ? 1 : 0]);
  return `{"kind":"commit","confirmed":${record.confirmed},"intents":${JSON.stringify(intents)}}`;
}

/** One line of journal.jsonl: `{"n":…,"prev":…,"hash":…,"crc":…,"body":…}`. The chain covers the bytes of the body as written. */
export function encodeJournalLine(record: JournalRecord, place: {readonly n: number; readonly prev: string}, digest: JournalDigest): JournalLine {
  const body = bodyText(record);
  const hash = digest.hash(`${place.n}\n${place.prev}\n${body}`);
  const head = `{"n":${place.n},"prev":"${place.prev}","hash":"${hash}"`;
  return {text: `${head},"crc":"${digest.crc(`${head}${body}`)}","body":${body}}`, hash};
}

const LINE = /^(\{"n":(\d{1,15}),"prev":"([0-9a-f]{32})","hash":"([0-9a-f]{32})"),"crc":"([0-9a-f]{8})","body":(\{.*\})\}$/;

export type DecodedLine =
  | {readonly ok: true; readonly record: JournalRecord; readonly hash: string}
  | {readonly ok: false; readonly reason: string};

/** Reads one line and checks its sum, its place, its link and its shape. */
export function decodeJournalLine(text: string, place: {readonly n: number; readonly prev: string}, digest: JournalDigest): DecodedLine {
  if (text.length > JOURNAL_LINE_CHARS_MAX) return {ok: false, reason: 'line too long'};
  const match = LINE.exec(text);
  if (match === null) return {ok: false, reason: 'not a journal line'};
  const [, head = '', n = '', prev = '', hash = '', crc = '', body = ''] = match;
  if (digest.crc(`${head}${body}`) !== crc) return {ok: false, reason: 'checksum does not fit'};
  if (Number(n) !== place.n) return {ok: false, reason: `record ${n} where ${place.n} belongs`};
  if (prev !== place.prev) return {ok: false, reason: 'chain broken: a record before this one was removed or changed'};
  if (digest.hash(`${n}\n${prev}\n${body}`) !== hash) return {ok: false, reason: 'hash does not fit'};
  const record = readBody(body);
  return record === null ? {ok: false, reason: 'unknown kind of record'} : {ok: true, record, hash};
}

function readBody(text: string): JournalRecord | null {
  // The sums fit, so we wrote it ourselves: what remains to refuse is a newer version of this program.
  let value: {kind?: unknown; intents?: unknown};
  try {
    value = JSON.parse(text) as typeof value;
  } catch {
    return null;
  }
  switch (value.kind) {
    case 'commit': return {...(value as Extract<JournalRecord, {kind: 'commit'}>), intents: readIntents(value.intents)};
    case 'open': case 'ownership': case 'resolved': case 'halt': case 'kill': case 'close': return value as JournalRecord;
    default: return null;
  }
}

type IntentTuple = [number, string, number, number, string, string, number, number];

function readIntents(value: unknown): Intent[] {
  return (value as IntentTuple[]).map(([no, partition, causeSeq, ordinal, lane, hash, epoch, fill]) =>
    ({no, partition, causeSeq, ordinal, lane: lane === 'c' ? 'candidate' as const : 'legacy' as const, hash, epoch, fill: fill === 1}));
}
