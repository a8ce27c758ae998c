// What one payload costs to read: `node packages/legacy-bridge/bench/codec-cost.bench.ts [seconds a case]`. Prints µs a payload and MB/s, the best of five rounds.
import {readFileSync} from 'node:fs';
import {deflateSync, gunzipSync} from 'node:zlib';
import {join} from 'node:path';
import type {CodecSpec} from '@tandem/contract';
import {codecOf} from '../src/codecs/codec-of.ts';

const seconds = Number(process.argv[2] ?? 1);
const pickle: CodecSpec = {name: 'pickle', keys: 'strict'};
const made = gunzipSync(readFileSync(join(import.meta.dirname, '../src/codecs/fixtures/python-values.jsonl.gz'))).toString('utf8').trim().split('\n').map((line) => JSON.parse(line) as {name: string; protocol?: number; octets: string});
const objects = made.filter(({name, protocol}) => name === 'objects' && protocol === 4).map(({octets}) => Buffer.from(octets, 'base64'));
const order = {symbol: 'ETHUSDT', last: 2683.8, bid: 2683.6, ask: 2683.61, qty: 0.002, ts: 1723161255611, volume: 0, name: '', side: 'BUY', id: 'ord-0004123'};
const json = Buffer.from(JSON.stringify(order));

/** MessagePack of a flat object of short texts and numbers: enough for a bench. */
const packed = (value: Readonly<Record<string, string | number>>): Buffer => Buffer.concat([Uint8Array.of(0x80 + Object.keys(value).length), ...Object.entries(value).flatMap(([key, one]) => [textOf(key), typeof one === 'string' ? textOf(one) : doubleOf(one)])]);
const textOf = (text: string): Buffer => Buffer.concat([Uint8Array.of(0xa0 + text.length), Buffer.from(text)]);
const doubleOf = (value: number): Buffer => {
  const octets = Buffer.alloc(9, 0xcb);
  octets.writeDoubleBE(value, 1);
  return octets;
};

const cases: readonly (readonly [string, CodecSpec, readonly Uint8Array[]])[] = [
  ['pickle, five small objects', pickle, objects], ['zlib of the same', {name: 'zlib', inner: pickle, bytesMax: 1e6}, objects.map((octets) => deflateSync(octets))],
  ['msgpack, a tick', {name: 'msgpack', keys: 'strict'}, [packed(order)]], ['zlib of json, a tick', {name: 'zlib', inner: {name: 'json'}, bytesMax: 1e6}, [deflateSync(json)]],
  ['delimited, a tick', {name: 'delimited', delimiter: ',', columns: Object.keys(order), header: false, pairs: null, quote: null}, [Buffer.from(Object.values(order).join(','))]],
];
for (const [name, spec, payloads] of cases) {
  const codec = codecOf(spec);
  const bytes = payloads.reduce((sum, one) => sum + one.length, 0);
  let best = Infinity;
  for (let round = 0; round < 5; round += 1) {
    const startedMs = performance.now();
    let count = 0;
    while (performance.now() - startedMs < (seconds * 1000) / 5) {
      for (let repeat = 0; repeat < 100; repeat += 1) for (const payload of payloads) if (codec.decode([payload]).text !== null) count += 1;
    }
    best = Math.min(best, ((performance.now() - startedMs) * 1000) / count);
  }
  process.stdout.write(`${name.padEnd(30)} ${best.toFixed(2).padStart(8)} µs/payload  ${(bytes / payloads.length).toFixed(0).padStart(5)} octets  ${(bytes / payloads.length / best).toFixed(1).padStart(6)} MB/s\n`);
}
