import {expect, test} from 'vitest';
import {frame, greeting, Conversation, hello, ready, WireRecord} from './fixtures/wire-record.ts';

/** A whole life of a DEALER: several parts, empty ones, a command between parts, both forms of a header, sizes around the step. */
const life = Buffer.concat([
  hello('DEALER', 'me'), frame(1, 'a'), frame(1, ''), frame(0, 'z'.repeat(30)), frame(1, 'b'), frame(4, '\u0004PING\0\0'), frame(0, 'c'), frame(0, 'L', true),
  frame(1, '', true), frame(0, ''), frame(0, Buffer.alloc(255, 7)), frame(0, Buffer.alloc(256, 8)), frame(4, '\u0003odd'), frame(0, 'last'),
]);
const texts = ['a||' + 'z'.repeat(30), 'b|c', 'L', '|', '255 octets', '256 octets', 'last'].map((text) => `1 up ${text}`);

function read(pieces: readonly Uint8Array[], other: readonly Uint8Array[] = [hello('ROUTER')]): WireRecord {
  const record = new WireRecord();
  const {up, down} = new Conversation(record);
  for (const piece of other) down.feed(Buffer.from(piece), 1);
  for (const piece of pieces) up.feed(Buffer.from(piece), 2);
  return record;
}

test('wherever a stream is cut once or twice, and octet by octet, the same is told', () => {
  const {texts: whole, digests} = read([life]);
  expect(whole).toEqual(texts);
  const wanted = digests.get('1 up')!.hex;
  const wrong: string[] = [];
  const look = (name: string, pieces: readonly Uint8Array[]): void => {
    const {digests: seen, faults} = read(pieces);
    if (seen.get('1 up')?.hex !== wanted || faults.length > 0) wrong.push(name);
  };
  for (let one = 0; one <= life.length; one++) {
    look(`${one}`, [life.subarray(0, one), life.subarray(one)]);
    for (let two = one; two < life.length; two += 41) look(`${one} ${two}`, [life.subarray(0, one), life.subarray(one, two), life.subarray(two)]);
  }
  look('octets', Array.from(life, (octet) => Uint8Array.of(octet)));
  expect(wrong).toEqual([]);
});

test('what is told lies in the chunk, or was copied once', () => {
  const chunk = Buffer.concat([hello('PUSH'), frame(0, 'in place')]);
  let isInPlace = false;
  const {up, down} = new Conversation({message: (message) => { isInPlace = message.part(0).buffer === chunk.buffer; }});
  down.feed(hello('PULL'), 1);
  up.feed(chunk, 1);
  expect(isInPlace).toBe(true);
});

test('parts that wait for their message are ours: the chunk may be written over', () => {
  const record = new WireRecord();
  const {up, down} = new Conversation(record);
  down.feed(hello('PULL'), 1);
  const chunk = Buffer.concat([hello('PUSH'), frame(1, 'first')]);
  up.feed(chunk, 1);
  chunk.fill(0);
  up.feed(frame(0, 'second'), 2);
  expect(record.texts).toEqual(['1 up first|second']);
});

test('messages before the other end has agreed are told right behind the handshake, with their own times', () => {
  const seen: string[] = [];
  const {up, down} = new Conversation({message: ({tMonoNs, part}) => { seen.push(`${tMonoNs}`); void part; }, event: ({kind}) => { seen.push(kind); }});
  up.feed(Buffer.concat([hello('PUSH'), frame(0, 'early')]), 5);
  up.feed(frame(0, 'early too'), 6);
  expect(seen).toEqual([]);
  down.feed(hello('PULL'), 7);
  up.feed(frame(0, 'then'), 8);
  expect(seen).toEqual(['handshake', '5', '6', '8']);
});

test('of a connection that never agrees nothing is told, but counted', () => {
  const record = new WireRecord();
  const {up, down} = new Conversation(record);
  down.feed(greeting(), 1);
  up.feed(Buffer.concat([hello('PUSH'), frame(0, 'order'), frame(1, 'a'), frame(0, 'b')]), 1);
  up.close();
  expect([record.texts, up.unaccepted, up.messages]).toEqual([[], 2, 0]);
});

test('nor of ends that refuse each other', () => {
  const record = read([hello('PUSH'), frame(0, 'order')], [hello('REP')]);
  expect([record.texts, record.events.map(({kind}) => kind)]).toEqual([[], ['opaque']]);
});

test('subscriptions in both forms; what an XSUB says besides is a message', () => {
  const record = read([hello('XSUB'), frame(0, '\u0001a.'), frame(0, '\u0000a.'), frame(4, '\u0009SUBSCRIBEb'), frame(4, '\u0006CANCELb'), frame(0, 'upwards')], [hello('XPUB')]);
  expect(record.of('subscription').map(({isCancel, topic}) => `${isCancel} ${Buffer.from(topic).toString()}`)).toEqual(['false a.', 'true a.', 'false b', 'true b']);
  expect(record.texts).toEqual(['1 up upwards']);
});

