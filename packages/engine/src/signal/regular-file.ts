import {readFileSync, statSync} from 'node:fs';
import {gunzipSync} from 'node:zlib';

/**
 * Octets of a file, unpacked where its name ends in `.gz`. What is no regular file is refused before it is read: a device has no end, and a pipe waits for ever.
 * Throws what the operating system or gzip says; the caller knows what the file was meant to be.
 */
export const readRegular = (file: string, bytesMax: number): Uint8Array => {
  const stat = statSync(file);
  if (stat.isDirectory()) throw new Error('EISDIR: it is a folder');
  if (!stat.isFile()) throw new Error('it is a device, a pipe or a socket, and no file');
  if (stat.size > bytesMax) throw new Error(`${stat.size} octets, more than the ${bytesMax} that are read`);
  const octets = readFileSync(file);
  // a few octets of gzip can unpack to any number
  return file.endsWith('.gz') ? gunzipSync(octets, {maxOutputLength: bytesMax}) : octets;
};
