import {CodecError} from './codec-error.ts';
import {checkJson} from './json-check.ts';
import {TEXT_LIMITS} from './json-text.ts';
import type {OctetWriter} from './octet-codec.ts';
import {utf8Text} from './octet-cursor.ts';

/** JSON inside something else: its text is kept as it is, once it is sure that it is one value. */
export const jsonWriter: OctetWriter = (octets, out) => {
  if (octets.length > TEXT_LIMITS.bytesMax) throw new CodecError('size');
  const text = utf8Text(octets, 0);
  checkJson(text);
  out.value(text);
};

export const textWriter: OctetWriter = (octets, out) => { out.string(utf8Text(octets, 0)); };
export const bytesWriter: OctetWriter = (octets, out) => { out.bytes(octets); };
