import fc from 'fast-check';
import {expect, test} from 'vitest';
import {noise} from './fixtures/raw-ends.ts';
import {Conversation, frame, greeting, hello} from './fixtures/wire-record.ts';
import {FrameReader} from './frame-reader.ts';

const isDeep = process.env['TANDEM_DEEP'] === '1';
const seed = Number(process.env['TANDEM_SEED'] ?? 20_261_128);
/** fuzzed frames that are fed, over all rounds */
const FRAMES = isDeep ? 1_000_000 : 20_000;

interface Told {
  readonly messages: string[];
  readonly truncated: number;
}

const limits = {partsMax: 64, messageBytesMax: 1 << 20};
const heads = {up: hello('DEALER', 'me'), down: hello('ROUTER')};

function observe(pieces: readonly Buffer[]): Told & {readonly both: Conversation} {
  const messages: string[] = [];
  let truncated = 0;
  const both = new Conversation({message: ({parts, isTruncated}) => {
    if (isTruncated) truncated += 1;
    messages.push(parts.map((part) => Buffer.from(part).toString('latin1')).join('\u0001|'));
  }}, 'observe', limits);
  both.down.feed(heads.down, 1);
  both.up.feed(heads.up, 1);
  for (const piece of pieces) both.up.feed(Buffer.from(piece), 2);
  return {messages, truncated, both};
}

const part = fc.oneof({weight: 8, arbitrary: fc.uint8Array({maxLength: 40})}, {weight: 1, arbitrary: fc.uint8Array({minLength: 250, maxLength: 260})});
const message = fc.record({parts: fc.array(part, {minLength: 1, maxLength: 5}), isLong: fc.boolean(), ping: fc.boolean()});

test('any messages, cut anywhere, in any form of header and with commands between the parts, are told as they were sent', () => {
  fc.assert(fc.property(fc.array(message, {maxLength: 20}), fc.array(fc.integer({min: 1, max: 300}), {minLength: 1, maxLength: 30}), (sent, cuts) => {
    const octets = Buffer.concat(sent.flatMap(({parts, isLong, ping}) => parts.flatMap((body, at) => [
      ...(ping ? [frame(4, '\u0004PING\0\0')] : []), frame(at < parts.length - 1 ? 1 : 0, body, isLong),
    ])));
    const pieces: Buffer[] = [];
    for (let at = 0, n = 0; at < octets.length; n++) pieces.push(octets.subarray(at, at += cuts[n % cuts.length]!));
    const told = observe(pieces);
    expect(told.messages).toEqual(sent.map(({parts}) => parts.map((body) => Buffer.from(body).toString('latin1')).join('\u0001|')));
    expect(told.both.up.messageBytes).toBe(sent.reduce((sum, {parts}) => sum + parts.reduce((all, body) => all + body.length, 0), 0));
  }), {seed, numRuns: isDeep ? 5000 : 200});
});

/** Frames that are mostly right, some of whose octets are then changed, dropped or doubled. */
function fuzz(rowSeed: number, frames: number): Buffer {
  const dice = noise(rowSeed, frames * 8);
  const row: Buffer[] = [];
  for (let n = 0; n < frames; n++) {
    const [kind, size, flip, at] = [dice[n * 8]!, dice[n * 8 + 1]!, dice[n * 8 + 2]!, dice[n * 8 + 3]!];
    const body = noise(rowSeed + n + 1, kind % 29 === 0 ? size * 16 : size % 64);
    const made = frame(kind % 7 === 0 ? 4 : kind % 3 === 0 ? 1 : 0, kind % 7 === 0 ? Buffer.concat([Buffer.from([kind % 6]), body]) : body, kind % 11 === 0);
    if (flip < 3) made[at % made.length]! ^= 1 << at % 8;
    row.push(flip === 3 ? made.subarray(0, at % made.length) : made);
    if (flip === 4) row.push(made);
  }
  return Buffer.concat(row);
}

test(`${FRAMES} fuzzed frames: no fault of ours, bounded memory, and what is told is what a strict reader reads`, () => {
  const PER_ROW = 200;
  let [told, desyncs] = [0, 0];
  const before = process.memoryUsage();
  for (let row = 0; row < FRAMES / PER_ROW; row++) {
    const octets = fuzz(seed + row * 7919, PER_ROW);
    const size = 1 + noise(row + 1, 1)[0]! * 13;
    const pieces: Buffer[] = [];
    for (let at = 0; at < octets.length; at += size) pieces.push(octets.subarray(at, at + size));
    const {messages, both, truncated} = observe(pieces);
    const strict: string[] = [];
    const reader = new FrameReader({
      message: (payload, frames) => strict.push((frames ?? [payload]).map((body) => Buffer.from(body).toString('latin1')).join('\u0001|')), command: () => undefined,
    }, limits);
    const fault = reader.feed(octets);
    // the strict reader stops at limits where the observer goes on; up to there they agree
    expect({row, same: messages.slice(0, strict.length).join('\n') === strict.join('\n')}).toEqual({row, same: true});
    if (fault === null) expect({row, count: messages.length, truncated}).toEqual({row, count: strict.length, truncated: 0});
    told += messages.length;
    if (both.conversation.state === 'lost') desyncs += 1;
  }
  const after = process.memoryUsage();
  expect(told).toBeGreaterThan(FRAMES / 20);
  expect(desyncs).toBeGreaterThan(0);
  expect(after.arrayBuffers - before.arrayBuffers).toBeLessThan(128 * 1024 * 1024);
}, 600_000);

test('any octets at all, either way, before and behind a handshake: nothing is thrown, and no message of one that never agreed is told', () => {
  let [agreed, told] = [false, 0];
  fc.assert(fc.property(fc.array(fc.tuple(fc.boolean(), fc.oneof(fc.uint8Array({maxLength: 80}), fc.constantFrom(greeting(), heads.up, heads.down, frame(0, 'order'), frame(4, '\u0005READY')))), {maxLength: 12}), (steps) => {
    agreed = false;
    told = 0;
    const both = new Conversation({
      message: () => {
        told += 1;
        expect(agreed).toBe(true);
      },
      event: ({kind}) => { if (kind === 'handshake') agreed = true; },
    });
    for (const [isUp, octets] of steps) (isUp ? both.up : both.down).feed(Buffer.from(octets), 1);
    expect(both.ladder.sinkFaults).toBe(0);
    both.up.close();
    both.down.close();
  }), {seed, numRuns: isDeep ? 100_000 : 1500});
});
