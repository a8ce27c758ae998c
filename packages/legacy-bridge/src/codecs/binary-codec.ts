import type {BinaryField, BinaryKind, CodecSpec} from '@tandem/contract';
import {CodecError} from './codec-error.ts';
import type {OctetWriter} from './octet-codec.ts';
import {utf8Text} from './octet-cursor.ts';
import {floatText, scaledText} from './python-number.ts';

type BinarySpec = Extract<CodecSpec, {name: 'binary'}>;

const SIZES: Readonly<Record<BinaryKind, number>> = {u8: 1, u16: 2, u32: 4, u64: 8, i8: 1, i16: 2, i32: 4, i64: 8, f32: 4, f64: 8, bytes: 0, text: 0};

/** A field with everything decided. */
export interface PlacedField extends BinaryField {
  readonly offset: number;
  readonly sizeBytes: number;
  readonly little: boolean;
}

/** A fixed layout. The payload has exactly its size: shorter is `truncated`, longer is `trailing`. */
export function binaryWriter(spec: BinarySpec): OctetWriter {
  const fields = placeFields(spec);
  const sizeBytes = spec.sizeBytes ?? Math.max(0, ...fields.map((field) => field.offset + field.sizeBytes));
  return (octets, out) => {
    if (octets.length !== sizeBytes) throw new CodecError(octets.length < sizeBytes ? 'truncated' : 'trailing', Math.min(octets.length, sizeBytes));
    const view = new DataView(octets.buffer, octets.byteOffset, octets.length);
    out.beginObject();
    for (const field of fields) {
      const {kind, offset, sizeBytes: width} = field;
      out.key(field.name);
      if (kind === 'bytes') out.bytes(octets.subarray(offset, offset + width));
      else if (kind === 'text') out.string(textOf(octets.subarray(offset, offset + width), offset));
      else out.literal(numberText(view, field));
    }
    out.endObject();
  };
}

/** What is impossible about the fixed layouts in a codec, in words; null when nothing is. */
export function layoutProblem(codec: CodecSpec): string | null {
  switch (codec.name) {
    case 'binary': return problemOf(codec);
    case 'zlib': case 'gzip': return layoutProblem(codec.inner);
    case 'multipart': return codec.parts.map((part) => layoutProblem(part.codec)).find((problem) => problem !== null) ?? null;
    default: return null;
  }
}

function problemOf(spec: BinarySpec): string | null {
  const fields = placeFields(spec);
  const names = new Set<string>();
  for (const {name, offset, sizeBytes, kind, scale} of fields) {
    if (names.has(name)) return `two fields are called "${name}"`;
    names.add(name);
    if (sizeBytes === 0) return `the field "${name}" needs a length`;
    if (scale > 0 && !/^[ui]/u.test(kind)) return `the field "${name}" is no integer, so it has no scale`;
    if (spec.sizeBytes !== null && offset + sizeBytes > spec.sizeBytes) return `the field "${name}" ends at ${offset + sizeBytes}, behind the ${spec.sizeBytes} bytes of the layout`;
  }
  return null;
}

export function placeFields(spec: BinarySpec): PlacedField[] {
  let end = 0;
  return spec.fields.map((field) => {
    const offset = field.offset ?? end;
    const sizeBytes = field.kind === 'bytes' || field.kind === 'text' ? field.length ?? 0 : SIZES[field.kind];
    end = offset + sizeBytes;
    return {...field, offset, sizeBytes, little: (field.endian ?? spec.endian) === 'little'};
  });
}

export function textOf(octets: Uint8Array, at: number): string {
  const end = octets.indexOf(0);
  return utf8Text(end < 0 ? octets : octets.subarray(0, end), at);
}

export function numberText(view: DataView, {kind, offset, little, scale}: PlacedField): string {
  switch (kind) {
    case 'u8': return scaledText(BigInt(view.getUint8(offset)), scale);
    case 'u16': return scaledText(BigInt(view.getUint16(offset, little)), scale);
    case 'u32': return scaledText(BigInt(view.getUint32(offset, little)), scale);
    case 'u64': return scaledText(view.getBigUint64(offset, little), scale);
    case 'i8': return scaledText(BigInt(view.getInt8(offset)), scale);
    case 'i16': return scaledText(BigInt(view.getInt16(offset, little)), scale);
    case 'i32': return scaledText(BigInt(view.getInt32(offset, little)), scale);
    case 'i64': return scaledText(view.getBigInt64(offset, little), scale);
    case 'f32': return floatText(view.getFloat32(offset, little));
    default: return floatText(view.getFloat64(offset, little));
  }
}
