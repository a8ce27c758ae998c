import {Buffer} from 'node:buffer';
import {createHash} from 'node:crypto';
import {closeSync, constants, fsyncSync, openSync, writeSync} from 'node:fs';
import {TandemError} from '@tandem/contract';
import {encodeHeader, type SignalLogHeader} from './log-header.ts';
import {
  BLOCK_MARK, EVENT_AT, FRAME_BYTES, GENERATED_AT, HEAD_BYTES, PRICE_AT, putU64, RECORD_BYTES, SEAL_BYTES, SEAL_MARK, SEQ_AT, SYMBOL_AT, VALUE_AT,
} from './log-layout.ts';

/** A head as it is told to a witness: whoever holds it can tell a log that was written anew. */
export interface PublishedHead {
  readonly blocks: number;
  readonly records: number;
  readonly head: string;
}

export interface SignalLogOptions {
  /** microseconds since 1970 now; never asked in a simulated log */
  readonly nowUs: () => number;
  /** told after each block is on its way to the disk */
  readonly onHead: ((head: PublishedHead) => void) | null;
  /** wait for the disk after each block; else at the end only */
  readonly syncEachBlock: boolean;
}

/**
 * Appends signals at the moment in which they arise. A record costs no allocation; a block is hashed and written at once when it is full.
 * Times of generation never fall, even when the clock is set back.
 */
export class SignalLogWriter {
  private readonly file: string;
  private readonly fd: number;
  private readonly header: SignalLogHeader;
  private readonly options: SignalLogOptions;
  private readonly block: Buffer;
  private readonly view: DataView;
  private head: Uint8Array;
  private count = 0;
  private blocks = 0;
  private nextSeq: number;
  private lastUs = 0;
  private isClosed = false;

  /**
   * Makes the file; one that exists is never touched.
   * @throws TandemError TDM-E431
   */
  constructor(file: string, header: SignalLogHeader, options: SignalLogOptions) {
    this.file = file;
    this.header = header;
    this.options = options;
    this.nextSeq = header.firstSeq;
    this.block = Buffer.alloc(FRAME_BYTES + header.blockRecords * RECORD_BYTES + HEAD_BYTES);
    this.view = new DataView(this.block.buffer, this.block.byteOffset, this.block.byteLength);
    this.view.setUint32(0, BLOCK_MARK, true);
    const {octets, head} = encodeHeader(header);
    this.head = head;
    try {
      this.fd = openSync(file, constants.O_CREAT | constants.O_EXCL | constants.O_APPEND | constants.O_WRONLY, 0o640);
    } catch (cause) {
      throw this.refusal(cause);
    }
    this.write(octets);
  }

  /** records so far */
  get records(): number {
    return this.nextSeq - this.header.firstSeq;
  }

  /**
   * Appends one signal.
   * @param eventUs time of the bar or tick that it rests on
   * @returns its time of generation, µs
   * @throws TandemError TDM-E431 when the disk refuses the block that this record fills
   */
  append(eventUs: number, symbol: number, value: number, price: number): number {
    const {view} = this;
    const at = FRAME_BYTES + this.count * RECORD_BYTES;
    const nowUs = this.header.arrivalDelayUs === null ? Math.floor(this.options.nowUs()) : eventUs + this.header.arrivalDelayUs;
    if (nowUs > this.lastUs) this.lastUs = nowUs;
    putU64(view, at + EVENT_AT, eventUs);
    putU64(view, at + GENERATED_AT, this.lastUs);
    putU64(view, at + SYMBOL_AT, symbol);
    putU64(view, at + SEQ_AT, this.nextSeq);
    view.setFloat64(at + VALUE_AT, value, true);
    view.setFloat64(at + PRICE_AT, price, true);
    this.nextSeq++;
    this.count++;
    if (this.count === this.header.blockRecords) this.flush();
    return this.lastUs;
  }

  /** Closes the block in hand, also when it is not full. For moments without work. */
  flush(): void {
    if (this.count === 0) return;
    const end = FRAME_BYTES + this.count * RECORD_BYTES;
    this.view.setUint32(4, this.count, true);
    this.view.setUint32(8, this.blocks, true);
    this.head = createHash('sha256').update(this.head).update(this.block.subarray(0, end)).digest();
    this.block.set(this.head, end);
    this.write(this.block.subarray(0, end + HEAD_BYTES));
    this.count = 0;
    this.blocks++;
    if (this.options.syncEachBlock) fsyncSync(this.fd);
    this.options.onHead?.({blocks: this.blocks, records: this.records, head: Buffer.from(this.head).toString('hex')});
  }

  /** Flushes, seals and closes: from then on a missing end is seen without a witness. @returns the last head, hex */
  close(): string {
    if (this.isClosed) return Buffer.from(this.head).toString('hex');
    this.flush();
    this.isClosed = true;
    const seal = Buffer.alloc(SEAL_BYTES);
    seal.writeUInt32LE(SEAL_MARK, 0);
    seal.writeUInt32LE(this.blocks, 8);
    seal.writeBigUInt64LE(BigInt(this.records), FRAME_BYTES);
    createHash('sha256').update(this.head).update(seal.subarray(0, FRAME_BYTES + 8)).digest().copy(seal, FRAME_BYTES + 8);
    this.write(seal);
    fsyncSync(this.fd);
    closeSync(this.fd);
    return Buffer.from(this.head).toString('hex');
  }

  private write(octets: Uint8Array): void {
    try {
      let at = 0;
      while (at < octets.length) at += writeSync(this.fd, octets, at);
    } catch (cause) {
      throw this.refusal(cause);
    }
  }

  private refusal(cause: unknown): TandemError {
    return new TandemError({id: 'TDM-E431', kind: 'environment', what: 'the signal log cannot be written', where: this.file, seen: cause instanceof Error ? cause.message : String(cause),
      fix: 'give another path; a log that exists is never continued in place'}, {cause});
  }
}
