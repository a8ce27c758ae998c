import {LOG_FORMAT} from '@tandem/contract';
import {CHUNK_FIELDS, getU64, OP} from './mcap-layout.ts';

/** A chunk of ours holds at most one message of the greatest size and what belongs to it. */
const CHUNK_RECORDS_MAX = LOG_FORMAT.messageBytesMax + 1024 * 1024;
const SMALL_RECORD_MAX = 1024 * 1024;

/** Octets of the records of the chunk whose head stands at `at`; -1 when its lengths do not agree or it is compressed. */
export function chunkRecordsSize(view: DataView, at: number): number {
  const records = getU64(view, at + 41);
  const agrees = getU64(view, at + 1) === records + CHUNK_FIELDS && getU64(view, at + 25) === records && view.getUint32(at + 37, true) === 0;
  return agrees && records <= CHUNK_RECORDS_MAX ? records : -1;
}

/** The length that a message index states twice, for its record and for its entries, agrees. Needs 15 octets at `at`. */
export function messageIndexAgrees(view: DataView, at: number): boolean {
  return getU64(view, at + 1) === 6 + view.getUint32(at + 11, true);
}

/** True for records that carry nothing which the reader needs, of a size that they can have. */
export function isSkippable(opcode: number, size: number): boolean {
  switch (opcode) {
    case OP.dataEnd: return size === 4;
    case OP.summaryOffset: return size === 17;
    case OP.messageIndex: return size >= 6 && (size - 6) % 16 === 0 && size <= SMALL_RECORD_MAX;
    case OP.chunkIndex: case OP.statistics: case OP.metadataIndex: case OP.channel: case OP.schema: case OP.header:
      return size <= SMALL_RECORD_MAX;
    default: return false;
  }
}
