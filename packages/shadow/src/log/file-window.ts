import type {FileHandle} from 'node:fs/promises';
import {octetsOf, type Octets} from './record-crc.ts';

const BLOCK_BYTES = 512 * 1024;

/**
 * The part of a file that is in memory. Memory is never used twice, because messages handed out are views of it. How much is
 * read at once is bounded by the block, or by what a checked length asks for.
 */
export class FileWindow {
  octets: Octets = octetsOf(Buffer.alloc(0));
  /** offset in the file of the first octet in memory */
  base = 0;
  size: number;
  readonly #handle: FileHandle;

  constructor(handle: FileHandle, size: number) {
    this.#handle = handle;
    this.size = size;
  }

  /** Asks again how long the file is (a growing log). */
  async refresh(): Promise<void> {
    this.size = Math.max(this.size, (await this.#handle.stat()).size);
  }

  /** True when the octets are in memory already; keeps the hot loop free of promises. */
  has(offset: number, count: number): boolean {
    return offset >= this.base && offset + count <= this.base + this.octets.bytes.length;
  }

  /** Brings octets into memory; false when the file is shorter. */
  async need(offset: number, count: number): Promise<boolean> {
    if (this.has(offset, count)) return true;
    if (offset + count > this.size) return false;
    const length = Math.min(Math.max(count, BLOCK_BYTES), this.size - offset);
    const bytes = Buffer.allocUnsafeSlow(length);
    const kept = this.#keep(offset, bytes);
    let filled = kept;
    while (filled < length) {
      const {bytesRead} = await this.#handle.read(bytes, filled, length - filled, offset + filled);
      // The file became shorter under us.
      if (bytesRead === 0) break;
      filled += bytesRead;
    }
    this.octets = octetsOf(filled === length ? bytes : bytes.subarray(0, filled));
    this.base = offset;
    if (filled < length) this.size = offset + filled;
    return filled >= count;
  }

  /** Copies what is already here to the front of the new memory. */
  #keep(offset: number, target: Buffer): number {
    const have = this.octets.bytes;
    const from = offset - this.base;
    if (from < 0 || from >= have.length) return 0;
    return have.copy(target, 0, from, Math.min(have.length, from + target.length));
  }
}
