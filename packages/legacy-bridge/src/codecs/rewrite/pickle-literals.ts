import {utf8} from './frame-rewriter.ts';

const [STRING, BINSTRING, SHORT_BINSTRING, UNICODE, INT, LONG, FLOAT] = [0x53, 0x54, 0x55, 0x56, 0x49, 0x4c, 0x46];
const BYTEARRAY8 = 0x96;
/** the first protocol that has opcodes for bytes */
const BYTES_PROTOCOL = 3;

/** Opcodes that push a tag where `opcode` began a value; pickles of Python 2 keep its kinds of text. */
export function tagLiteral(tag: string, opcode: number): Uint8Array {
  if (opcode === STRING) return utf8(`S'${tag}'\n`);
  if (opcode === BINSTRING || opcode === SHORT_BINSTRING) return joined(Uint8Array.of(SHORT_BINSTRING, tag.length), utf8(tag));
  if (opcode === UNICODE || opcode === INT || opcode === LONG || opcode === FLOAT) return utf8(`V${tag}\n`);
  return textLiteral(tag);
}

/** BINUNICODE, which every protocol reads. */
export function textLiteral(text: string): Uint8Array {
  const octets = utf8(text);
  return joined(Uint8Array.of(0x58, ...length32(octets.length)), octets);
}

/** Octets by the means of a protocol; a bytearray stays one. */
export function bytesLiteral(octets: Uint8Array, {isMutable, protocol, opcode}: {readonly isMutable: boolean; readonly protocol: number; readonly opcode: number}): Uint8Array {
  if (opcode === BYTEARRAY8) return joined(Uint8Array.of(BYTEARRAY8, ...length32(octets.length), 0, 0, 0, 0), octets);
  const plain = protocol >= BYTES_PROTOCOL ? joined(Uint8Array.of(0x42, ...length32(octets.length)), octets)
    : joined(utf8('c_codecs\nencode\n'), textLiteral(Buffer.from(octets).toString('latin1')), textLiteral('latin1'), Uint8Array.of(0x86, 0x52));
  return isMutable ? joined(utf8(protocol >= BYTES_PROTOCOL ? 'cbuiltins\nbytearray\n' : 'c__builtin__\nbytearray\n'), plain, Uint8Array.of(0x85, 0x52)) : plain;
}

export function joined(...parts: readonly Uint8Array[]): Uint8Array {
  return new Uint8Array(Buffer.concat(parts));
}

function length32(length: number): [number, number, number, number] {
  return [length & 0xff, (length >>> 8) & 0xff, (length >>> 16) & 0xff, length >>> 24];
}
