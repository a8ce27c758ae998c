// CPU of a message at one end, ours and zeromq.js, taking turns in one run; the other end is a process of its own with our sockets.
//   node packages/zmtp/bench/message-cost.bench.ts [messages] [octets] [rounds]
import {spawn} from 'node:child_process';
import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {Pull, Push} from 'zeromq';
import {bindPull, bindPush, connectPull, connectPush} from '../src/index.ts';

const [roleOrCount = '500000', second = '200', third = '5'] = process.argv.slice(2);
const turn = (): Promise<void> => new Promise((resolve) => { setImmediate(resolve); });

/** The other end: sends or takes as much as it can until it is ended. */
const other = async (role: string, endpoint: string, bytes: number): Promise<void> => {
  process.stdin.on('end', () => process.exit(0)).resume();
  if (role === 'take') {
    connectPull({endpoint, onMessage: () => undefined});
    return;
  }
  const push = connectPush({endpoint, flushEachTurn: false});
  await push.ready;
  const message = Buffer.alloc(bytes, 1);
  for (;;) {
    for (let n = 0; n < 256 && !push.isBlocked; n++) push.send(message);
    push.flush();
    if (push.isBlocked) await push.whenRoom(1000);
    else await turn();
  }
};

type Way = (endpoint: string, count: number, message: Buffer) => Promise<void>;

const ways: Readonly<Record<string, {readonly role: 'send' | 'take'; readonly run: Way}>> = {
  'receive, ours': {role: 'send', run: async (endpoint, count) => {
    const done = Promise.withResolvers<void>();
    let left = count;
    const pull = await bindPull({endpoint, onMessage: () => { if (--left === 0) done.resolve(); }});
    await done.promise;
    pull.close();
  }},
  'receive, zeromq.js': {role: 'send', run: async (endpoint, count) => {
    const pull = new Pull({receiveHighWaterMark: 10_000});
    await pull.bind(endpoint);
    for (let n = 0; n < count; n++) await pull.receive();
    pull.close();
  }},
  'send, ours': {role: 'take', run: async (endpoint, count, message) => {
    const push = await bindPush({endpoint});
    for (let n = 0; n < count; n++) {
      if (push.isBlocked) await push.whenRoom(10_000);
      push.send(message);
    }
    await push.close(10_000);
  }},
  'send, zeromq.js': {role: 'take', run: async (endpoint, count, message) => {
    const push = new Push({sendHighWaterMark: 10_000, linger: 10_000});
    await push.bind(endpoint);
    for (let n = 0; n < count; n++) await push.send(message);
    push.close();
  }},
};

const measure = async (name: string, count: number, bytes: number): Promise<{cpuNs: number; perSecond: number}> => {
  const way = ways[name]!;
  const folder = mkdtempSync(join(tmpdir(), 'tandem-wire-'));
  const endpoint = `ipc://${join(folder, 's')}`;
  const peer = spawn(process.execPath, [fileURLToPath(import.meta.url), way.role, endpoint, String(bytes)], {stdio: ['pipe', 'inherit', 'inherit']});
  try {
    const cpu = process.cpuUsage();
    const start = performance.now();
    await way.run(endpoint, count, Buffer.alloc(bytes, 1));
    const wallMs = performance.now() - start;
    const {user, system} = process.cpuUsage(cpu);
    return {cpuNs: (user + system) * 1000 / count, perSecond: count / wallMs * 1000};
  } finally {
    peer.stdin.end();
    await new Promise((resolve) => { peer.once('exit', resolve); });
    rmSync(folder, {recursive: true, force: true});
  }
};

if (roleOrCount === 'send' || roleOrCount === 'take') await other(roleOrCount, second, Number(third));
else {
  const [count, bytes, rounds] = [Number(roleOrCount), Number(second), Number(third)];
  const figures = new Map(Object.keys(ways).map((name) => [name, [] as {cpuNs: number; perSecond: number}[]]));
  for (let round = 0; round < rounds; round++) {
    const names = [...figures.keys()];
    for (const name of round % 2 === 0 ? names : names.reverse()) figures.get(name)!.push(await measure(name, count, bytes));
  }
  for (const [name, all] of figures) {
    const sorted = all.map(({cpuNs}) => cpuNs).sort((a, b) => a - b);
    const rate = Math.max(...all.map(({perSecond}) => perSecond));
    process.stdout.write(`${name}: ${bytes} octets, CPU ns/message median ${sorted[sorted.length >> 1]!.toFixed(0)} (${sorted[0]!.toFixed(0)} to ${sorted.at(-1)!.toFixed(0)}), best ${Math.round(rate)}/s\n`);
  }
}
