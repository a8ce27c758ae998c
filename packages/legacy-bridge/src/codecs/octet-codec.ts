import type {DecodedPayload, PayloadCodec} from '@tandem/contract';
import {CodecError} from './codec-error.ts';
import {JsonText} from './json-text.ts';

/** Writes one JSON value for the octets of one frame, or throws a CodecError. */
export type OctetWriter = (octets: Uint8Array, out: JsonText) => void;

const NOTHING = new Uint8Array(0);

/** A longer frame is a fault before it is looked at: its text could not be kept anyway, and what reading it costs must be bounded. */
export const FRAME_BYTES_MAX = 4 * 1024 * 1024;

/** A codec of the last frame of a message. */
export function payloadCodec(name: string, write: OctetWriter): PayloadCodec {
  return {name, allFrames: false, decode: (frames) => decoded((out) => { writeFrame(write, frames.at(-1) ?? NOTHING, out); })};
}

export function writeFrame(write: OctetWriter, octets: Uint8Array, out: JsonText): void {
  if (octets.length > FRAME_BYTES_MAX) throw new CodecError('size');
  write(octets, out);
}

/** Runs a writer; every fault becomes a value. */
export function decoded(write: (out: JsonText) => void): DecodedPayload {
  const out = new JsonText();
  try {
    write(out);
    return {text: out.take(), fault: null};
  } catch (error) {
    // Anything else is a mistake in a codec. It must not end a live session; the tests demand that it never occurs.
    return {text: null, fault: error instanceof CodecError ? {kind: error.kind, at: error.at} : {kind: 'defect', at: -1}};
  }
}
