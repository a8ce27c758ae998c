import type {OnReadOpts} from 'node:net';

/** What one read takes at most; the runtime's own reads are as long. */
const READ_BYTES = 64 * 1024;
const SLAB_BYTES = 512 * 1024;

/**
 * Reads into one piece of memory after another, each filled from front to back. Chunks are views that may be kept; the runtime's own way makes memory
 * of its own for each read, and thousands of those a second make its collections ten times as long (measured: 5 to 15 ms instead of 1).
 */
export function slabReading(take: (chunk: Buffer) => void): OnReadOpts {
  let slab = Buffer.allocUnsafeSlow(SLAB_BYTES);
  let used = 0;
  return {
    buffer: () => {
      if (SLAB_BYTES - used < READ_BYTES) {
        slab = Buffer.allocUnsafeSlow(SLAB_BYTES);
        used = 0;
      }
      return slab.subarray(used, used + READ_BYTES);
    },
    callback: (sizeBytes, buffer) => {
      used += sizeBytes;
      take((buffer as Buffer).subarray(0, sizeBytes));
      return true;
    },
  };
}
