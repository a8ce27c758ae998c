import {Buffer} from 'node:buffer';
import {createHash} from 'node:crypto';
import type {ByteSource} from './byte-source.ts';
import {decodeHeader, headerLength, type SignalLogHeader} from './log-header.ts';
import {
  BLOCK_MARK, EVENT_AT, FRAME_BYTES, GENERATED_AT, getU64, HEAD_BYTES, HEADER_BYTES_MAX, PREAMBLE_BYTES, PRICE_AT, RECORD_BYTES, SEAL_BYTES, SEAL_MARK, SEQ_AT, SYMBOL_AT, VALUE_AT,
} from './log-layout.ts';
import type {PublishedHead} from './log-writer.ts';

export type LogProblemKind = 'tampered' | 'torn' | 'order' | 'time' | 'symbol' | 'witness' | 'after-seal';

export interface LogProblem {
  readonly kind: LogProblemKind;
  /** octet at which it was seen */
  readonly at: number;
  readonly block: number;
  readonly what: string;
}

/** What a signal log is worth. `inconclusive`: nothing is wrong, but its end is neither sealed nor witnessed, so records may be missing there. */
export interface LogVerdict {
  readonly outcome: 'pass' | 'fail' | 'inconclusive';
  readonly header: SignalLogHeader;
  readonly records: number;
  readonly blocks: number;
  /** hex, after the last good block */
  readonly head: string;
  readonly isSealed: boolean;
  /** published heads that were held against the file */
  readonly witnessed: number;
  /** at most 20 */
  readonly problems: readonly LogProblem[];
}

/** One record, reused: whoever keeps it copies it. */
export interface SignalRecord {
  eventUs: number;
  generatedUs: number;
  symbol: number;
  seq: number;
  value: number;
  price: number;
}

const PROBLEMS_MAX = 20;

/** Reads a log from its first octet, holds every rule against it and hands each record of a good block to `onRecord`. */
export class LogVerifier {
  private readonly source: ByteSource;
  private readonly heads: ReadonlyMap<number, PublishedHead>;
  private readonly onRecord: ((record: SignalRecord) => void) | null;
  private readonly problems: LogProblem[] = [];
  private readonly record: SignalRecord = {eventUs: 0, generatedUs: 0, symbol: 0, seq: 0, value: 0, price: 0};
  private header!: SignalLogHeader;
  private head!: Uint8Array;
  private blocks = 0;
  private records = 0;
  private lastUs = 0;
  private witnessed = 0;

  /** @param heads what was published about this log elsewhere; empty when nothing was */
  constructor(source: ByteSource, heads: readonly PublishedHead[], onRecord: ((record: SignalRecord) => void) | null = null) {
    this.source = source;
    this.heads = new Map(heads.map((head) => [head.blocks, head]));
    this.onRecord = onRecord;
  }

  /** @throws TandemError TDM-E430 when it is no signal log at all */
  verify(): LogVerdict {
    const {source} = this;
    const length = headerLength(source.read(0, PREAMBLE_BYTES), source.name);
    const octets = source.read(0, Math.min(length, PREAMBLE_BYTES + HEADER_BYTES_MAX));
    const {header, head} = decodeHeader(octets, source.name);
    this.header = header;
    this.head = head;
    let at = length;
    let isSealed = false;
    while (at < source.sizeBytes && this.problems.length === 0) {
      const frame = source.read(at, FRAME_BYTES);
      if (frame.length < FRAME_BYTES) {
        this.say('torn', at, `${source.sizeBytes - at} octets are left, less than a block`);
        break;
      }
      const mark = viewOf(frame).getUint32(0, true);
      if (mark === SEAL_MARK) {
        isSealed = this.seal(at);
        at += SEAL_BYTES;
        if (isSealed && at < source.sizeBytes) this.say('after-seal', at, `${source.sizeBytes - at} octets follow the seal`);
        break;
      }
      at += this.block(at, mark);
    }
    this.missingBlocks();
    const isKnownToEnd = isSealed || [...this.heads.keys()].some((blocks) => blocks === this.blocks);
    const outcome = this.problems.length > 0 ? 'fail' : isKnownToEnd ? 'pass' : 'inconclusive';
    return {outcome, header, records: this.records, blocks: this.blocks, head: Buffer.from(this.head).toString('hex'), isSealed, witnessed: this.witnessed, problems: this.problems};
  }

