import fc from 'fast-check';
import {expect, test} from 'vitest';
import {FrameReader} from './frame-reader.ts';
import {FLAG_COMMAND, FLAG_LONG, FLAG_MORE, writeHeader} from './frame-header.ts';

const seed = Number(process.env['TANDEM_SEED'] ?? 20_261_120);
const limits = {messageBytesMax: 200_000, partsMax: 16};

interface Frame {
  readonly kind: 'message' | 'command';
  readonly parts: readonly Uint8Array[];
  /** a small frame may use the long form too */
  readonly isLong: boolean;
}

function encode(frames: readonly Frame[]): Buffer {
  const pieces: Uint8Array[] = [];
  for (const {kind, parts, isLong} of frames) {
    for (const [index, part] of parts.entries()) {
      const flags = kind === 'command' ? FLAG_COMMAND : index < parts.length - 1 ? FLAG_MORE : 0;
      const header = Buffer.alloc(9);
      if (isLong) {
        header[0] = flags | FLAG_LONG;
        header.writeUInt32BE(part.length, 5);
      }
      pieces.push(isLong ? header : header.subarray(0, writeHeader(header, 0, part.length, flags)), part);
    }
  }
  return Buffer.concat(pieces);
}

function read(chunks: readonly Buffer[]): {events: string[]; fault: string | null} {
  const events: string[] = [];
  const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
  const kept: [Uint8Array, string][] = [];
  const reader = new FrameReader({
    message: (payload, frames) => {
      events.push(`m ${frames === null ? text(payload) : frames.map(text).join('|')}`);
      kept.push([payload, text(payload)]);
      if (frames !== null) expect(frames.at(-1)).toBe(payload);
    },
    command: (body) => events.push(`c ${text(body)}`),
  }, limits);
  let fault: string | null = null;
  for (const chunk of chunks) fault = reader.feed(chunk);
  // what was handed out stays as it was
  for (const [payload, before] of kept) expect(text(payload)).toBe(before);
  return {events, fault};
}

const bytes = fc.oneof(fc.uint8Array({maxLength: 40}), fc.constantFrom(0, 1, 254, 255, 256, 257, 65_535, 65_536).map((size) => new Uint8Array(size).fill(size % 251)));
const frame: fc.Arbitrary<Frame> = fc.oneof(
  fc.record({kind: fc.constant('message' as const), parts: fc.array(bytes, {minLength: 1, maxLength: 3}), isLong: fc.boolean()}),
  fc.record({kind: fc.constant('command' as const), parts: fc.array(fc.uint8Array({maxLength: 60}), {minLength: 1, maxLength: 1}), isLong: fc.boolean()}),
);

test('any cut of the stream gives the same messages', () => {
  fc.assert(fc.property(fc.array(frame, {maxLength: 6}), fc.array(fc.nat(), {maxLength: 12}), (frames, cuts) => {
    const stream = encode(frames);
    const places = [...new Set([0, ...cuts.map((cut) => cut % (stream.length + 1)), stream.length])].sort((a, b) => a - b);
    const chunks = places.slice(1).map((place, index) => Buffer.from(stream.subarray(places[index], place)));
    const expected = frames.map(({kind, parts}) => `${kind === 'command' ? 'c' : 'm'} ${parts.map((part) => Buffer.from(part).toString('hex')).join('|')}`);
    expect(read(chunks)).toEqual({events: expected, fault: null});
  }), {seed, numRuns: 300});
});

test('octet by octet too', () => {
  const frames: Frame[] = [
    {kind: 'message', parts: [Buffer.from('a'), new Uint8Array(0), Buffer.alloc(300, 1)], isLong: false},
    {kind: 'command', parts: [Buffer.from('\u0004PING')], isLong: true}, {kind: 'message', parts: [new Uint8Array(0)], isLong: true},
  ];
  const stream = encode(frames);
  expect(read([...stream].map((octet) => Buffer.from([octet]))).events).toEqual(read([stream]).events);
});

test('hostile bytes end in a stated fault or in waiting, never in a throw, and nothing is read after a fault', () => {
  fc.assert(fc.property(fc.array(fc.uint8Array({maxLength: 200}), {maxLength: 8}), (chunks) => {
    const {fault} = read(chunks.map((chunk) => Buffer.from(chunk)));
    expect(fault === null || fault.length > 0).toBe(true);
  }), {seed, numRuns: 2000});
});

test('too long, too many parts, forbidden flags: refused before memory is taken', () => {
  const huge = Buffer.alloc(9);
  huge[0] = FLAG_LONG;
  huge.writeUInt32BE(0x7fff_ffff, 1);
  expect(read([huge]).fault).toBe('a message above 200000 bytes');
  expect(read([encode([{kind: 'message', parts: [Buffer.alloc(150_000), Buffer.alloc(60_000)], isLong: false}])]).fault).toBe('a message above 200000 bytes');
  expect(read([encode([{kind: 'message', parts: Array.from({length: 17}, () => Buffer.alloc(1)), isLong: false}])]).fault).toBe('a message of more than 16 parts');
  expect(read([Buffer.from([0x08, 0])]).fault).toBe('a frame with flags 8');
  expect(read([Buffer.from([FLAG_COMMAND | FLAG_MORE, 0])]).fault).toBe('a frame with flags 5');
});
