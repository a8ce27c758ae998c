// What a message costs the engine with each transport, same traffic, same generator, taking turns:
//   node packages/engine/bench/gateway-transport.bench.ts [messages flat out] [open-loop rate per second] [seconds of it] [rounds]
// The generator speaks our own ZMTP, so it is never the slower side. CPU is the engine's own, start-up taken off.
import {spawn, type ChildProcess} from 'node:child_process';
import {mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {setTimeout as sleep} from 'node:timers/promises';
import {connectPull, connectPush, type PushSocket} from '@tandem/zmtp';
import {engineLaneProgram} from '../src/index.ts';
import {roomyRulebook, steadyTraffic} from './bench-world.ts';

const [flatOut = 300_000, rate = 10_000, seconds = 4, rounds = 2] = process.argv.slice(2).map(Number);

interface Figures {
  readonly perSecond: number;
  readonly cpuUs: number;
  readonly answers: number;
  readonly hash: string;
  /** from the planned time of a new order to its first answer, open loop only */
  readonly latencyUs: readonly number[];
}

const statsOf = async (engine: ChildProcess, file: string, afterMs: number): Promise<number> => {
  engine.kill('SIGUSR2');
  for (let tries = 0; tries < 500; tries++) {
    await sleep(10);
    try {
      const stats = JSON.parse(readFileSync(file, 'utf8')) as {cpuMs: number; uptimeMs: number};
      if (stats.uptimeMs > afterMs) return stats.cpuMs;
    } catch {
      // not written yet
    }
  }
  throw new Error('the engine writes no figures');
};

const sendAll = async (push: PushSocket, messages: readonly Uint8Array[], planned: Float64Array | null): Promise<void> => {
  const start = performance.now();
  for (let at = 0; at < messages.length;) {
    const until = planned === null ? messages.length : Math.min(messages.length, Math.floor((performance.now() - start) * rate / 1000));
    while (at < until) {
      if (!push.send(messages[at]!)) break;
      if (planned !== null) planned[at] = start + at * 1000 / rate;
      at++;
      if (planned === null && at % 256 === 0 && push.isBlocked) break;
    }
    push.flush();
    if (push.isBlocked) await push.whenRoom(1000);
    else await new Promise<void>((resolve) => { setImmediate(resolve); });
  }
};

const run = async (transport: 'fast' | 'zeromq', messages: readonly Uint8Array[], isOpenLoop: boolean): Promise<Figures> => {
  const folder = mkdtempSync(join(tmpdir(), 'tandem-bench-'));
  const [rules, stats, input, output] = [join(folder, 'rules.json'), join(folder, 'stats.json'), `ipc://${join(folder, 'in')}`, `ipc://${join(folder, 'out')}`];
  writeFileSync(rules, roomyRulebook());
  const engine = spawn(process.execPath, [engineLaneProgram(), 'order', '--rules', rules, '--in', input, '--out', output, '--stats-file', stats, '--transport', transport, '--exit-on-stdin-eof'],
    {stdio: ['pipe', 'pipe', 'inherit']});
  const planned = isOpenLoop ? new Float64Array(messages.length) : null;
  const latencyUs: number[] = [];
  let answers = 0;
  const done = Promise.withResolvers<string>();
  try {
    await new Promise((resolve) => { engine.stdout.once('data', resolve); });
    const pull = connectPull({endpoint: output, limits: {heartbeatMs: 0}, onMessage: (payload) => {
      answers++;
      // refSeqNum stands at a fixed place of every answer: {"msgType":"8","refSeqNum":
      let ref = 0;
      for (let at = 27; at < payload.length && payload[at]! >= 0x30 && payload[at]! <= 0x39; at++) ref = ref * 10 + payload[at]! - 0x30;
      if (planned !== null && planned[ref - 1]! > 0) {
        latencyUs.push((performance.now() - planned[ref - 1]!) * 1000);
        planned[ref - 1] = 0;
      }
      if (payload[12] === 0x30 && payload[13] === 0x22) done.resolve((JSON.parse(Buffer.from(payload).toString()) as {stateHash: string}).stateHash);
    }});
    const push = connectPush({endpoint: input, limits: {heartbeatMs: 0}, flushEachTurn: false});
    await Promise.all([pull.ready, push.ready]);
    const cpuBefore = await statsOf(engine, stats, 0);
    const start = performance.now();
    await sendAll(push, messages, planned);
    push.send(Buffer.from('{"msgType":"1","testReqId":"end","stateHash":"1"}'));
    push.flush();
    const hash = await done.promise;
    const wallMs = performance.now() - start;
    const cpuMs = await statsOf(engine, stats, wallMs) - cpuBefore;
    await push.close();
    pull.close();
    return {perSecond: messages.length / wallMs * 1000, cpuUs: cpuMs * 1000 / messages.length, answers, hash, latencyUs: latencyUs.sort((a, b) => a - b)};
  } finally {
    engine.stdin.end();
    await Promise.race([new Promise((resolve) => { engine.once('exit', resolve); }), sleep(4000)]);
    engine.kill('SIGKILL');
    rmSync(folder, {recursive: true, force: true});
  }
};

const say = (title: string, {perSecond, cpuUs, answers, hash, latencyUs}: Figures): void => {
  const at = (p: number): string => (latencyUs[Math.floor((latencyUs.length - 1) * p)] ?? 0).toFixed(0);
  const latency = latencyUs.length === 0 ? '' : `, answer after p50 ${at(0.5)} p99 ${at(0.99)} us`;
  process.stdout.write(`${title}: ${Math.round(perSecond)} messages/s, engine CPU ${cpuUs.toFixed(2)} us/message, ${answers} answers${latency}, state ${hash.slice(0, 12)}\n`);
};

const flat = Array.from(steadyTraffic(flatOut, 1), (text) => Buffer.from(text));
const steady = flat.slice(0, rate * seconds);
for (let round = 1; round <= rounds; round++) {
  for (const transport of round % 2 === 1 ? ['zeromq', 'fast'] as const : ['fast', 'zeromq'] as const) {
    say(`${transport} flat out`, await run(transport, flat, false));
    say(`${transport} at ${rate}/s`, await run(transport, steady, true));
  }
}