test('longer messages are told in part, and say so', () => {
  const record: string[] = [];
  const sink = {message: ({partCount, partsTotal, sizeBytes, isTruncated, parts}: Parameters<WireRecord['message']>[0]) => {
    record.push(`${partCount}/${partsTotal} ${parts.reduce((sum, part) => sum + part.length, 0)}/${sizeBytes} ${isTruncated}`);
  }};
  const {up, down} = new Conversation(sink, 'observe', {partsMax: 3, messageBytesMax: 1000});
  down.feed(hello('PULL'), 1);
  up.feed(hello('PUSH'), 1);
  const whole = [frame(0, Buffer.alloc(1000)), frame(0, Buffer.alloc(1001)), frame(1, Buffer.alloc(600)), frame(0, Buffer.alloc(600)), frame(1, ''), frame(1, ''), frame(1, ''), frame(0, 'd')];
  const wanted = ['1/1 1000/1000 false', '1/1 1000/1001 true', '2/2 1000/1200 true', '3/4 0/1 true'];
  up.feed(Buffer.concat(whole), 1);
  expect(record.splice(0)).toEqual(wanted);
  for (const octet of Buffer.concat(whole)) up.feed(Buffer.from([octet]), 1);
  expect(record).toEqual(wanted);
});

test('a header that promises much takes no memory before it comes', () => {
  const head = Buffer.from([2, 0, 0x1f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff]);
  const before = process.memoryUsage().arrayBuffers;
  const all = Array.from({length: 200}, () => {
    const both = new Conversation(new WireRecord());
    both.down.feed(hello('PULL'), 1);
    both.up.feed(Buffer.concat([hello('PUSH'), head, Buffer.from('x')]), 1);
    return both;
  });
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(200 * 16 * 1024);
  expect(all.every(({up}) => up.isReading)).toBe(true);
});

test.each<[string, Buffer, string]>([
  ['reserved flags', Buffer.from([8]), 'a frame with flags 8'],
  ['a command with more to come', Buffer.from([5]), 'a frame with flags 5'],
  ['2^53 octets', Buffer.from([2, 0, 0x20, 0, 0, 0, 0, 0, 0]), 'a frame of 2^53 octets or more'],
])('%s: said once, and nothing more is read', (_name, octets, wanted) => {
  const record = read([hello('PUSH'), frame(0, 'before'), octets, frame(0, 'behind')], [hello('PULL')]);
  expect(record.of('desync').map(({seen}) => seen)).toEqual([wanted]);
  expect(record.texts).toEqual(['1 up before']);
});

test('a command that is malformed, even as libzmq spells ERROR, leaves the frames where they are', () => {
  const record = read([hello('PUSH'), frame(4, ''), frame(4, '\u00ffA'), frame(4, '^RROR\u0003400'), frame(0, 'behind')], [hello('PULL')]);
  expect([record.texts, record.of('refused').map(({reason}) => reason)]).toEqual([['1 up behind'], ['400']]);
});

test('a sink that throws at a message loses the bodies, at an event everything; counts go on', () => {
  let told = 0;
  const events: string[] = [];
  const both = new Conversation({message: () => { told += 1; throw new Error('mine'); }, event: (event) => { events.push(event.kind === 'mode' ? `${event.mode} ${String(event.error)}` : event.kind); }});
  both.down.feed(hello('PULL'), 1);
  both.up.feed(Buffer.concat([hello('PUSH'), frame(0, 'a'), frame(0, 'b'), frame(0, 'c')]), 1);
  expect([told, both.up.messages, both.up.unobserved, events, both.ladder.sinkFaults]).toEqual([1, 3, 3, ['handshake', 'headers Error: mine'], 1]);
  const worse = new Conversation({message: () => { told += 1; }, event: () => { throw new Error('mine'); }});
  worse.down.feed(hello('PULL'), 1);
  worse.up.feed(hello('PUSH'), 1);
  expect([worse.ladder.mode, worse.up.feed(frame(0, 'a'), 2), told]).toEqual(['splice', false, 1]);
});

test('headers only, and back again: seq shows the hole', () => {
  const record = new WireRecord();
  const both = new Conversation(record, 'headers');
  both.down.feed(hello('PULL'), 1);
  both.up.feed(Buffer.concat([hello('PUSH'), frame(0, 'a'), frame(1, 'b')]), 1);
  both.ladder.set('observe', 'again');
  both.up.feed(Buffer.concat([frame(0, 'b'), frame(0, 'c')]), 2);
  expect([record.texts, record.faults, both.up.unobserved, both.up.observed]).toEqual([['1 up c'], ['1 up jumps to 3'], 2, 1]);
});

test('the types and identities of both ends are told, PLAIN of its password nothing', () => {
  const plain = greeting();
  plain.write('PLAIN\0', 12);
  const record = new WireRecord();
  const {up, down} = new Conversation(record);
  up.feed(plain, 1);
  down.feed(plain, 1);
  up.feed(frame(4, '\u0005HELLO\u0004user\u0006secret'), 1);
  down.feed(frame(4, '\u0007WELCOME'), 1);
  const metadata = ready('DEALER', 'me').subarray(2 + 6);
  up.feed(frame(4, Buffer.concat([Buffer.from('\u0008INITIATE'), metadata])), 1);
  expect(record.events).toEqual([]);
  down.feed(ready('ROUTER'), 1);
  up.feed(frame(0, 'traffic'), 1);
  expect(record.of('handshake')).toMatchObject([{mechanism: 'PLAIN', up: {socketType: 'DEALER', identity: 'me'}, down: {socketType: 'ROUTER'}}]);
  expect([record.texts, JSON.stringify(record.events).includes('secret')]).toEqual([['1 up traffic'], false]);
});
