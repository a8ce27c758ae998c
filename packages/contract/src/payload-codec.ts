import type {LaneName} from './lane-spec.ts';

/** Why octets could not be turned into a value. One kind a message: the first fault ends the reading. */
export type CodecFaultKind =
  | 'truncated' | 'trailing' | 'opcode' | 'stack' | 'memo' | 'callable' | 'text' | 'number' | 'depth' | 'size' | 'keys' | 'duplicate-key'
  | 'ratio' | 'compression' | 'shape' | 'parts' | 'json' | 'defect';

export interface CodecFault {
  readonly kind: CodecFaultKind;
  /** octet at which it was noticed, in the innermost layer that was reached; -1 when no octet is to blame */
  readonly at: number;
}

/** A payload as JSON text, or why it is none. Number text is kept: integers of any size exactly, NaN and Infinity as Python writes them. */
export type DecodedPayload =
  | {readonly text: Uint8Array; readonly fault: null}
  | {readonly text: null; readonly fault: CodecFault};

/** Turns what is on the wire into JSON text, so that everything after it reads one language. Total: it never throws. */
export interface PayloadCodec {
  readonly name: string;
  /** the text covers all frames of a message, not only the last */
  readonly allFrames: boolean;
  decode(frames: readonly Uint8Array[]): DecodedPayload;
}

/** One codec as a migration file describes it; nested ones are applied from the outside in. */
export type CodecSpec =
  | {readonly name: 'json' | 'raw' | 'text'}
  /** `strict`: keys of a map that are no strings make it a list of pairs. `text`: they are written as Python's json does */
  | {readonly name: 'msgpack' | 'pickle'; readonly keys: 'strict' | 'text'}
  | {readonly name: 'zlib' | 'gzip'; readonly inner: CodecSpec; readonly bytesMax: number}
  | {readonly name: 'delimited'; readonly delimiter: string; readonly columns: readonly string[] | null; readonly header: boolean; readonly pairs: string | null; readonly quote: string | null}
  | {readonly name: 'binary'; readonly fields: readonly BinaryField[]; readonly endian: 'little' | 'big'; readonly sizeBytes: number | null}
  | {readonly name: 'multipart'; readonly parts: readonly {readonly key: string | null; readonly codec: CodecSpec}[]};

export type BinaryKind = 'u8' | 'u16' | 'u32' | 'u64' | 'i8' | 'i16' | 'i32' | 'i64' | 'f32' | 'f64' | 'bytes' | 'text';

/** One field of a fixed layout. */
export interface BinaryField {
  readonly name: string;
  readonly kind: BinaryKind;
  /** from the beginning of the payload, bytes; null: right behind the field before */
  readonly offset: number | null;
  /** of `bytes` and `text` only, bytes; text ends at its first NUL */
  readonly length: number | null;
  /** integers only: decimal places that the integer holds, so 12345 with scale 2 is 123.45 */
  readonly scale: number;
  readonly endian: 'little' | 'big' | null;
}

/** Which codec speaks where. Lanes may answer in different ones: a Python system in pickle, its successor in JSON. */
export interface PayloadCodecs {
  readonly input: PayloadCodec;
  readonly lanes: Readonly<Record<LaneName, PayloadCodec>>;
}
