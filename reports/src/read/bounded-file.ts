import {closeSync, constants, fstatSync, openSync, readSync} from 'node:fs';

/** Reads a regular file of at most `sizeBytesMax`, following no link. Null when there is none; throws plain errors for the rest. */
export const readBoundedFile = (path: string, sizeBytesMax: number): Uint8Array | null => {
  let descriptor: number;
  try {
    // non-blocking, so that a named pipe put in the place of a file cannot hold the reader
    descriptor = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === 'ENOENT' || code === 'ENOTDIR') return null;
    throw new Error(code === 'ELOOP' ? 'is a symbolic link' : `cannot be opened (${code ?? 'unknown reason'})`);
  }
  try {
    const status = fstatSync(descriptor);
    if (!status.isFile()) throw new Error('is not a regular file');
    if (status.size > sizeBytesMax) throw new Error(`has ${status.size} bytes, more than ${sizeBytesMax}`);
    const bytes = new Uint8Array(status.size);
    let filled = 0;
    while (filled < bytes.length) {
      const count = readSync(descriptor, bytes, filled, bytes.length - filled, filled);
      if (count === 0) break;
      filled += count;
    }
    return bytes.subarray(0, filled);
  } finally {
    closeSync(descriptor);
  }
};
