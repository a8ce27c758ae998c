import type {PayloadCodec} from '@tandem/contract';
import {TopLevelScanner} from '../flow/bounded-json/top-level-scanner.ts';

/** Reads a publisher's own number out of a message; null when it has none. Must rise by one from message to message. */
export type SourceSequence = (frames: readonly Uint8Array[]) => number | null;

/** A number in a JSON payload (the last part), by JSON pointer, for example `/msgSeqNum`; or in what a codec makes of a message. */
export function sequenceAtPointer(pointer: string, codec: PayloadCodec | null = null): SourceSequence {
  const scanner = new TopLevelScanner([pointer]);
  return (frames) => {
    const payload = codec === null ? frames.at(-1) : codec.decode(frames).text;
    if (payload === undefined || payload === null || !scanner.find(payload)) return null;
    const value = scanner.integer(0);
    return value < 0 ? null : value;
  };
}

/** An unsigned little or big endian integer at a fixed place of one part; u64 must be below 2^53. */
export function sequenceAtOffset(place: {readonly part: number; readonly offset: number; readonly bytes: 4 | 8; readonly endian: 'little' | 'big'}): SourceSequence {
  const {part, offset, bytes, endian} = place;
  const little = endian === 'little';
  return (frames) => {
    const frame = frames.at(part);
    if (frame === undefined || frame.byteLength < offset + bytes) return null;
    const view = new DataView(frame.buffer, frame.byteOffset + offset, bytes);
    if (bytes === 4) return view.getUint32(0, little);
    const value = view.getUint32(little ? 4 : 0, little) * 0x1_0000_0000 + view.getUint32(little ? 0 : 4, little);
    return Number.isSafeInteger(value) ? value : null;
  };
}
