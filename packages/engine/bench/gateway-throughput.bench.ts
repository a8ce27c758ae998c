// Messages per second through the sockets, end to end: this process sends and receives, the engine runs as its own program.
//   node packages/engine/bench/gateway-throughput.bench.ts [messages] [json|batch|both]
import {spawn} from 'node:child_process';
import {Buffer} from 'node:buffer';
import {mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {Pull, Push} from 'zeromq';
import {engineLaneProgram} from '../src/index.ts';
import {MAGIC} from '../src/batch-frame/record-layout.ts';
import {OrderPath} from '../src/order/order-path.ts';
import {readRulebook} from '../src/order/rulebook-read.ts';
import {roomyRulebook, sha256, steadyTraffic} from './bench-world.ts';
import {toFrames} from './traffic-frames.ts';

const count = Number(process.argv[2] ?? 300_000);
const which = process.argv[3] ?? 'both';
const TEST = '{"msgType":"1","testReqId":"end","stateHash":"1"}';

const turn = (): Promise<void> => new Promise((resolve) => { setImmediate(resolve); });
const receivedOf = {outputs: 0, frames: 0, hash: ''};

/** Counts outputs until the answer to the test request behind all messages has come. */
const receiveAll = async (pull: Pull, codec: string): Promise<void> => {
  receivedOf.outputs = 0;
  receivedOf.frames = 0;
  let done = false;
  let dry = false;
  const take = ([part]: Buffer[]): void => {
    receivedOf.frames++;
    if (codec === 'json') {
      receivedOf.outputs++;
      if (part!.length < 200 && part!.includes('"msgType":"0"')) {
        receivedOf.hash = (JSON.parse(part!.toString()) as {stateHash: string}).stateHash;
        done = true;
      }
      return;
    }
    for (let at = 0; at < part!.length; at += 32 + ((part!.readUInt32LE(at + 4) + 7) & ~7)) {
      if (part!.readUInt16LE(at) !== MAGIC) throw new Error('not a record');
      if (part![at + 2] === 0x54) continue;
      receivedOf.outputs++;
      if (part![at + 2] === 0xb0) {
        receivedOf.hash = part!.toString('latin1', at + 72, at + 136);
        done = true;
      }
    }
  };
  while (!done) {
    pull.receiveTimeout = -1;
    take(await pull.receive());
    pull.receiveTimeout = 0;
    do {
      dry = false;
      let last: Promise<void> = Promise.resolve();
      for (let i = 0; i < 64; i++) last = pull.receive().then(take, () => { dry = true; });
      await last;
      await turn();
    } while (!dry && !done);
  }
};

const sendAll = async (push: Push, messages: readonly Uint8Array[]): Promise<void> => {
  let last: Promise<void> = Promise.resolve();
  for (let i = 0; i < messages.length; i++) {
    try {
      last = push.send(messages[i]!);
    } catch {
      i--;
      await last;
      continue;
    }
    if (i % 256 === 255) {
      await last;
      await turn();
    }
  }
  await last;
};

const run = async (codec: 'json' | 'batch', rulesText: Uint8Array, messages: readonly Uint8Array[]): Promise<void> => {
  const folder = mkdtempSync(join(tmpdir(), 'tandem-bench-'));
  const rules = join(folder, 'rulebook.json');
  const stats = join(folder, 'stats.json');
  const endpoints = {in: `ipc://${join(folder, 'in')}`, out: `ipc://${join(folder, 'out')}`};
  writeFileSync(rules, rulesText);
  const engine = spawn(process.execPath, [engineLaneProgram(), 'order', '--rules', rules, '--in', endpoints.in, '--out', endpoints.out, '--codec', codec, '--stats-file', stats],
    {stdio: ['ignore', 'pipe', 'inherit']});
  try {
    await new Promise((resolve) => { engine.stdout.once('data', resolve); });
    const push = new Push({sendHighWaterMark: 10_000, linger: 0});
    const pull = new Pull({receiveHighWaterMark: 10_000, linger: 0});
    push.connect(endpoints.in);
    pull.connect(endpoints.out);
    const {names} = new OrderPath(readRulebook(rulesText), {digest: sha256, hashSeed: 1});
    const all = [...messages, Buffer.from(TEST)];
    const wire = codec === 'json' ? all : toFrames(all, names, 64);
    const cpuBefore = process.cpuUsage();
    const start = performance.now();
    await Promise.all([sendAll(push, wire), receiveAll(pull, codec)]);
    const seconds = (performance.now() - start) / 1000;
    const cpu = process.cpuUsage(cpuBefore);
    engine.kill('SIGTERM');
    await new Promise((resolve) => { engine.once('exit', resolve); });
    const figures = JSON.parse(readFileSync(stats, 'utf8')) as {cpuMs: number; rssBytes: number; collector: {pauses: number; maxMs: number; totalMs: number}; gateway: object};
    process.stdout.write(`${codec}: ${Math.round(messages.length / seconds)} messages/s in, ${receivedOf.outputs} outputs in ${receivedOf.frames} frames, `
      + `engine CPU ${(figures.cpuMs * 1000 / messages.length).toFixed(2)} us/message (start-up included), generator CPU ${((cpu.user + cpu.system) / messages.length).toFixed(2)} us/message\n`
      + `  engine rss ${(figures.rssBytes / 2 ** 20).toFixed(0)} MiB, collections ${figures.collector.pauses}, longest ${figures.collector.maxMs.toFixed(2)} ms, together ${figures.collector.totalMs.toFixed(0)} ms, `
      + `${JSON.stringify(figures.gateway)}\n  state ${receivedOf.hash.slice(0, 16)}\n`);
    push.close();
    pull.close();
  } finally {
    engine.kill('SIGKILL');
    rmSync(folder, {recursive: true, force: true});
  }
};

const rulesText = roomyRulebook();
const messages = Array.from(steadyTraffic(count, 1), (text) => Buffer.from(text));
if (which !== 'batch') await run('json', rulesText, messages);
if (which !== 'json') await run('batch', rulesText, messages);
