import type {BinaryField, BinaryKind} from '@tandem/contract';

/** A codec as a migration file writes it: the shape of contract's CodecSpec, with texts that carry units. */
export type CodecConfig = {readonly kind: 'codec'} & (
  | {readonly name: 'json' | 'raw' | 'text'}
  | {readonly name: 'msgpack' | 'pickle'; readonly keys: 'strict' | 'text'}
  | {readonly name: 'zlib' | 'gzip'; readonly inner: CodecConfig; readonly bytesMax: string}
  | {readonly name: 'delimited'; readonly delimiter: string; readonly columns: readonly string[] | null; readonly header: boolean; readonly pairs: string | null; readonly quote: string | null}
  | {readonly name: 'binary'; readonly fields: readonly BinaryField[]; readonly endian: 'little' | 'big'; readonly sizeBytes: number | null}
  | {readonly name: 'multipart'; readonly parts: readonly {readonly key: string | null; readonly codec: CodecConfig}[]});

/** One codec a direction; a lane that is left out answers in the codec of the input. The twin answers as legacy does. */
export interface CodecsConfig {
  readonly input: CodecConfig;
  readonly legacy?: CodecConfig;
  readonly candidate?: CodecConfig;
}

export const json = (): CodecConfig => ({kind: 'codec', name: 'json'});
/** octets: equal or not; inside multipart they become `{"$bytes": base64}` */
export const raw = (): CodecConfig => ({kind: 'codec', name: 'raw'});
/** UTF-8 as one string, e.g. a topic in multipart */
export const text = (): CodecConfig => ({kind: 'codec', name: 'text'});

/** `text`: keys that are no strings are written as Python's json does; `strict` (the default) keeps 1 and "1" apart */
export interface KeyOptions {
  readonly keys?: 'strict' | 'text';
}
export const msgpack = ({keys = 'strict'}: KeyOptions = {}): CodecConfig => ({kind: 'codec', name: 'msgpack', keys});
/** Python pickles up to protocol 5, read as data: nothing in them is ever run */
export const pickle = ({keys = 'strict'}: KeyOptions = {}): CodecConfig => ({kind: 'codec', name: 'pickle', keys});

/** what may come out of one payload */
export interface InflateOptions {
  readonly max?: string;
}
export const zlib = (inner: CodecConfig, {max = '4MiB'}: InflateOptions = {}): CodecConfig => ({kind: 'codec', name: 'zlib', inner, bytesMax: max});
export const gzip = (inner: CodecConfig, {max = '4MiB'}: InflateOptions = {}): CodecConfig => ({kind: 'codec', name: 'gzip', inner, bytesMax: max});

export interface DelimitedOptions {
  readonly delimiter?: string;
  /** names of the fields of a line */
  readonly columns?: readonly string[];
  /** the first line names the columns */
  readonly header?: boolean;
  /** fields are `name=value`, with this between them: `delimited({delimiter: '\\u0001', pairs: '='})` reads FIX */
  readonly pairs?: string;
  readonly quote?: string;
}
export const delimited = ({delimiter = ',', columns, header = false, pairs, quote}: DelimitedOptions = {}): CodecConfig =>
  ({kind: 'codec', name: 'delimited', delimiter, columns: columns ?? null, header, pairs: pairs ?? null, quote: quote ?? null});

/** where a field stands and how; an integer with `scale: 2` holds 123.45 as 12345 */
export interface FieldOptions {
  readonly at?: number;
  readonly scale?: number;
  readonly endian?: 'little' | 'big';
}
const field = (kind: BinaryKind) => (name: string, {at, scale = 0, endian}: FieldOptions = {}): BinaryField =>
  ({name, kind, offset: at ?? null, length: null, scale, endian: endian ?? null});
const sized = (kind: 'bytes' | 'text') => (name: string, length: number, {at}: {at?: number} = {}): BinaryField =>
  ({name, kind, offset: at ?? null, length, scale: 0, endian: null});
export const u8 = field('u8');
export const u16 = field('u16');
export const u32 = field('u32');
export const u64 = field('u64');
export const i8 = field('i8');
export const i16 = field('i16');
export const i32 = field('i32');
export const i64 = field('i64');
export const f32 = field('f32');
export const f64 = field('f64');
/** octets of a fixed length */
export const bytes = sized('bytes');
/** text of a fixed length that ends at its first NUL */
export const utf8 = sized('text');
/** a fixed layout, fields one behind the other unless `at` says where */
export const binary = (fields: readonly BinaryField[], {endian = 'little', size}: {endian?: 'little' | 'big'; size?: number} = {}): CodecConfig =>
  ({kind: 'codec', name: 'binary', fields, endian, sizeBytes: size ?? null});

/** one codec a frame: a list gives a list, an object an object with these keys in the order of the frames */
export const multipart = (parts: readonly CodecConfig[] | Readonly<Record<string, CodecConfig>>): CodecConfig => ({
  kind: 'codec', name: 'multipart',
  parts: Array.isArray(parts) ? (parts as readonly CodecConfig[]).map((codec) => ({key: null, codec})) : Object.entries(parts as Readonly<Record<string, CodecConfig>>).map(([key, codec]) => ({key, codec})),
});
