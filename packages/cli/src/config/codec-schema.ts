import type {CodecSpec} from '@tandem/contract';
import {z} from 'zod';
import {sizeBytes} from './measures.ts';

const INFLATED_BYTES_MAX = 64 * 1024 * 1024;
const bytesMax = z.string().default('4MiB').transform((text, context) => {
  const value = sizeBytes(text);
  if (value !== null && value >= 1 && value <= INFLATED_BYTES_MAX) return value;
  context.addIssue({code: 'custom', message: 'expected a size from 1B to 64MiB, such as "4MiB"'});
  return z.NEVER;
});
const keys = z.enum(['strict', 'text']).default('strict');
const kind = z.literal('codec');
const name = z.string().min(1).max(80).regex(/^(?!\d+$)/, 'expected a name that is no number');
const binaryField = z.strictObject({
  name, kind: z.enum(['u8', 'u16', 'u32', 'u64', 'i8', 'i16', 'i32', 'i64', 'f32', 'f64', 'bytes', 'text']),
  offset: z.int().min(0).max(1 << 20).nullable(), length: z.int().min(1).max(1 << 18).nullable(), scale: z.int().min(0).max(18), endian: z.enum(['little', 'big']).nullable(),
});

/** Codecs of one frame; those around another are applied from the outside in. */
const frameCodec: z.ZodType<CodecSpec, unknown> = z.lazy(() => z.discriminatedUnion('name', [
  z.strictObject({kind, name: z.literal('json')}), z.strictObject({kind, name: z.literal('raw')}), z.strictObject({kind, name: z.literal('text')}),
  z.strictObject({kind, name: z.literal('msgpack'), keys}), z.strictObject({kind, name: z.literal('pickle'), keys}),
  z.strictObject({kind, name: z.literal('zlib'), inner: frameCodec, bytesMax}), z.strictObject({kind, name: z.literal('gzip'), inner: frameCodec, bytesMax}),
  z.strictObject({kind, name: z.literal('delimited'), delimiter: z.string().min(1).max(8), columns: z.array(name).min(1).max(1000).nullable(), header: z.boolean(), pairs: z.string().min(1).max(8).nullable(), quote: z.string().length(1).nullable()})
    .refine(({columns, header, pairs}) => Number(columns !== null) + Number(header) + Number(pairs !== null) <= 1, 'expected one of columns, header and pairs'),
  z.strictObject({kind, name: z.literal('binary'), fields: z.array(binaryField).min(1).max(1000), endian: z.enum(['little', 'big']), sizeBytes: z.int().min(1).max(1 << 20).nullable()}),
]) as unknown as z.ZodType<CodecSpec, unknown>);

const multipart = z.strictObject({kind, name: z.literal('multipart'), parts: z.array(z.strictObject({key: name.nullable(), codec: frameCodec})).min(1).max(16)});
const codec = z.union([multipart, frameCodec]) as unknown as z.ZodType<CodecSpec, unknown>;

/** One codec for everything, or one a direction. */
export const codecSchema = z.union([codec.transform((spec) => ({input: spec, legacy: spec, candidate: spec})),
  z.strictObject({input: codec, legacy: codec.optional(), candidate: codec.optional()}).transform(({input, legacy, candidate}) => ({input, legacy: legacy ?? input, candidate: candidate ?? input}))]);
