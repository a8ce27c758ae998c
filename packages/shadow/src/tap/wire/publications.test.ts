import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import type {CapturedMessage, GapRecord} from '@tandem/contract';
import {afterEach, beforeEach, expect, it} from 'vitest';
import {openPub, openSub, type Endpoint, type PubEndpoint, type SubEndpoint} from '../../endpoint/open-socket.ts';
import {receiveBurst} from '../../endpoint/receive-burst.ts';
import {RingReader, ringMemory, RingWriter, RING_BYTES_MIN} from './observation-ring.ts';
import {RingTap} from './ring-tap.ts';
import {TappedInput} from './tapped-input.ts';

let folder = '';
let ending: (() => unknown)[] = [];
beforeEach(() => { folder = mkdtempSync(join(tmpdir(), 'tdm-pub-')); });
afterEach(async () => {
  for (const end of ending.reverse()) await end();
  ending = [];
  rmSync(folder, {recursive: true, force: true});
});

const tapped = async () => {
  const memory = ringMemory(RING_BYTES_MIN);
  const input = await TappedInput.start({stream: 'quotes', pattern: 'pub-sub', topics: [], listen: `ipc://${folder}/front`, endpoint: `ipc://${folder}/real`},
    {ring: new RingWriter(memory), streams: {input: 0, replies: 1}, mode: 'observe', onNotice: () => undefined});
  const kept: CapturedMessage[] = [], gaps: GapRecord[] = [];
  const tap = new RingTap({ring: new RingReader(memory), streams: ['quotes', 'out/live/quotes'], onMessages: (messages) => { kept.push(...messages); }, onGap: (gap) => { gaps.push(gap); }});
  ending.push(() => tap.stop(), () => input.close(0));
  return {input, kept, gaps, texts: () => kept.map(({frames}) => frames.map((frame) => Buffer.from(frame).toString()).join(' '))};
};
const keep = <E extends Endpoint>(endpoint: E): E => {
  ending.push(() => { endpoint.close(); });
  return endpoint;
};
/** A subscriber, and what it got. */
const subscriber = async (topics: readonly string[], place: {bind: string} | {connect: string}): Promise<{sub: SubEndpoint; got: string[]}> => {
  const sub = keep(await openSub({...place, topics}));
  const got: string[] = [];
  receiveBurst(sub, ({messages}) => { got.push(...messages.map((parts) => parts.map(String).join(' '))); }).done.catch(() => undefined);
  return {sub, got};
};
/** Publishes until everyone got something, then `count` of each topic. */
const publish = async (pubs: readonly PubEndpoint[], topics: readonly string[], receivers: readonly {got: readonly string[]}[], count: number): Promise<void> => {
  while (receivers.some(({got}) => got.length === 0)) {
    for (const pub of pubs) for (const topic of topics) await pub.socket.send([topic, 'hello']);
    await new Promise((go) => setTimeout(go, 5));
  }
  for (let number = 1; number <= count; number += 1) for (const [at, pub] of pubs.entries()) for (const topic of topics) await pub.socket.send([topic, `${at}:${number}`]);
};
const numbered = (texts: readonly string[]): string[] => texts.filter((text) => !text.endsWith('hello'));

it('several subscribers with topics of their own: each publication that anybody gets is kept once, whoever else gets it', async () => {
  const {input, texts, gaps} = await tapped();
  const pub = keep(await openPub({bind: `ipc://${folder}/real`}));
  const front = {connect: `ipc://${folder}/front`};
  // in this order, so that the first one's copies are not all there is
  const one = await subscriber(['a', 'bb'], front);
  await publish([pub], ['a'], [one], 0);
  const two = await subscriber(['b'], front);
  await publish([pub], ['b'], [two], 0);
  const three = await subscriber(['a', 'c'], front);
  await publish([pub], ['a', 'b', 'bb', 'c', 'd'], [three], 50);
  const expected = ['a', 'b', 'bb', 'c'].flatMap((topic) => Array.from({length: 50}, (_, at) => `${topic} 0:${at + 1}`)).sort();
  await expect.poll(() => numbered(texts()).sort(), {timeout: 10_000}).toEqual(expected);
  await expect.poll(() => numbered(two.got).length).toBe(100);
  expect(numbered(one.got).length + numbered(two.got).length + numbered(three.got).length).toBe(300);
  expect(gaps).toEqual([]);
  const {seen} = input.end();
  // bb twice, a twice
  expect(seen.copies).toBeGreaterThanOrEqual(100);
  expect(seen).toMatchObject({lost: 0, handshakes: 3});
});

it('a subscriber leaves or changes its topics: what may have been missed between two copies is a stated gap, and the other copy is kept from then on', async () => {
  const {texts, gaps} = await tapped();
  const pub = keep(await openPub({bind: `ipc://${folder}/real`}));
  const front = {connect: `ipc://${folder}/front`};
  const one = await subscriber(['a', 'b'], front);
  await publish([pub], ['a'], [one], 0);
  const two = await subscriber(['a', 'c'], front);
  await publish([pub], ['a', 'c'], [two], 10);
  await expect.poll(() => numbered(texts()).length).toBe(20);
  one.sub.socket.unsubscribe('b');
  await publish([pub], ['c'], [], 5);
  await expect.poll(() => numbered(texts()).length).toBe(25);
  // nobody else wanted that topic
  expect(gaps).toEqual([]);
  one.sub.close();
  const before = numbered(two.got).length;
  await new Promise((go) => setTimeout(go, 200));
  await publish([pub], ['a'], [], 10);
  await expect.poll(() => numbered(two.got).length).toBe(before + 10);
  await expect.poll(() => numbered(texts()).length).toBe(35);
  expect(gaps).toMatchObject([{count: null, reason: expect.stringMatching(/another one is followed/) as string}]);
});

it('publishers that connect to a subscriber: what each of them says is kept', async () => {
  const {input, texts, gaps} = await tapped();
  const sub = await subscriber([''], {bind: `ipc://${folder}/real`});
  const pubs = [keep(await openPub({connect: `ipc://${folder}/front`})), keep(await openPub({connect: `ipc://${folder}/front`}))];
  for (const [at, pub] of pubs.entries()) {
    while (!sub.got.includes(`x ${at} hello`)) {
      await pub.socket.send(['x', `${at} hello`]);
      await new Promise((go) => setTimeout(go, 5));
    }
  }
  await publish(pubs, ['x'], [sub], 40);
  const expected = [0, 1].flatMap((at) => Array.from({length: 40}, (_, number) => `x ${at}:${number + 1}`)).sort();
  await expect.poll(() => numbered(texts()).sort()).toEqual(expected);
  expect(input.end().seen).toMatchObject({copies: 0, lost: 0});
  expect(gaps).toEqual([]);
});
