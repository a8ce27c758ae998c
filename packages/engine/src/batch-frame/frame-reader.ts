import {OrderEvent} from '../order/order-event.ts';
import type {NameTable} from '../order/name-table.ts';
import {crc32} from './crc32.ts';
import {RecordDecode} from './record-decode.ts';
import {
  AT_CRC, AT_FLAGS, AT_KIND, AT_LENGTH, AT_MAGIC, AT_SOURCE, FLAG_ACCOUNT_NAME, FLAG_SYMBOL_NAME, FRAME_BYTES_MAX, HEADER_BYTES, ID_FIELD_BYTES, KIND_TRAILER, MAGIC,
  padded, PAYLOAD_BYTES_MAX, RECORDS_MAX, TRAILER_BYTES,
} from './record-layout.ts';
import {RECORD_PLANS} from './record-plan.ts';

/** payload octets without names, and flags, by kind; -1 = unknown kind */
const baseBytes = new Int32Array(256).fill(-1);
const flagsAllowed = new Uint8Array(256);
for (const [kind, {bytes, flags}] of RECORD_PLANS) {
  baseBytes[kind] = bytes;
  flagsAllowed[kind] = flags;
}
baseBytes[KIND_TRAILER] = TRAILER_BYTES;

/** What was counted instead of answered. */
export interface FrameCounts {
  readonly frames: number;
  readonly records: number;
  readonly trailers: number;
  /** records dropped; the borders of what follows were still known */
  readonly badRecords: number;
  /** frames whose rest was dropped, once each */
  readonly lostRests: number;
  /** records behind the 64th */
  readonly crowded: number;
}

/**
 * Takes batch frames apart. A frame is copied once into a buffer of our own, so that records are read by one view, in place, and no
 * receive buffer is held. Whatever the octets are, nothing is thrown and no octet outside the frame is read.
 */
export class FrameReader {
  /** the record in hand, valid inside the callback */
  readonly event: OrderEvent = new OrderEvent();
  /** srcId of the record in hand */
  source = 0;
  private frames = 0;
  private records = 0;
  private trailers = 0;
  private badRecords = 0;
  private lostRests = 0;
  private crowded = 0;
  private readonly bytes: Uint8Array = new Uint8Array(FRAME_BYTES_MAX);
  private readonly view: DataView = new DataView(this.bytes.buffer);
  private readonly recordDecode: RecordDecode;

  constructor(names: {accounts: NameTable; symbols: NameTable}) {
    this.recordDecode = new RecordDecode(this.bytes, {event: this.event, ...names});
  }

  get counts(): FrameCounts {
    const {frames, records, trailers, badRecords, lostRests, crowded} = this;
    return {frames, records, trailers, badRecords, lostRests, crowded};
  }

  /** Hands every good record to `accept`, in order. */
  read(frame: Uint8Array, accept: (event: OrderEvent) => void): void {
    this.frames++;
    const length = Math.min(frame.length, FRAME_BYTES_MAX);
    this.bytes.set(frame.length > FRAME_BYTES_MAX ? frame.subarray(0, FRAME_BYTES_MAX) : frame);
    let at = 0;
    for (let record = 0; at < length; record++) {
      if (record === RECORDS_MAX) {
        this.crowded++;
        return;
      }
      const next = this.borderOf(at, length);
      if (next < 0) {
        this.lostRests++;
        return;
      }
      if (this.isGood(at)) {
        this.hand(at, accept);
      } else {
        this.badRecords++;
        if (next !== length && !(next + 2 <= length && this.view.getUint16(next + AT_MAGIC, true) === MAGIC)) {
          this.lostRests++;
          return;
        }
      }
      at = next;
    }
  }

  private hand(at: number, accept: (event: OrderEvent) => void): void {
    const kind = this.view.getUint8(at + AT_KIND);
    if (kind === KIND_TRAILER) {
      this.trailers++;
      return;
    }
    this.records++;
    this.source = this.view.getUint32(at + AT_SOURCE, true);
    this.recordDecode.decode(at, baseBytes[kind]!);
    accept(this.event);
  }

  /** Where the next record starts, -1 when that cannot be known. */
  private borderOf(at: number, length: number): number {
    const {view} = this;
    if (at + HEADER_BYTES > length || view.getUint16(at + AT_MAGIC, true) !== MAGIC) return -1;
    const payload = view.getUint32(at + AT_LENGTH, true);
    if (payload > PAYLOAD_BYTES_MAX) return -1;
    const next = at + HEADER_BYTES + padded(payload);
    return next > length ? -1 : next;
  }

  /** Kind, flags, length and checksum. */
  private isGood(at: number): boolean {
    const {view} = this;
    const kind = view.getUint8(at + AT_KIND);
    const flags = view.getUint8(at + AT_FLAGS);
    const payload = view.getUint32(at + AT_LENGTH, true);
    if (baseBytes[kind]! < 0 || (flags & ~flagsAllowed[kind]!) !== 0) return false;
    const names = ((flags & FLAG_ACCOUNT_NAME) !== 0 ? ID_FIELD_BYTES : 0) + ((flags & FLAG_SYMBOL_NAME) !== 0 ? ID_FIELD_BYTES : 0);
    if (payload !== baseBytes[kind]! + names) return false;
    const crc = view.getInt32(at + AT_CRC, true);
    if (crc === 0) return true;
    return crc32(view, at + HEADER_BYTES, at + HEADER_BYTES + payload, crc32(view, at, at + AT_CRC, 0)) === crc;
  }
}
