import {Buffer} from 'node:buffer';
import {FrameWriter} from '../src/batch-frame/frame-writer.ts';
import {encodeInput} from '../src/batch-frame/input-encode.ts';
import {FRAME_BYTES_MAX} from '../src/batch-frame/record-layout.ts';
import {JsonDecoder} from '../src/order/json/json-decode.ts';
import type {NameTable} from '../src/order/name-table.ts';

/** Packs JSON messages into batch frames of `records` records each. */
export const toFrames = (messages: readonly Uint8Array[], names: {accounts: NameTable; symbols: NameTable}, records: number): readonly Uint8Array[] => {
  const decoder = new JsonDecoder(names);
  const writer = new FrameWriter();
  const buffer = new Uint8Array(FRAME_BYTES_MAX);
  const frames: Uint8Array[] = [];
  writer.use(buffer, 0);
  const flush = (): void => {
    if (writer.count > 0) frames.push(Buffer.from(buffer.subarray(0, writer.at)));
    writer.use(buffer, 0);
  };
  for (const message of messages) {
    encodeInput(writer, decoder.decode(message));
    if (writer.count === records) flush();
  }
  flush();
  return frames;
};
