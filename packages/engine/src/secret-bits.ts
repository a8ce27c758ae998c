import {closeSync, openSync, readSync} from 'node:fs';

/**
 * 31 bits that nobody can foresee, for the seed of the id tables. From the system itself where it offers them as a file: node:crypto costs a lane
 * 4 MB, and nothing else in a lane needs it before the first state hash.
 */
export const secretBits = (): number => {
  const octets = new Uint8Array(4);
  try {
    const file = openSync('/dev/urandom', 'r');
    try {
      if (readSync(file, octets) === octets.length) return new DataView(octets.buffer).getUint32(0) >>> 1;
    } finally {
      closeSync(file);
    }
  } catch {
    // not every system has it
  }
  return process.getBuiltinModule('node:crypto').randomInt(2 ** 31);
};
