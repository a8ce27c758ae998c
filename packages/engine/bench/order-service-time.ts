// See order-service-time.bench.ts, which starts this.
import {Buffer} from 'node:buffer';
import {PerformanceObserver} from 'node:perf_hooks';
import {setImmediate as nextTurn} from 'node:timers/promises';
import {BatchOrderPath} from '../src/batch-frame/batch-order-path.ts';
import {FrameReader} from '../src/batch-frame/frame-reader.ts';
import {JsonOrderPath} from '../src/order/json/json-order-path.ts';
import {MSG_CANCEL, MSG_MARKET_DATA, MSG_NEW, MSG_VENUE_REPORT, type OrderEvent} from '../src/order/order-event.ts';
import {OrderPath} from '../src/order/order-path.ts';
import {readRulebook} from '../src/order/rulebook-read.ts';
import {roomyRulebook, sha256, steadyTraffic} from './bench-world.ts';
import {printRow, quantiles} from './quantiles.ts';
import {toFrames} from './traffic-frames.ts';

const messages = Number(process.argv[2] ?? 600_000);
const rounds = Number(process.argv[3] ?? 5);
const RECORDS = 64;
/** orders whose memory is asked for between blocks, as the lane does between messages */
const AHEAD = 1024;
/** what a decision takes, about */
const SPIN_NS = 500;
const rules = readRulebook(roomyRulebook());
const ports = {digest: sha256, hashSeed: 1};
const inputs = Array.from(steadyTraffic(messages, 1), (text) => Buffer.from(text));
const frames = toFrames(inputs, new OrderPath(rules, ports).names, RECORDS);
const pauses: number[] = [];
new PerformanceObserver((list) => { for (const entry of list.getEntries()) pauses.push(entry.duration); }).observe({entryTypes: ['gc']});

const nowNs = (): number => performance.now() * 1e6;
/** What a sample shows when nothing happens between its two stamps. */
const showClock = (): void => {
  const idle = new Float64Array(200_000);
  for (let i = 0; i < idle.length; i++) {
    const start = nowNs();
    idle[i] = nowNs() - start;
  }
  printRow('the clock alone', quantiles(idle));
};

const samples = new Float64Array(inputs.length);
/** the second half: the first warms up */
const show = (name: string, spentNs: number): void => {
  printRow(`${name}, mean ${(spentNs / (inputs.length / 2)).toFixed(0)}`, quantiles(samples.slice(inputs.length / 2)));
};
const halfTime = (block: number): boolean => block === Math.floor(frames.length / 2);

const json = (): void => {
  const buffer = new Uint8Array(1 << 16);
  const path = new JsonOrderPath(rules, ports, {
    room: (encoder, bytes) => { if (encoder.at === 0 || encoder.at + bytes > buffer.length) encoder.use(buffer, 0); },
    take: () => undefined,
  });
  let begin = 0;
  for (let block = 0; block < frames.length; block++) {
    if (halfTime(block)) begin = nowNs();
    path.path.touchAhead(AHEAD);
    for (let i = block * RECORDS; i < Math.min(inputs.length, (block + 1) * RECORDS); i++) {
      const start = nowNs();
      path.accept(inputs[i]!);
      samples[i] = nowNs() - start;
    }
  }
  show('JSON: decode, decide, encode', nowNs() - begin);
};

const batch = (): void => {
  const buffer = new Uint8Array(1 << 16);
  const path = new BatchOrderPath(rules, ports, {flush: (writer) => { writer.use(buffer, 0); }});
  path.writer.use(buffer, 0);
  let begin = 0;
  for (let block = 0; block < frames.length; block++) {
    if (halfTime(block)) begin = nowNs();
    path.path.touchAhead(AHEAD);
    const start = nowNs();
    path.acceptFrame(frames[block]!);
    samples.fill((nowNs() - start) / RECORDS, block * RECORDS, (block + 1) * RECORDS);
  }
  show('frames of 64: the same (per record)', nowNs() - begin);
};

