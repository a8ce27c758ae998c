import {Buffer} from 'node:buffer';
import {closeSync, fstatSync, openSync, readSync} from 'node:fs';
import {TandemError} from '@tandem/contract';

/** Octets that can be asked for by position: a file, or a buffer. */
export interface ByteSource {
  readonly name: string;
  readonly sizeBytes: number;
  /** At most `length` octets from `at`; fewer at the end. Valid until the next call. */
  read(at: number, length: number): Uint8Array;
  close(): void;
}

export const memorySource = (octets: Uint8Array, name = 'memory'): ByteSource => ({
  name, sizeBytes: octets.length, read: (at, length) => octets.subarray(at, at + length), close: () => undefined,
});

/** @throws TandemError TDM-E432 when the file cannot be opened */
export const fileSource = (file: string): ByteSource => {
  let fd: number;
  try {
    fd = openSync(file, 'r');
  } catch (cause) {
    throw new TandemError({id: 'TDM-E432', kind: 'usage', what: 'the file cannot be opened', where: file, seen: cause instanceof Error ? cause.message : String(cause), fix: 'check its path and that it may be read'}, {cause});
  }
  let buffer = Buffer.alloc(64 * 1024);
  return {
    name: file, sizeBytes: fstatSync(fd).size,
    read(at, length) {
      if (buffer.length < length) buffer = Buffer.alloc(length);
      let got = 0;
      while (got < length) {
        const read = readSync(fd, buffer, got, length - got, at + got);
        if (read === 0) break;
        got += read;
      }
      return buffer.subarray(0, got);
    },
    close: () => { closeSync(fd); },
  };
};

/**
 * A log as a store gave it, put together again.
 * @throws TandemError TDM-E432 when the store had nothing of this name
 */
export const storedSource = (octets: Uint8Array, name: string): ByteSource => {
  if (octets.length > 0) return memorySource(octets, name);
  throw new TandemError({id: 'TDM-E432', kind: 'usage', what: 'the store holds no signal log of this name', where: name, fix: 'give the name that tandem signals publish --as had, and check --store'});
};
