// What stands in the path of live traffic costs it: direct, our tap as its own process, libzmq's own proxy in C, taking turns in one run, both ends pyzmq.
//   node packages/zmtp/bench/wire-tap-interference.bench.ts [pattern] [rounds] [ipc|tcp] [name=command ...]
// Patterns: push-pull pub-sub req-rep dealer-router pair. A further way is any command that takes <listen> <upstream> as its last two arguments, says a line
// when it is ready, answers each line on stdin with one of JSON, and ends with its stdin. `--bare` leaves out the tap alone. After a round that warms up, each
// further way is told `{"do":"settle"}` (what it does to itself then is its affair), at the end `{"do":"report"}`.
// Calm: message by message, the ways take turns in another order each time, all standing at once: a neighbour of this machine hits them alike, and no way always
// follows the same one. One message at a time; delays of one-way patterns are from send to receive, of the others round trips. Two direct ways are the control:
// what lies between them is the method's own error. Held: what arrived in the planned time at a rate that direct holds. A round has BLOCKS blocks of CALM, then, every second one, HELD.
// The last line is one JSON object with every delay, block by block, and what a thread that only spins saw of the machine before and after.
import {appendFileSync} from 'node:fs';
import {Bench, here, median, python, type Worker} from './bench-processes.ts';

interface Came {
  readonly count: number;
  readonly delaysNs: readonly number[];
  readonly firstNs: number;
  readonly lastNs: number;
  readonly sha: string;
  readonly sentSha?: string;
}
interface Figures {
  /** a list a block */
  readonly delaysNs: (readonly number[])[];
  readonly heldRatio: number[];
  lost: number;
  /** blocks whose octets did not come as they were sent */
  changed: number;
}

const switches = process.argv.slice(2).filter((text) => text.startsWith('--'));
const [pattern = 'push-pull', roundsText = '10', kind = 'ipc', ...more] = process.argv.slice(2).filter((text) => !text.startsWith('--'));
const rounds = Number(roundsText);
const SIZE = 200;
const BLOCKS = 4;
/** messages of each way in a block, and of all ways together in a second */
const CALM = {count: 250, rate: Number(process.env['TANDEM_BENCH_RATE'] ?? 3000)};
const isOneWay = pattern === 'push-pull' || pattern === 'pub-sub' || pattern === 'xpub-xsub';
/** of delays only */
const CONTROL = 'direct-again';
const HELD = isOneWay ? {count: 6000, rate: 20_000, burst: 20} : {count: 600, rate: 2000, burst: 1};
const extra = more.map((text) => [text.slice(0, text.indexOf('=')), text.slice(text.indexOf('=') + 1).split(' ')] as const);

const bench = new Bench();
const endpoint = (name: string, port: number): string => (kind === 'ipc' ? bench.ipc(name) : `tcp://127.0.0.1:${port}`);
/** each way: the command that stands between, null for none */
const ways: readonly (readonly [string, readonly string[] | null])[] = [
  ['direct', null], [CONTROL, null], ['proxy', [python, here('libzmq_proxy.py'), pattern]],
  ...(switches.includes('--bare') ? [] : [['tap', [process.execPath, here('wire-tap-process.ts')]] as const]), ...extra,
];
const figures: Figures[] = ways.map(() => ({delaysNs: [], heldRatio: [], lost: 0, changed: 0}));
const settled: unknown[] = [], reports: unknown[] = [];

const quantile = (values: readonly number[], share: number): number => values.toSorted((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * share))] ?? Number.NaN;
/** Every way in every place equally often, each time behind another one. */
const turn = (at: number): number[] => {
  const order = ways.map((_, place) => (place + at) % ways.length);
  return at % 2 === 0 ? order : order.reverse();
};
const SPIN_MS = 1000;
const PAUSE_NS_MIN = 50_000;
/** What a thread that does nothing but look at the clock does not see: the machine's own pauses. `share`: of the time. */
const spin = (): {pauses: number; worstNs: number; share: number} => {
  const seen = {pauses: 0, worstNs: 0, share: 0};
  const startMs = performance.now();
  for (let lastMs = startMs, nowMs = lastMs; nowMs - startMs < SPIN_MS; lastMs = nowMs) {
    nowMs = performance.now();
    const pauseNs = Math.round((nowMs - lastMs) * 1e6);
    if (pauseNs < PAUSE_NS_MIN) continue;
    seen.pauses += 1;
    seen.worstNs = Math.max(seen.worstNs, pauseNs);
    seen.share += pauseNs / (SPIN_MS * 1e6);
  }
  return seen;
};
const spins = [spin()];

