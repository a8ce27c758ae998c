// Service time of the order path in process: decode, decide, encode; and the decision alone. No sockets.
//   node --expose-gc packages/engine/bench/order-service-time.bench.ts [messages]
import {Buffer} from 'node:buffer';
import {PerformanceObserver} from 'node:perf_hooks';
import {JsonOrderPath} from '../src/order/json/json-order-path.ts';
import {JsonDecoder} from '../src/order/json/json-decode.ts';
import {OrderEvent} from '../src/order/order-event.ts';
import {OrderPath} from '../src/order/order-path.ts';
import {readRulebook} from '../src/order/rulebook-read.ts';
import {roomyRulebook, sha256, steadyTraffic} from './bench-world.ts';
import {printRow, quantiles} from './quantiles.ts';

const messages = Number(process.argv[2] ?? 600_000);
const rules = readRulebook(roomyRulebook());
const inputs = Array.from(steadyTraffic(messages, 1), (text) => Buffer.from(text));
const pauses: number[] = [];
new PerformanceObserver((list) => { for (const entry of list.getEntries()) pauses.push(entry.duration); }).observe({entryTypes: ['gc']});

const nowNs = (): number => performance.now() * 1e6;
/** cost of reading the clock twice, taken off */
const clockNs = (() => {
  const samples = new Float64Array(100_000);
  for (let i = 0; i < samples.length; i++) {
    const start = nowNs();
    samples[i] = nowNs() - start;
  }
  return quantiles(samples).p50!;
})();

const whole = (): {total: number; samples: Float64Array} => {
  const bytes = new Uint8Array(1 << 16);
  let outputs = 0;
  const path = new JsonOrderPath(rules, {digest: sha256, hashSeed: 1}, {
    room: (encoder, size) => { if (encoder.at === 0 || encoder.at + size > bytes.length) encoder.use(bytes, 0); },
    take: () => { outputs++; },
  });
  const samples = new Float64Array(inputs.length);
  const begin = nowNs();
  for (let i = 0; i < inputs.length; i++) {
    const start = nowNs();
    path.accept(inputs[i]!);
    samples[i] = nowNs() - start - clockNs;
  }
  return {total: (nowNs() - begin) / inputs.length, samples};
};

/** Events decoded beforehand, a bounded number at a time: what the batch frame's decoder hands over. */
const core = (): {total: number; samples: Float64Array} => {
  const path = new OrderPath(rules, {digest: sha256, hashSeed: 1});
  const decoder = new JsonDecoder(path.names);
  const samples = new Float64Array(inputs.length);
  let outputs = 0;
  const emit = (): void => { outputs++; };
  const block = Array.from({length: 1024}, () => new OrderEvent());
  let spent = 0;
  for (let from = 0; from < inputs.length; from += block.length) {
    const count = Math.min(block.length, inputs.length - from);
    for (let i = 0; i < count; i++) copyEvent(decoder.decode(inputs[from + i]!), block[i]!);
    const begin = nowNs();
    for (let i = 0; i < count; i++) {
      const start = nowNs();
      path.accept(block[i]!, 0, emit);
      samples[from + i] = nowNs() - start - clockNs;
    }
    spent += nowNs() - begin;
  }
  return {total: spent / inputs.length, samples};
};

const copyEvent = (from: OrderEvent, to: OrderEvent): void => {
  const {num, dec, text, bytes, ...rest} = from;
  Object.assign(to, rest);
  to.num.set(num);
  to.dec.set(dec);
  to.text.set(text);
  if (to.bytes.length < 2112) to.bytes = new Uint8Array(2112);
  to.bytes.set(bytes.subarray(0, 512));
};

process.stdout.write(`${process.version}, ${inputs.length} messages, clock ${clockNs.toFixed(0)} ns taken off, ns per message\n`);
for (let round = 0; round < 3; round++) {
  pauses.length = 0;
  const all = whole();
  printRow(`decode + decide + encode, mean ${all.total.toFixed(0)}`, quantiles(all.samples));
  const alone = core();
  printRow(`decide alone, mean ${alone.total.toFixed(0)}`, quantiles(alone.samples));
  await new Promise((resolve) => { setTimeout(resolve, 50); });
  process.stdout.write(`  collections ${pauses.length}, longest ${Math.max(0, ...pauses).toFixed(2)} ms, together ${pauses.reduce((a, b) => a + b, 0).toFixed(1)} ms\n`);
}
