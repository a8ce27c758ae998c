import {crc32} from './crc32.ts';
import {
  AT_CRC, AT_FLAGS, AT_KIND, AT_LENGTH, AT_MAGIC, AT_MONO, AT_SEQ, AT_SOURCE, HEADER_BYTES, ID_FIELD_BYTES, ID_TEXT_BYTES, KIND_TRAILER, MAGIC, padded, RECORDS_MAX,
  TRAILER_BYTES, writeU64,
} from './record-layout.ts';

/** What every record of a frame shares until it is changed. */
export interface FrameStamp {
  srcId: number;
  /** CLOCK_MONOTONIC, exact below 2^53 */
  readonly monoNs: Float64Array;
}

const TRAILER_LAST_SEQ = 0;
const TRAILER_COUNT = 1;
const TRAILER_BYTE_SUM = 2;

/**
 * Appends records to a buffer of the caller: `open` a record, write its payload through `view` from `payload`, `close` it.
 * The caller keeps FRAME_BYTES_MAX free behind the start of each frame and starts a new one when `isFull`.
 */
export class FrameWriter {
  view: DataView = new DataView(new ArrayBuffer(0));
  bytes: Uint8Array = new Uint8Array(0);
  readonly stamp: FrameStamp = {srcId: 0, monoNs: new Float64Array(1)};
  /** records in the frame in hand, trailers included */
  count = 0;
  /** end of the frame in hand */
  at = 0;
  /** start of the open record's payload, and end of what has been written of it */
  payload = 0;
  private record = 0;
  /** over all frames: highest seq, records and octets without trailers */
  private readonly sums: Float64Array = new Float64Array(3);

  use(bytes: Uint8Array, at: number): void {
    if (bytes !== this.bytes) {
      this.bytes = bytes;
      this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    }
    this.at = at;
    this.count = 0;
  }

  get isFull(): boolean {
    return this.count >= RECORDS_MAX;
  }

  /** Starts a record of `payloadBytes` zeroed octets; its seq stands at `numbers[place]`. */
  open(kind: number, payloadBytes: number, numbers: Float64Array, place: number): void {
    const {view, bytes} = this;
    const at = this.at;
    this.record = at;
    this.payload = at + HEADER_BYTES;
    // eight octets a store: the runtime's own fill costs a call, and records are short
    for (let word = this.payload; word < this.payload + payloadBytes; word += 8) view.setFloat64(word, 0, true);
    view.setUint16(at + AT_MAGIC, MAGIC, true);
    bytes[at + AT_KIND] = kind;
    bytes[at + AT_FLAGS] = 0;
    view.setUint32(at + AT_LENGTH, payloadBytes, true);
    writeU64(view, at + AT_SEQ, numbers, place);
    writeU64(view, at + AT_MONO, this.stamp.monoNs, 0);
    view.setUint32(at + AT_SOURCE, this.stamp.srcId, true);
    if (kind !== KIND_TRAILER && numbers[place]! > this.sums[TRAILER_LAST_SEQ]!) this.sums[TRAILER_LAST_SEQ] = numbers[place]!;
  }

  /** Writes an id field at an offset of the payload. */
  id(offset: number, from: Uint8Array, start: number, length: number): void {
    const {bytes} = this;
    const at = this.payload + offset;
    for (let i = 0; i < length; i++) bytes[at + i] = from[start + i]!;
    bytes[at + ID_TEXT_BYTES] = length;
  }

  /** Appends a name behind the payload written so far and sets its flag. */
  name(flag: number, from: Uint8Array, start: number, length: number): void {
    const {bytes, view} = this;
    const payloadBytes = view.getUint32(this.record + AT_LENGTH, true);
    const end = this.payload + payloadBytes;
    for (let word = end; word < end + ID_FIELD_BYTES; word += 8) view.setFloat64(word, 0, true);
    this.id(payloadBytes, from, start, length);
    view.setUint32(this.record + AT_LENGTH, payloadBytes + ID_FIELD_BYTES, true);
    bytes[this.record + AT_FLAGS]! |= flag;
  }

  /** Ends the record: checksum, sums, and the frame ends behind it. */
  close(): void {
    const {view, record} = this;
    const payloadBytes = view.getUint32(record + AT_LENGTH, true);
    const crc = crc32(view, this.payload, this.payload + payloadBytes, crc32(view, record, record + AT_CRC, 0));
    view.setInt32(record + AT_CRC, crc, true);
    this.at = this.payload + padded(payloadBytes);
    this.count++;
    if (this.bytes[record + AT_KIND] === KIND_TRAILER) return;
    this.sums[TRAILER_COUNT]! += 1;
    this.sums[TRAILER_BYTE_SUM]! += this.at - record;
  }

  /** Appends a trailer: what was sent so far, so that a loss at the end shows. */
  trailer(epoch: number): void {
    this.open(KIND_TRAILER, TRAILER_BYTES, this.sums, TRAILER_LAST_SEQ);
    this.view.setUint32(this.payload, epoch, true);
    writeU64(this.view, this.payload + 8, this.sums, TRAILER_LAST_SEQ);
    writeU64(this.view, this.payload + 16, this.sums, TRAILER_COUNT);
    writeU64(this.view, this.payload + 24, this.sums, TRAILER_BYTE_SUM);
    this.close();
  }
}
