import {tableSize} from './id-key.ts';

/** Names of the rulebook by their octets: found without making a text. */
export class NameTable {
  declare readonly names: readonly string[];
  private declare readonly octets: Uint8Array;
  /** start of each name in `octets`; one more at the end */
  private declare readonly starts: Int32Array;
  /** position + 1, 0 = empty */
  private declare readonly table: Int32Array;
  private declare readonly mask: number;

  /** @param names ASCII, unique */
  constructor(names: readonly string[]) {
    this.names = names;
    this.octets = Uint8Array.from(names.join(''), (letter) => letter.charCodeAt(0));
    this.starts = new Int32Array(names.length + 1);
    names.forEach((name, i) => { this.starts[i + 1] = this.starts[i]! + name.length; });
    const size = tableSize(names.length * 4);
    this.table = new Int32Array(size);
    this.mask = size - 1;
    for (let i = 0; i < names.length; i++) {
      let at = this.home(this.octets, this.starts[i]!, names[i]!.length);
      while (this.table[at] !== 0) at = (at + 1) & this.mask;
      this.table[at] = i + 1;
    }
  }

  private home(bytes: Uint8Array, start: number, length: number): number {
    let hash = length;
    for (let i = start; i < start + length; i++) hash = Math.imul(hash ^ bytes[i]!, 0x01000193);
    return (hash ^ (hash >>> 15)) & this.mask;
  }

  /** Position of the name, -1 = not in the rulebook. */
  find(bytes: Uint8Array, start: number, length: number): number {
    let at = this.home(bytes, start, length);
    while (this.table[at] !== 0) {
      const position = this.table[at]! - 1;
      const from = this.starts[position]!;
      if (this.starts[position + 1]! - from === length) {
        let i = 0;
        while (i < length && this.octets[from + i] === bytes[start + i]) i++;
        if (i === length) return position;
      }
      at = (at + 1) & this.mask;
    }
    return -1;
  }
}
