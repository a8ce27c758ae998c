import type {PayloadCodec} from '@tandem/contract';
import {CodecError} from './codec-error.ts';
import {decoded, writeFrame, type OctetWriter} from './octet-codec.ts';

/** A codec for each frame: a list, or an object when the parts have names. Another number of frames is a fault. */
export function multipartCodec(parts: readonly {readonly key: string | null; readonly write: OctetWriter}[]): PayloadCodec {
  const named = parts.some(({key}) => key !== null);
  return {
    name: 'multipart', allFrames: true,
    decode: (frames) => decoded((out) => {
      if (frames.length !== parts.length) throw new CodecError('parts');
      if (named) out.beginObject();
      else out.beginArray();
      parts.forEach(({key, write}, index) => {
        if (key !== null) out.key(key);
        writeFrame(write, frames[index] as Uint8Array, out);
      });
      if (named) out.endObject();
      else out.endArray();
    }),
  };
}
