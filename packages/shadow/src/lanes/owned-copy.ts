const SLAB_BYTES = 64 * 1024;
const SHARED_BYTES_MAX = 8 * 1024;

/**
 * Copies what a socket handed out: its buffers may be memory of libzmq that must be given back soon. Small payloads share a
 * slab of 64 KiB, so holding one of them holds the slab; whoever keeps a payload for long copies it out.
 */
export class OwnedCopy {
  #slab = Buffer.allocUnsafeSlow(SLAB_BYTES);
  #used = 0;

  of(frame: Uint8Array): Uint8Array {
    const {length} = frame;
    if (length > SHARED_BYTES_MAX) {
      const own = Buffer.allocUnsafeSlow(length);
      own.set(frame);
      return own;
    }
    if (this.#used + length > SLAB_BYTES) {
      this.#slab = Buffer.allocUnsafeSlow(SLAB_BYTES);
      this.#used = 0;
    }
    const start = this.#used;
    this.#slab.set(frame, start);
    this.#used = start + length;
    return this.#slab.subarray(start, start + length);
  }
}
