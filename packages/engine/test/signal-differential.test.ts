import {spawnSync} from 'node:child_process';
import {fileURLToPath} from 'node:url';
import fc from 'fast-check';
import {describe, expect, it} from 'vitest';
import {signalPathLane} from '../src/signal-lane.ts';
import {readSignalLaneOptions} from '../src/signal-lane-options.ts';
import {fewFeatures} from '../src/signal/few-features.ts';
import {deep, seed} from './seed.ts';

const folder = fileURLToPath(new URL('./', import.meta.url));
const reference = fileURLToPath(new URL('../../legacy-bridge/python/reference/', import.meta.url));
const python = process.env['TANDEM_PYTHON'] ?? 'python3';

const inPython = (messages: readonly Uint8Array[]): readonly (readonly string[])[] => {
  const {stdout, status, stderr} = spawnSync(python, [`${folder}signal_peer.py`, reference], {input: messages.map((message) => `${Buffer.from(message).toString('hex')}\n`).join(''), encoding: 'utf8', maxBuffer: 256 * 1024 * 1024});
  if (status !== 0) throw new Error(stderr.slice(-2000));
  return stdout.trim().split('\n').map((line) => JSON.parse(line) as string[]);
};

const inEngine = (messages: readonly Uint8Array[]): readonly (readonly string[])[] => {
  const options = readSignalLaneOptions(['--symbols', 'AAA,BBB', '--in', 'ipc:///x', '--out', 'ipc:///y', '--threshold', '0.01', '--features-every', '3']);
  let out: string[] = [];
  const lane = signalPathLane(options, {makeFeatures: fewFeatures, model: {modelHash: '0'.repeat(64), fit: null, predict: (row) => row[0]! - row[2]!}}, {send: (octets) => { out.push(Buffer.from(octets).toString('utf8')); return true; }, isBlocked: () => false});
  const all = messages.map((message) => {
    out = [];
    lane.accept(message);
    return out;
  });
  lane.stop();
  return all;
};

/** As a reader of JSON sees it: `1.0` and `1` are one number, blanks are nothing. */
const meaning = (outputs: readonly (readonly string[])[]): unknown => outputs.map((frames) => frames.map((frame) => JSON.parse(frame) as unknown));

const size = fc.integer({min: 0, max: 500});
const price = fc.oneof({weight: 6, arbitrary: fc.integer({min: 9000, max: 11_000}).map((cents) => cents / 100)}, {weight: 1, arbitrary: fc.double({noNaN: true, noDefaultInfinity: true})});
const tick = fc.record({msgType: fc.constant('T'), symbol: fc.constantFrom('AAA', 'BBB'), timeUs: fc.integer({min: 0, max: 2 ** 52}), price, high: price, low: price, volume: size, bidSize: size, askSize: size, reference: price});
const odd = fc.oneof(fc.constant(null), fc.constant(true), fc.constant('1'), fc.double(), fc.constant([]), fc.constant({}), fc.constant(-1), fc.constant(1.5), fc.constant(2 ** 53));
const keys = ['msgSeqNum', 'symbol', 'timeUs', 'price', 'high', 'low', 'volume', 'bidSize', 'askSize', 'reference', 'msgType'] as const;
/** A tick, a tick with one wrong field, a test request, or octets that mean nothing. */
const message = fc.oneof(
  {weight: 12, arbitrary: tick.map((value) => ({value: value as Record<string, unknown>, raw: null as Uint8Array | null}))},
  {weight: 1, arbitrary: fc.tuple(tick, fc.constantFrom(...keys), odd).map(([value, key, wrong]) => ({value: {...value, [key]: wrong} as Record<string, unknown>, raw: null as Uint8Array | null}))},
  {weight: 1, arbitrary: fc.constantFrom('0', '1').map((stateHash) => ({value: {msgType: '1', testReqId: 'tdm.1', stateHash} as Record<string, unknown>, raw: null as Uint8Array | null}))},
  {weight: 1, arbitrary: fc.constantFrom('', '{', '[]', '7', '"x"', 'null', '{"msgType":"T"}').map((text) => ({value: {} as Record<string, unknown>, raw: Buffer.from(text) as Uint8Array}))},
);

describe('the signal service in both languages', () => {
  it(`answers the same to anything (seed ${seed})`, () => {
    fc.assert(fc.property(fc.array(message, {minLength: 60, maxLength: 400}), fc.array(fc.integer({min: 0, max: 4}), {minLength: 400, maxLength: 400}), (made, steps) => {
      let seq = 0;
      const messages = made.map(({value, raw}, at) => {
        // now and then a sequence number is repeated
        seq += steps[at]! > 0 ? 1 : 0;
        return raw ?? Buffer.from(JSON.stringify('msgSeqNum' in value || value['msgType'] === '1' ? value : {...value, msgSeqNum: Math.max(1, seq)}));
      });
      const final = Buffer.from('{"msgType":"1","testReqId":"end","stateHash":"1"}');
      expect(meaning(inEngine([...messages, final]))).toEqual(meaning(inPython([...messages, final])));
    }), {seed, numRuns: deep ? 200 : 6, ...(deep ? {} : {interruptAfterTimeLimit: 20_000, markInterruptAsFailure: false})});
  }, deep ? 600_000 : 30_000);

  it('goes on after a price of zero, as arrays do', () => {
    const messages = [100, 0, 0, 100, -0, 50].map((price, at) => Buffer.from(`{"msgType":"T","symbol":"AAA","timeUs":${at},"price":${Object.is(price, -0) ? '-0.0' : price},"high":1,"low":1,"volume":1,"bidSize":1,"askSize":1,"reference":1,"msgSeqNum":${at + 1}}`));
    const final = Buffer.from('{"msgType":"1","testReqId":"end","stateHash":"1"}');
    expect(meaning(inEngine([...messages, final]))).toEqual(meaning(inPython([...messages, final])));
  });

  it('keeps every digit of a number', () => {
    const value = {msgType: 'T', symbol: 'AAA', timeUs: 1, high: 0.1 + 0.2, low: 5e-324, volume: 1e308, bidSize: -0, askSize: 2 ** 53 - 1, reference: 1e-7};
    const messages = Array.from({length: 30}, (_, at) => Buffer.from(JSON.stringify({...value, msgSeqNum: at + 1, price: 100 + Math.sin(at) / 3})));
    expect(meaning(inEngine(messages))).toEqual(meaning(inPython(messages)));
  });
});
