// Run as a program of its own with --expose-gc: how many octets of heap do a million events leave behind? Prints one JSON line.
import {Buffer} from 'node:buffer';
import {roomyRulebook, sha256, steadyTraffic} from '../bench/bench-world.ts';
import {toFrames} from '../bench/traffic-frames.ts';
import {BatchOrderPath} from '../src/batch-frame/batch-order-path.ts';
import {JsonOrderPath} from '../src/order/json/json-order-path.ts';
import {readRulebook} from '../src/order/rulebook-read.ts';

const EVENTS = 1_000_000;
const WARM_UP = 200_000;
const rules = readRulebook(roomyRulebook());
const ports = {digest: sha256, hashSeed: 1};
const collect = (globalThis as {gc?: () => void}).gc;
if (collect === undefined) throw new Error('needs --expose-gc');

/** Heap octets used while `work` ran, nothing collected in between if the young generation is large enough. */
const used = (work: () => void): number => {
  collect();
  const before = process.memoryUsage().heapUsed;
  work();
  return process.memoryUsage().heapUsed - before;
};

const messages = Array.from(steadyTraffic(EVENTS + WARM_UP, 5), (text) => Buffer.from(text));
const buffer = new Uint8Array(1 << 16);

const json = new JsonOrderPath(rules, ports, {
  room: (encoder, bytes) => { if (encoder.at === 0 || encoder.at + bytes > buffer.length) encoder.use(buffer, 0); },
  take: () => undefined,
});
for (let i = 0; i < WARM_UP; i++) json.accept(messages[i]!);
const jsonBytes = used(() => { for (let i = WARM_UP; i < messages.length; i++) json.accept(messages[i]!); });

const batch = new BatchOrderPath(rules, ports, {flush: (writer) => { writer.use(buffer, 0); }});
batch.writer.use(buffer, 0);
const frames = toFrames(messages, batch.path.names, 50);
const warm = WARM_UP / 50;
for (let i = 0; i < warm; i++) batch.acceptFrame(frames[i]!);
const batchBytes = used(() => { for (let i = warm; i < frames.length; i++) batch.acceptFrame(frames[i]!); });

process.stdout.write(`${JSON.stringify({events: EVENTS, jsonBytes, batchBytes, equal: json.path.stateHash() === batch.path.stateHash()})}\n`);
