// Run as a program of its own with --expose-gc --trace-opt --trace-deopt: warms the order path up, prints MARK, decides 400,000 more events
// (a million in deep runs) with either codec, prints END and one JSON line of figures. What V8 takes back after MARK is between MARK and END.
import {Buffer} from 'node:buffer';
import {writeSync} from 'node:fs';
import {roomyRulebook, sha256, steadyTraffic} from '../bench/bench-world.ts';
import {toFrames} from '../bench/traffic-frames.ts';
import {BatchOrderPath} from '../src/batch-frame/batch-order-path.ts';
import {JsonOrderPath} from '../src/order/json/json-order-path.ts';
import {readRulebook} from '../src/order/rulebook-read.ts';

const EVENTS = process.env['TANDEM_DEEP'] === '1' ? 1_000_000 : 400_000;
const WARM_UP = 200_000;
const RECORDS = 50;
const rules = readRulebook(roomyRulebook());
const ports = {digest: sha256, hashSeed: 1};
const buffer = new Uint8Array(1 << 16);
const json = new JsonOrderPath(rules, ports, {
  room: (encoder, bytes) => { if (encoder.at === 0 || encoder.at + bytes > buffer.length) encoder.use(buffer, 0); },
  take: () => undefined,
});
const batch = new BatchOrderPath(rules, ports, {flush: (writer) => { writer.use(buffer, 0); }});
batch.writer.use(buffer, 0);
const messages = Array.from(steadyTraffic(EVENTS + WARM_UP, 5), (text) => Buffer.from(text));
const frames = toFrames(messages, batch.path.names, RECORDS);

const runJson = (from: number, to: number): void => { for (let i = from; i < to; i++) json.accept(messages[i]!); };
const runBatch = (from: number, to: number): void => { for (let i = from / RECORDS; i < to / RECORDS; i++) batch.acceptFrame(frames[i]!); };
const collect = (globalThis as {gc?: () => void}).gc!;
/** Heap octets that `work` leaves behind; nothing is collected meanwhile if the young generation is large enough. */
const heapBytes = (work: (from: number, to: number) => void): number => {
  collect();
  const before = process.memoryUsage().heapUsed;
  work(WARM_UP, WARM_UP + EVENTS);
  return process.memoryUsage().heapUsed - before;
};

// in two calls each, so that the loops themselves are warm too
for (const work of [runJson, runBatch]) {
  work(0, WARM_UP / 2);
  work(WARM_UP / 2, WARM_UP);
}
writeSync(1, '\nMARK\n');
const jsonBytes = heapBytes(runJson);
const batchBytes = heapBytes(runBatch);
writeSync(1, '\nEND\n');
writeSync(1, `FIGURES ${JSON.stringify({jsonBytes, batchBytes, equal: json.path.stateHash() === batch.path.stateHash()})}\n`);
