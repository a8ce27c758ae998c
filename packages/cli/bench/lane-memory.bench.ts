// Where the memory of a lane goes: proportional set size (PSS) by kind of mapping, after so many messages of the claims' traffic.
//   node packages/cli/bench/lane-memory.bench.ts [messages, e.g. 0,1m,2m] [engine|legacy|both] [flags for node, e.g. --max-semi-space-size=1]
// Both lanes get the same messages in the same run. Linux only: it reads smaps. This process maps node too, as the harness does.
import {spawn, type ChildProcess} from 'node:child_process';
import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {setTimeout as sleep} from 'node:timers/promises';
import {engineLaneProgram} from '@tandem/engine';
import {ensurePython, laneEnvironment, pythonLane, referenceScript} from '@tandem/legacy-bridge';
import {connectPull, connectPush, type PullSocket, type PushSocket} from '../../zmtp/src/index.ts';
import {repositoryRoot} from '../src/package-root.ts';
import {DEMO_RULEBOOK, demoTraffic} from '../src/traffic/demo-traffic.ts';
import {mappingsOf, type Mappings} from './smaps.ts';

const [steps = '0,500k,1m,2m', which = 'both', ...nodeFlags] = process.argv.slice(2);
const countOf = (text: string): number => Number.parseFloat(text) * (text.endsWith('m') ? 1e6 : text.endsWith('k') ? 1e3 : 1);
const SEED = 1;
const BATCH = 512;

interface Program {
  readonly command: string;
  readonly args: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  readonly cwd: string;
}

interface Fed {
  readonly name: string;
  readonly child: ChildProcess;
  readonly push: PushSocket;
  readonly pull: PullSocket;
  readonly settle: () => Promise<void>;
}

const programs = async (folder: string): Promise<Map<string, Program>> => {
  const args = (name: string): string[] => ['--rules', DEMO_RULEBOOK, '--in', `ipc://${folder}/${name}.in`, '--out', `ipc://${folder}/${name}.out`, '--exit-on-stdin-eof'];
  const all = new Map<string, Program>();
  if (which !== 'legacy') all.set('engine', {command: process.execPath, args: [...nodeFlags, engineLaneProgram(), 'order', ...args('engine')], env: laneEnvironment(process.execPath), cwd: folder});
  if (which !== 'engine') {
    const python = await ensurePython({repo: repositoryRoot(), surroundings: process.env, onProgress: () => undefined});
    const lane = pythonLane({name: 'legacy', script: referenceScript('order_path'), rules: null, python, args: args('legacy')});
    all.set('legacy', {command: lane.command, args: lane.args, env: {...lane.env}, cwd: lane.cwd});
  }
  return all;
};

const start = async (folder: string, name: string, program: Program): Promise<Fed> => {
  const child = spawn(program.command, program.args, {stdio: ['pipe', 'pipe', 'inherit'], env: program.env, cwd: program.cwd});
  await new Promise((resolve) => { child.stdout!.once('data', resolve); });
  let answered: PromiseWithResolvers<void> | null = null;
  const pull = connectPull({endpoint: `ipc://${folder}/${name}.out`, limits: {heartbeatMs: 0}, onMessage: (payload) => {
    // {"msgType":"0" is the answer to a test request
    if (payload[12] === 0x30) answered?.resolve();
  }});
  const push = connectPush({endpoint: `ipc://${folder}/${name}.in`, limits: {heartbeatMs: 0}, flushEachTurn: false});
  await Promise.all([pull.ready, push.ready]);
  const settle = async (): Promise<void> => {
    answered = Promise.withResolvers();
    push.send(Buffer.from('{"msgType":"1","testReqId":"end","stateHash":"0"}'));
    push.flush();
    await answered.promise;
    await sleep(1500);
  };
  return {name, child, push, pull, settle};
};

const say = (lane: string, messages: number, orders: number, {pssKiB, rssKiB, kinds}: Mappings): void => {
  const parts = [...kinds].filter(([, kib]) => kib >= 512).map(([kind, kib]) => `${kind} ${(kib / 1024).toFixed(1)}`).join(', ');
  process.stdout.write(`${lane.padEnd(6)} ${String(messages).padStart(9)} messages, ${String(orders).padStart(8)} new orders: PSS ${(pssKiB / 1024).toFixed(1)} MiB (RSS ${(rssKiB / 1024).toFixed(1)}): ${parts}\n`);
};

const folder = mkdtempSync(join(tmpdir(), 'tandem-bench-'));
const lanes: Fed[] = [];
try {
  for (const [name, program] of await programs(folder)) lanes.push(await start(folder, name, program));
  const traffic = demoTraffic({seed: SEED, orders: Number.MAX_SAFE_INTEGER});
  let sent = 0;
  for (const step of steps.split(',').map(countOf)) {
    for (; sent < step; sent++) {
      const message = Buffer.from(traffic.next()!);
      for (const {push} of lanes) while (!push.send(message)) await push.whenRoom(1000);
      if (sent % BATCH !== 0) continue;
      for (const {push} of lanes) {
        push.flush();
        while (push.isBlocked) await push.whenRoom(1000);
      }
      await new Promise((resolve) => { setImmediate(resolve); });
    }
    for (const lane of lanes) await lane.settle();
    const seen = lanes.map(({child}) => mappingsOf(child.pid!));
    lanes.forEach(({name}, i) => { say(name, sent, traffic.sentOrders, seen[i]!); });
    if (seen.length === 2) process.stdout.write(`       engine over legacy ${(seen[0]!.pssKiB / seen[1]!.pssKiB).toFixed(3)}\n`);
  }
} finally {
  for (const {child, push, pull} of lanes) {
    await push.close();
    pull.close();
    child.stdin!.end();
    await Promise.race([new Promise((resolve) => { child.once('exit', resolve); }), sleep(4000)]);
    child.kill('SIGKILL');
  }
  rmSync(folder, {recursive: true, force: true});
}