try {
  const real = ways.map((_, at) => endpoint(`real${at}`, 39_700 + at));
  const fronts = ways.map(([, command], at) => (command === null ? real[at]! : endpoint(`front${at}`, 39_720 + at)));
  const bound = await bench.start(python, here('link_ends.py'), 'bind', pattern, ...real);
  const standing = await Promise.all(ways.map(async ([, command], at) => (command === null ? null : await bench.start(...command, fronts[at]!, real[at]!))));
  const between = standing.filter((worker, at) => worker !== null && extra.some(([one]) => one === ways[at]![0])) as Worker[];
  const connected = await bench.start(python, here('link_ends.py'), 'connect', pattern, ...fronts);
  const [sender, taker] = pattern === 'pub-sub' || pattern === 'xpub-xsub' ? [bound, connected] : [connected, bound];
  if (!isOneWay) for (const link of ways.keys()) await bound.ask({do: 'answer', link});
  await new Promise((resolve) => { setTimeout(resolve, 1500); }); // subscriptions arrive

  const count = (link: number, wanted: number, came: Came, sentSha: string | undefined): Came => {
    const figure = figures[link]!;
    figure.lost += wanted - came.count;
    if (came.sha !== sentSha) figure.changed += 1;
    return came;
  };
  const held = async (link: number): Promise<number> => {
    let came: Came;
    if (isOneWay) {
      const taking = taker.ask<Came>({do: 'take', link, count: HELD.count});
      const {sha} = await sender.ask<{sha: string}>({do: 'send', link, ...HELD, size: SIZE});
      came = count(link, HELD.count, await taking, sha);
    } else {
      came = await connected.ask<Came>({do: 'ask', link, count: HELD.count, rate: HELD.rate, size: SIZE});
      count(link, HELD.count, came, came.sentSha);
    }
    return came.count / (came.lastNs - came.firstNs) * 1e9 / (HELD.rate * HELD.count / (HELD.count - HELD.burst));
  };
  const calm = async (seed: number, isKept: boolean): Promise<void> => {
    const order = {links: [...ways.keys()], ...CALM, seed, size: SIZE};
    let came: Record<string, Came>;
    let sent: Record<string, {readonly sha: string}> | null = null;
    if (isOneWay) {
      const taking = taker.ask<Record<string, Came>>({do: 'take-mixed', links: order.links, count: CALM.count});
      sent = await sender.ask<Record<string, {sha: string}>>({do: 'send-mixed', ...order});
      came = await taking;
    } else came = await connected.ask<Record<string, Came>>({do: 'ask-mixed', ...order});
    for (const [link, figure] of figures.entries()) {
      const one = came[link]!;
      count(link, CALM.count, one, sent === null ? one.sentSha : sent[link]!.sha);
      if (isKept) figure.delaysNs.push(one.delaysNs);
    }
  };
  await calm(0, false);
  for (const worker of between) settled.push(await worker.ask({do: 'settle'}));
  await calm(1, false);
  for (let round = 0; round < rounds; round++) {
    for (let block = 0; block < BLOCKS; block++) await calm(2 + round * BLOCKS + block, true);
    if (round % 2 === 1) continue;
    for (const link of turn(round / 2)) if (ways[link]![0] !== CONTROL) figures[link]!.heldRatio.push(await held(link));
  }
  for (const worker of between) reports.push(await worker.ask({do: 'report'}));
} finally {
  await bench.end();
}
spins.push(spin());

const rows = ways.map(([name], at) => {
  const note = extra.findIndex(([one]) => one === name);
  return {name, ...figures[at]!, ...(note < 0 ? {} : {settled: settled[note], report: reports[note]})};
});
const us = (ns: number): string => (ns / 1000).toFixed(1);
for (const {name, delaysNs, heldRatio, lost, changed} of rows) {
  const [direct, proxy] = [figures[0]!, figures[2]!];
  const at = (share: number): string => {
    const [own, first, other] = [delaysNs, direct.delaysNs, proxy.delaysNs].map((blocks) => quantile(blocks.flat(), share)) as [number, number, number];
    return `p${share * 100} ${us(own)} (direct ${us(own - first)}, proxy ${us(own - other)}, added ${((own - first) / (other - first)).toFixed(2)})`;
  };
  const share = heldRatio.length === 0 ? '' : `held ${median(heldRatio).toFixed(4)} (${median(heldRatio.map((one, round) => one / direct.heldRatio[round]!)).toFixed(4)} of direct), `;
  process.stdout.write(`${pattern} ${kind} ${name.padEnd(12)} ${[0.5, 0.95, 0.99].map(at).join(' ')} us, ${share}lost ${lost}, changed ${changed}\n`);
}
const result = JSON.stringify({bench: 'wire-tap-interference', pattern, kind, rounds, sizeBytes: SIZE, calm: CALM, blocks: BLOCKS, held: HELD, node: process.version, spins, ways: rows});
if (process.env['TANDEM_BENCH_LOG'] !== undefined) appendFileSync(process.env['TANDEM_BENCH_LOG'], `${result}\n`);
process.stdout.write(`${result}\n`);
