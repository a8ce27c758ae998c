import type {CodecSpec, PayloadCodec} from '@tandem/contract';
import {binaryWriter} from './binary-codec.ts';
import {compressedWriter} from './compressed-codec.ts';
import {delimitedWriter} from './delimited-codec.ts';
import {msgpackWriter} from './msgpack-codec.ts';
import {multipartCodec} from './multipart-codec.ts';
import {payloadCodec, type OctetWriter} from './octet-codec.ts';
import {pickleWriter} from './pickle/pickle-codec.ts';
import {bytesWriter, jsonWriter, textWriter} from './plain-codecs.ts';

/** Longest text of a codec's name. */
const NAME_MAX = 60;
const NOTHING = new Uint8Array(0);

/** The codec that a migration file describes. */
export function codecOf(spec: CodecSpec): PayloadCodec {
  // the payload is the text: whoever reads it says what is wrong with it
  if (spec.name === 'json') return {name: 'json', allFrames: false, decode: (frames) => ({text: frames.at(-1) ?? NOTHING, fault: null})};
  if (spec.name === 'multipart') return multipartCodec(spec.parts.map(({key, codec}) => ({key, write: writerOf(codec)})));
  return payloadCodec(codecName(spec), writerOf(spec));
}

/** For people: `zlib of pickle`. */
export function codecName(spec: CodecSpec): string {
  const names: string[] = [];
  for (let one: CodecSpec | null = spec; one !== null; one = one.name === 'zlib' || one.name === 'gzip' ? one.inner : null) names.push(one.name);
  return names.join(' of ').slice(0, NAME_MAX);
}

function writerOf(spec: CodecSpec): OctetWriter {
  switch (spec.name) {
    case 'json': return jsonWriter;
    case 'raw': return bytesWriter;
    case 'text': return textWriter;
    case 'msgpack': return msgpackWriter(spec.keys);
    case 'pickle': return pickleWriter(spec.keys);
    case 'zlib': case 'gzip': return compressedWriter(spec.name, writerOf(spec.inner), spec.bytesMax);
    case 'delimited': return delimitedWriter(spec);
    case 'binary': return binaryWriter(spec);
    // a message has frames, a frame has none: the schema of migration files does not let it stand here
    case 'multipart': return bytesWriter;
  }
}