/** what a message is: msgType, and execType of a venue report */
const kinds: readonly (readonly [name: string, msgType: number, execType: number])[] = [
  ['new order', MSG_NEW, 0], ['cancel', MSG_CANCEL, 0], ['venue: acknowledged', MSG_VENUE_REPORT, 0x30], ['venue: canceled', MSG_VENUE_REPORT, 0x34],
  ['venue: fill', MSG_VENUE_REPORT, 0x46], ['market data', MSG_MARKET_DATA, 0],
];
const kindOf = new Uint8Array(inputs.length);

/** Half of all frames with decisions, then without: the difference. */
const withoutClock = (): number => {
  const path = new OrderPath(rules, ports);
  const reader = new FrameReader(path.names);
  const [emit, decide, ignore] = [(): void => undefined, (event: OrderEvent): void => { path.accept(event, 0, emit); }, (): void => undefined];
  const half = Math.floor(frames.length / 2);
  const read = (accept: (event: OrderEvent) => void, from: number, to: number): number => {
    const start = nowNs();
    for (let i = from; i < to; i++) {
      if (i % 16 === 0) path.touchAhead(AHEAD);
      reader.read(frames[i]!, accept);
    }
    return nowNs() - start;
  };
  read(decide, 0, half);
  return (read(decide, half, frames.length) - read(ignore, half, frames.length)) / (inputs.length - half * RECORDS);
};

/** Works in registers only: what its time spreads is the machine's doing. @returns of no meaning, but it keeps the loop alive */
const spin = (steps: number): number => {
  let x = 1;
  for (let i = 0; i < steps; i++) x = (Math.imul(x, 0x9e3779b1) + i) | 0;
  return x;
};
const spun = new Int32Array(1);
/** steps that take SPIN_NS on a machine that does nothing else: the fastest of many */
const spinSteps = (): number => {
  let bestNs = Infinity;
  for (let i = 0; i < 2000; i++) {
    const start = nowNs();
    spun[0]! ^= spin(10_000);
    bestNs = Math.min(bestNs, nowNs() - start);
  }
  return Math.round((SPIN_NS * 10_000) / bestNs);
};
const spins = new Float64Array(frames.length * RECORDS);

const decideAlone = (): void => {
  const steps = spinSteps();
  const path = new OrderPath(rules, ports);
  const reader = new FrameReader(path.names);
  let outputs = 0;
  let at = 0;
  let spent = 0;
  const emit = (): void => { outputs++; };
  const accept = (event: OrderEvent): void => {
    const start = nowNs();
    path.accept(event, 0, emit);
    const took = nowNs() - start;
    samples[at] = took;
    kindOf[at++] = kinds.findIndex(([, msgType, execType]) => event.kind === msgType && (execType === 0 || event.execType === execType));
    if (at > inputs.length / 2) spent += took;
  };
  // as many loops as decisions behind every frame: both meet the same machine
  for (let block = 0; block < frames.length; block++) {
    path.touchAhead(AHEAD);
    reader.read(frames[block]!, accept);
    for (let i = block * RECORDS; i < (block + 1) * RECORDS; i++) {
      const start = nowNs();
      spun[0]! ^= spin(steps);
      spins[i] = nowNs() - start;
    }
  }
  const second = samples.slice(inputs.length / 2);
  show('decide alone', spent);
  printRow('a loop without memory beside it', quantiles(spins.slice(spins.length / 2)));
  kinds.forEach(([name], kind) => { printRow(`  ${name}`, quantiles(second.filter((_, i) => kindOf[inputs.length / 2 + i] === kind))); });
  process.stdout.write(`  no clock inside: mean ${withoutClock().toFixed(0)}\n`);
};

process.stdout.write(`${process.version}, ${inputs.length} messages, ns per message, clock included, second half of each run\n`);
for (let round = 0; round < rounds; round++) {
  showClock();
  for (const run of [json, batch, decideAlone]) {
    pauses.length = 0;
    run();
    await nextTurn();
    process.stdout.write(`  collections ${pauses.length}, longest ${Math.max(0, ...pauses).toFixed(2)} ms\n`);
  }
}
