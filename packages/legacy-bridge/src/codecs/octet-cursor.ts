import {CodecError} from './codec-error.ts';

const strict = new TextDecoder('utf-8', {fatal: true, ignoreBOM: true});

/** short ASCII texts, which keys and most values are, are faster by hand than through a decoder */
const SHORT_BYTES = 32;

/** Reads octets in order; whatever would go beyond the end is `truncated`, checked before anything is allocated. */
export class OctetCursor {
  readonly octets: Uint8Array;
  readonly view: DataView;
  at = 0;

  constructor(octets: Uint8Array) {
    this.octets = octets;
    this.view = new DataView(octets.buffer, octets.byteOffset, octets.byteLength);
  }

  get left(): number {
    return this.octets.length - this.at;
  }

  /** Moves on by `count` octets and gives where they began. */
  skip(count: number): number {
    if (count > this.left) throw new CodecError('truncated', this.at);
    const from = this.at;
    this.at += count;
    return from;
  }

  u8(): number {
    return this.octets[this.skip(1)] as number;
  }

  take(count: number): Uint8Array {
    const from = this.skip(count);
    return this.octets.subarray(from, from + count);
  }

  text(count: number): string {
    const from = this.skip(count);
    const {octets} = this;
    if (count <= SHORT_BYTES) {
      let text = '';
      for (let at = from; at < from + count; at += 1) {
        const octet = octets[at] as number;
        if (octet >= 0x80) return utf8Text(octets.subarray(from, from + count), from);
        text += String.fromCharCode(octet);
      }
      return text;
    }
    return utf8Text(octets.subarray(from, from + count), from);
  }

  /** A length of eight octets; one that no payload can have is `truncated`. */
  length64(littleEndian: boolean): number {
    const value = this.view.getBigUint64(this.skip(8), littleEndian);
    if (value > BigInt(this.left)) throw new CodecError('truncated', this.at);
    return Number(value);
  }
}

/** UTF-8 and nothing else. */
export function utf8Text(octets: Uint8Array, at: number): string {
  try {
    return strict.decode(octets);
  } catch {
    throw new CodecError('text', at);
  }
}
