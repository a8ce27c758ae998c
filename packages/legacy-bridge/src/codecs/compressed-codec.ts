import {constants, gunzipSync, inflateSync} from 'node:zlib';
import {CodecError} from './codec-error.ts';
import type {OctetWriter} from './octet-codec.ts';

/** Compressed octets may become at most so many times as many, so that a small message cannot cost much. */
const RATIO_MAX = 100;
/** below this size the ratio says nothing: a short repetitive message packs better than that */
const FREE_BYTES = 64 * 1024;

interface Inflated {
  readonly buffer: Buffer;
  readonly engine: {readonly bytesWritten: number};
}

/** zlib or gzip around another codec. One stream, whole, nothing behind it. */
export function compressedWriter(kind: 'zlib' | 'gzip', inner: OctetWriter, bytesMax: number): OctetWriter {
  return (octets, out) => { inner(inflated(kind, octets, bytesMax), out); };
}

/** What was packed, at most `bytesMax` octets of it. Throws CodecError. */
export function inflated(kind: 'zlib' | 'gzip', octets: Uint8Array, bytesMax: number): Uint8Array {
  const maxOutputLength = Math.min(bytesMax, Math.max(FREE_BYTES, octets.length * RATIO_MAX));
  let inflated: Inflated;
  try {
    inflated = (kind === 'zlib' ? inflateSync : gunzipSync)(octets, {maxOutputLength, info: true, finishFlush: constants.Z_FINISH}) as unknown as Inflated;
  } catch (error) {
    const tooLong = (error as {code?: unknown}).code === 'ERR_BUFFER_TOO_LARGE';
    throw new CodecError(tooLong ? (maxOutputLength === bytesMax ? 'size' : 'ratio') : 'compression');
  }
  if (inflated.engine.bytesWritten !== octets.length) throw new CodecError('trailing', inflated.engine.bytesWritten);
  const {buffer} = inflated;
  return new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.length);
}
