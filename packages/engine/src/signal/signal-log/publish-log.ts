import {Buffer} from 'node:buffer';
import {TandemError} from '@tandem/contract';
import type {ByteSource} from './byte-source.ts';
import {headerLength} from './log-header.ts';
import {BLOCK_MARK, FRAME_BYTES, HEAD_BYTES, PREAMBLE_BYTES, RECORD_BYTES, SEAL_BYTES, SEAL_MARK} from './log-layout.ts';
import type {ObjectStore} from './object-store.ts';

const INDEX_DIGITS = 10;
const HEAD_NAME = 'a-header';

/** The parts of a log in order: header, whole blocks, seal. What is still being written at the end is left for the next time. */
function* partsOf(source: ByteSource): Generator<{name: string; octets: Uint8Array}> {
  const length = headerLength(source.read(0, PREAMBLE_BYTES), source.name);
  yield {name: HEAD_NAME, octets: source.read(0, length)};
  let at = length;
  for (let index = 0; at + FRAME_BYTES <= source.sizeBytes; index++) {
    const frame = source.read(at, FRAME_BYTES);
    const view = new DataView(frame.buffer, frame.byteOffset, frame.byteLength);
    const isSeal = view.getUint32(0, true) === SEAL_MARK;
    if (!isSeal && view.getUint32(0, true) !== BLOCK_MARK) return;
    const size = isSeal ? SEAL_BYTES : FRAME_BYTES + view.getUint32(4, true) * RECORD_BYTES + HEAD_BYTES;
    if (at + size > source.sizeBytes) return;
    yield {name: isSeal ? 'c-seal' : `b-${String(index).padStart(INDEX_DIGITS, '0')}`, octets: source.read(at, size)};
    at += size;
  }
}

export interface Publication {
  readonly written: number;
  /** parts that were there already, octet for octet the same */
  readonly present: number;
}

/**
 * Copies a log into an object store, one object a block, in order, each written once. May be run again at any time and from anywhere: what is
 * there is compared, never replaced.
 * @param prefix name of the log in the store, without a slash at its end
 * @throws TandemError TDM-E434 when the store holds something else under a name
 */
export const publishLog = async (source: ByteSource, store: ObjectStore, prefix: string): Promise<Publication> => {
  let written = 0, present = 0;
  for (const {name, octets} of partsOf(source)) {
    const object = `${prefix}/${name}`;
    const copy = Buffer.from(octets);
    if (await store.putNew(object, copy)) {
      written++;
      continue;
    }
    const there = await store.get(object);
    if (there === null || !copy.equals(there)) {
      throw new TandemError({id: 'TDM-E434', kind: 'environment', what: 'the store holds another signal log under this name', where: object, seen: there === null ? 'the name is taken and cannot be read' : `${there.length} other octets`,
        fix: 'publish under another prefix, and find out which of the two was changed'});
    }
    present++;
  }
  return {written, present};
};

/** Puts a published log together again, to be verified like a file. */
export const fetchLog = async (store: ObjectStore, prefix: string): Promise<Uint8Array> => {
  const parts: Uint8Array[] = [];
  for (const name of await store.list(`${prefix}/`)) parts.push(await store.get(name) ?? new Uint8Array(0));
  return Buffer.concat(parts);
};
