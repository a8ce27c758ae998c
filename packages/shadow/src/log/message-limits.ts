import {LOG_FORMAT, type CapturedMessage} from '@tandem/contract';
import type {PackedMessage} from '../flow/packed-message.ts';
import {packedSize, recordSize} from './chunk-builder.ts';
import {IDENTITY_BYTES_MAX, STREAM_LENGTH_MAX} from './mcap-layout.ts';

/** Octets that a message takes in a chunk; 0 when it is not within the limits of the log. */
export function sizeOf(message: CapturedMessage): number {
  const {frames, identity} = message;
  const identityBytes = identity === '' ? 0 : Buffer.byteLength(identity);
  return mayKeep(message, frames.length, identityBytes) ? within(recordSize(frames, identityBytes)) : 0;
}

/** The same for a packed one. */
export function sizeOfPacked(message: PackedMessage): number {
  return mayKeep(message, message.partCount, message.identityBytes) ? within(packedSize(message)) : 0;
}

function mayKeep({stream, seq, tMonoNs, epoch}: CapturedMessage | PackedMessage, partCount: number, identityBytes: number): boolean {
  if (partCount === 0 || partCount > LOG_FORMAT.partsMax || !(seq > 0) || !Number.isSafeInteger(seq)) return false;
  if (!Number.isSafeInteger(tMonoNs) || tMonoNs < 0 || epoch >>> 0 !== epoch) return false;
  return identityBytes <= IDENTITY_BYTES_MAX && stream.length > 0 && stream.length <= STREAM_LENGTH_MAX;
}

function within(size: number): number {
  return size > LOG_FORMAT.messageBytesMax ? 0 : size;
}
