import {Buffer} from 'node:buffer';
import fc from 'fast-check';
import {describe, expect, it} from 'vitest';
import {Chance, extremeRulebook, ExtremeTraffic} from '../../../test/extreme-traffic.ts';
import {orderHarness} from '../../../test/order-harness.ts';
import {deep, seed} from '../../../test/seed.ts';
import {E_SEQ, MSG_FAILED, OrderEvent} from '../order-event.ts';
import {FastDecode} from './fast-decode.ts';
import {JsonDecoder} from './json-decode.ts';
import {SlowDecode} from './slow-decode.ts';

const WHOLE = 2112;
const runs = (usual: number): number => (deep ? usual * 40 : usual);

/** Everything the core may read of an event, texts resolved, and nothing it may not. */
const readable = (event: OrderEvent): unknown => {
  const {kind, account, symbol, side, ordType, tif, execInst, execType, num, dec, text, bytes} = event;
  const words = [0, 2, 4, 6].map((at) => Buffer.from(bytes.subarray(text[at]!, text[at]! + text[at + 1]!)).toString('latin1'));
  const decimals = [...dec];
  switch (String.fromCharCode(kind)) {
    case 'D': return {kind, account, symbol, side, ordType, tif, execInst, num: [...num], qty: decimals.slice(0, 4), price: ordType === 0x31 ? null : decimals.slice(4), words: words.slice(0, 3)};
    case 'G': return {kind, account, symbol, seq: [num[0], num[1]], decimals, words};
    case 'F': return {kind, account, symbol, seq: [num[0], num[1]], words};
    case '8': return {kind, execType, seq: [num[0], num[1]], decimals: execType === 0x46 ? decimals : null, words: words.slice(2)};
    case '9': return {kind, seq: [num[0], num[1]], words: words.slice(2)};
    case 'W': return {kind, symbol, seq: [num[0], num[1]], decimals, words: words.slice(1, 2)};
    default: return {kind, seq: [num[0], num[1]]};
  }
};

describe('the two JSON decoders', () => {
  const harness = orderHarness(extremeRulebook(new Chance(7)).rulebook);
  const {accounts, symbols} = harness.lane.path.names;
  const fastEvent = new OrderEvent();
  const slowEvent = new OrderEvent();
  const buffer = new Uint8Array(WHOLE);
  const fast = new FastDecode(buffer, {event: fastEvent, accounts, symbols});
  const slow = new SlowDecode({event: slowEvent, accounts, symbols});
  let answered = 0;

  const compare = (message: Uint8Array): void => {
    if (message.length > 2048) return;
    buffer.set(message);
    buffer[message.length] = 0;
    slow.decode(message);
    if (!fast.decode(message.length)) return;
    answered++;
    expect(slowEvent.kind).not.toBe(MSG_FAILED);
    expect(readable(fastEvent)).toEqual(readable(slowEvent));
  };
  const traffic = (trafficSeed: number): ExtremeTraffic => {
    const chance = new Chance(trafficSeed);
    return new ExtremeTraffic(chance, extremeRulebook(chance));
  };

  it('agree on every message that both answer', () => {
    const source = traffic(seed);
    for (let i = 0; i < runs(4000); i++) compare(source.next());
    expect(answered, `seed ${seed}`).toBeGreaterThan(1000);
  });

  it('agree when octets of valid messages are flipped, cut, doubled', () => {
    const source = traffic(seed + 1);
    const samples = Array.from({length: 60}, () => Buffer.from(source.next()));
    fc.assert(fc.property(fc.constantFrom(...samples), fc.array(fc.tuple(fc.nat(400), fc.oneof(fc.nat(255), fc.constantFrom(0x22, 0x2c, 0x3a, 0x7d, 0x5c, 0x20, 0x30)), fc.nat(2)), {minLength: 1, maxLength: 3}), (sample, edits) => {
      let octets = [...sample];
      for (const [place, octet, how] of edits) {
        const at = place % octets.length;
        if (how === 0) octets[at] = octet;
        else if (how === 1) octets.splice(at, 1 + (octet % 5));
        else octets = [...octets.slice(0, at), octet, ...octets.slice(at)];
        if (octets.length === 0) octets = [0x7b];
      }
      compare(Uint8Array.from(octets));
    }), {seed, numRuns: runs(6000)});
  });

  it('every single octet of a valid message may be any other', () => {
    const sample = Buffer.from('{"msgType":"D","msgSeqNum":12,"transactTime":1700000000000000,"account":"-","symbol":"S0","clOrdId":"i1","side":"1","ordType":"2","orderQty":"1.5","price":"10","tif":"6","expireTime":9}');
    for (let at = 0; at < sample.length; at++) {
      for (let octet = deep ? 0 : at % 3; octet < 256; octet += deep ? 1 : 3) {
        const message = Uint8Array.from(sample);
        message[at] = octet;
        compare(message);
      }
    }
  });

  it('never throw, whatever the octets are, and answer each message', () => {
    const lane = orderHarness(extremeRulebook(new Chance(8)).rulebook);
    fc.assert(fc.property(fc.oneof(fc.uint8Array({maxLength: 300}), fc.json().map((text) => Uint8Array.from(Buffer.from(text))), fc.string({unit: 'binary', maxLength: 200}).map((text) => Uint8Array.from(Buffer.from(text)))), (octets) => {
      const outputs = lane.accept(octets);
      expect(outputs).toHaveLength(1);
      expect(JSON.parse(outputs[0]!)).toMatchObject({msgType: '3', account: ''});
    }), {seed, numRuns: runs(3000)});
  });

  it('remember nothing of the message before', () => {
    const decoder = new JsonDecoder({accounts, symbols});
    const text = '{"msgType":"0","msgSeqNum":7,"transactTime":5}';
    expect(decoder.decode(Buffer.from(text)).kind).toBe(0x30);
    expect(decoder.decode(Buffer.from(text.slice(0, -1))).kind).toBe(MSG_FAILED);
    expect(decoder.decode(Buffer.from('{')).kind).toBe(MSG_FAILED);
    expect(decoder.event.num[E_SEQ]).toBe(0);
  });
});

describe('lengths', () => {
  it.each([[65_536, 'SCHEMA_EXTRA'], [65_537, 'SCHEMA_JSON']])('%i octets: %s', (length, text) => {
    const message = `{"msgType":"0","msgSeqNum":1,"transactTime":1,"x":"${'y'.repeat(length - 53)}"}`;
    expect(message).toHaveLength(length);
    expect(JSON.parse(orderHarness(extremeRulebook(new Chance(8)).rulebook).accept(message)[0]!)).toMatchObject({text});
  });

  it.each([[62, 'SCHEMA_EXTRA'], [63, 'SCHEMA_EXTRA'], [64, 'SCHEMA_JSON']])('%i brackets more than the first', (count, text) => {
    for (const value of ['['.repeat(count) + ']'.repeat(count), `"${'{'.repeat(count)}"`]) {
      expect(JSON.parse(orderHarness(extremeRulebook(new Chance(8)).rulebook).accept(`{"msgType":"0","msgSeqNum":1,"transactTime":1,"x":${value}}`)[0]!)).toMatchObject({text});
    }
  });
});