  private block(at: number, mark: number): number {
    const {source, header} = this;
    const frame = viewOf(source.read(at, FRAME_BYTES));
    const [count, index, zero] = [frame.getUint32(4, true), frame.getUint32(8, true), frame.getUint32(12, true)];
    if (mark !== BLOCK_MARK || count === 0 || count > header.blockRecords || zero !== 0) {
      this.say('tampered', at, 'no block begins where one must');
      return 0;
    }
    if (index !== this.blocks) this.say('order', at, `block ${index} stands where ${this.blocks} must`);
    const end = FRAME_BYTES + count * RECORD_BYTES;
    const octets = source.read(at, end + HEAD_BYTES);
    if (octets.length < end + HEAD_BYTES) {
      this.say('torn', at, `the block ends after ${octets.length} of ${end + HEAD_BYTES} octets`);
      return 0;
    }
    const head = createHash('sha256').update(this.head).update(octets.subarray(0, end)).digest();
    if (!head.equals(octets.subarray(end))) {
      this.say('tampered', at, 'its hash does not follow from what stands before it');
      return 0;
    }
    this.head = head;
    this.readRecords(octets, at, count);
    this.blocks++;
    this.witness(at, head);
    return end + HEAD_BYTES;
  }

  private readRecords(octets: Uint8Array, at: number, count: number): void {
    const view = viewOf(octets);
    const {record, header} = this;
    for (let i = 0; i < count; i++) {
      const from = FRAME_BYTES + i * RECORD_BYTES;
      record.eventUs = getU64(view, from + EVENT_AT);
      record.generatedUs = getU64(view, from + GENERATED_AT);
      record.symbol = getU64(view, from + SYMBOL_AT);
      record.seq = getU64(view, from + SEQ_AT);
      record.value = view.getFloat64(from + VALUE_AT, true);
      record.price = view.getFloat64(from + PRICE_AT, true);
      const wanted = header.firstSeq + this.records;
      if (record.seq !== wanted) this.say('order', at + from, `seq ${record.seq} stands where ${wanted} must`);
      if (record.generatedUs <= record.eventUs) this.say('time', at + from, `seq ${record.seq} was generated at ${record.generatedUs} µs, not after its event at ${record.eventUs} µs`);
      if (record.generatedUs < this.lastUs) this.say('time', at + from, `seq ${record.seq} was generated before the one before it`);
      if (record.symbol >= header.symbols.length) this.say('symbol', at + from, `symbol ${record.symbol} has no name in the header`);
      this.lastUs = record.generatedUs;
      this.records++;
      this.onRecord?.(record);
    }
  }

  private seal(at: number): boolean {
    const octets = this.source.read(at, SEAL_BYTES);
    if (octets.length < SEAL_BYTES) {
      this.say('torn', at, 'the seal is cut');
      return false;
    }
    const view = viewOf(octets);
    const hash = createHash('sha256').update(this.head).update(octets.subarray(0, FRAME_BYTES + 8)).digest();
    const fits = hash.equals(octets.subarray(FRAME_BYTES + 8)) && view.getUint32(8, true) === this.blocks && getU64(view, FRAME_BYTES) === this.records;
    if (!fits) this.say('tampered', at, `the seal names ${view.getUint32(8, true)} blocks and ${getU64(view, FRAME_BYTES)} records; ${this.blocks} and ${this.records} are here`);
    return fits;
  }

  private witness(at: number, head: Buffer): void {
    const told = this.heads.get(this.blocks);
    if (told === undefined) return;
    this.witnessed++;
    if (told.head !== head.toString('hex') || told.records !== this.records) this.say('witness', at, `the head published after block ${this.blocks} is another one: this log was written anew`);
  }

  private missingBlocks(): void {
    const most = Math.max(0, ...this.heads.keys());
    if (most > this.blocks && this.problems.length === 0) this.say('witness', this.source.sizeBytes, `${most} blocks were published, ${this.blocks} are here`);
  }

  private say(kind: LogProblemKind, at: number, what: string): void {
    if (this.problems.length < PROBLEMS_MAX) this.problems.push({kind, at, block: this.blocks, what});
  }
}

const viewOf = (octets: Uint8Array): DataView => new DataView(octets.buffer, octets.byteOffset, octets.byteLength);
