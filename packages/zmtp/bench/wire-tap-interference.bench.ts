// What stands in the path of live traffic costs it: direct, our tap as its own process, libzmq's own proxy in C, taking turns in one run, both ends pyzmq.
//   node packages/zmtp/bench/wire-tap-interference.bench.ts [pattern] [rounds] [ipc|tcp] [name=command ...]
// Patterns: push-pull pub-sub req-rep dealer-router pair. A further way is any command that takes <listen> <upstream> as its last two arguments, says a line
// when it is ready, answers each line on stdin with one of JSON, and ends with its stdin. `--bare` leaves out the tap alone. After a round that warms up, each
// further way is told `{"do":"settle"}` (what it does to itself then is its affair), at the end `{"do":"report"}`.
// Calm: 1000 messages/s one at a time; delays of one-way patterns are from send to receive, of the others round trips. A round has four blocks of each way, each
// time in another order, and each way's quantiles are those of its four blocks. Held: what arrived in the planned time at a rate that direct holds.
// The last line is one JSON object, with every round's figures: what was measured at the same time can be compared in pairs.
import {appendFileSync} from 'node:fs';
import {Bench, here, median, python, type Worker} from './bench-processes.ts';

interface Came {
  readonly count: number;
  readonly delaysNs: readonly number[];
  readonly firstNs: number;
  readonly lastNs: number;
  readonly isSame: boolean;
}
interface Figures {
  readonly p50Ns: number[];
  readonly p99Ns: number[];
  readonly heldRatio: number[];
  lost: number;
  /** blocks whose octets did not come as they were sent */
  changed: number;
}

const switches = process.argv.slice(2).filter((text) => text.startsWith('--'));
const [pattern = 'push-pull', roundsText = '5', kind = 'ipc', ...more] = process.argv.slice(2).filter((text) => !text.startsWith('--'));
const rounds = Number(roundsText);
const SIZE = 200;
const BLOCKS = 4;
/** the first of a block find sleeping threads and cold caches, each way's in another state */
const COLD = 10;
const CALM = {count: 110, rate: 1000, burst: 1};
const isOneWay = pattern === 'push-pull' || pattern === 'pub-sub' || pattern === 'xpub-xsub';
const HELD = isOneWay ? {count: 6000, rate: 20_000, burst: 20} : {count: 600, rate: 2000, burst: 1};
const extra = more.map((text) => [text.slice(0, text.indexOf('=')), text.slice(text.indexOf('=') + 1).split(' ')] as const);

const bench = new Bench();
const endpoint = (name: string, port: number): string => (kind === 'ipc' ? bench.ipc(name) : `tcp://127.0.0.1:${port}`);
/** each way: the command that stands between, null for none */
const ways: readonly (readonly [string, readonly string[] | null])[] = [
  ['direct', null], ['proxy', [python, here('libzmq_proxy.py'), pattern]],
  ...(switches.includes('--bare') ? [] : [['tap', [process.execPath, here('wire-tap-process.ts')]] as const]), ...extra,
];
const figures: Figures[] = ways.map(() => ({p50Ns: [], p99Ns: [], heldRatio: [], lost: 0, changed: 0}));
const settled: unknown[] = [], reports: unknown[] = [];

const quantile = (values: readonly number[], share: number): number => values.toSorted((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * share))] ?? Number.NaN;
/** Every way in every place equally often, each time behind another one. */
const turn = (at: number): number[] => {
  const order = ways.map((_, place) => (place + at) % ways.length);
  return at % 2 === 0 ? order : order.reverse();
};

try {
  const real = ways.map((_, at) => endpoint(`real${at}`, 39_700 + at));
  const fronts = ways.map(([, command], at) => (command === null ? real[at]! : endpoint(`front${at}`, 39_720 + at)));
  const bound = await bench.start(python, here('link_ends.py'), 'bind', pattern, ...real);
  const between: Worker[] = [];
  for (const [at, [name, command]] of ways.entries()) {
    if (command === null) continue;
    const worker = await bench.start(...command, fronts[at]!, real[at]!);
    if (extra.some(([one]) => one === name)) between.push(worker);
  }
  const connected = await bench.start(python, here('link_ends.py'), 'connect', pattern, ...fronts);
  const [sender, taker] = pattern === 'pub-sub' || pattern === 'xpub-xsub' ? [bound, connected] : [connected, bound];
  if (!isOneWay) for (const link of ways.keys()) await bound.ask({do: 'answer', link});
  await new Promise((resolve) => { setTimeout(resolve, 1500); }); // subscriptions arrive

  const run = async (link: number, {count, rate, burst}: typeof HELD): Promise<Came> => {
    let came: Came;
    if (isOneWay) {
      const taking = taker.ask<Came & {sha: string}>({do: 'take', link, count});
      const {sha} = await sender.ask<{sha: string}>({do: 'send', link, count, rate, burst, size: SIZE});
      const taken = await taking;
      came = {...taken, isSame: taken.sha === sha};
    } else {
      const asked = await connected.ask<Came & {sha: string; sentSha: string}>({do: 'ask', link, count, rate, size: SIZE});
      came = {...asked, isSame: asked.sha === asked.sentSha};
    }
    const figure = figures[link]!;
    figure.lost += count - came.count;
    if (!came.isSame) figure.changed += 1;
    return came;
  };
  for (let round = 0; round <= rounds; round++) {
    const delays = ways.map((): number[] => []);
    for (let block = 0; block < BLOCKS; block++) {
      for (const link of turn(round * BLOCKS + block)) delays[link]!.push(...(await run(link, CALM)).delaysNs.slice(COLD));
    }
    const held = new Map<number, number>();
    for (const link of turn(round)) {
      const {count, firstNs, lastNs} = await run(link, HELD);
      held.set(link, count / (lastNs - firstNs) * 1e9 / (HELD.rate * HELD.count / (HELD.count - HELD.burst)));
    }
    if (round === 0) {
      for (const worker of between) settled.push(await worker.ask({do: 'settle'}));
      continue;
    }
    for (const [link, figure] of figures.entries()) {
      figure.p50Ns.push(quantile(delays[link]!, 0.5));
      figure.p99Ns.push(quantile(delays[link]!, 0.99));
      figure.heldRatio.push(held.get(link)!);
    }
  }
  for (const worker of between) reports.push(await worker.ask({do: 'report'}));
} finally {
  await bench.end();
}

const rows = ways.map(([name], at) => {
  const note = extra.findIndex(([one]) => one === name);
  return {name, ...figures[at]!, ...(note < 0 ? {} : {settled: settled[note], report: reports[note]})};
});
const us = (ns: number): string => (ns / 1000).toFixed(1);
const added = (all: readonly number[], of: readonly number[]): number => median(all.map((one, round) => one - of[round]!));
for (const {name, p50Ns, p99Ns, heldRatio, lost, changed} of rows) {
  const direct = figures[0]!;
  process.stdout.write(`${pattern} ${kind} ${name.padEnd(8)} p50 ${us(median(p50Ns))} (+${us(added(p50Ns, direct.p50Ns))}) p99 ${us(median(p99Ns))} (+${us(added(p99Ns, direct.p99Ns))}) us, `
    + `held ${median(heldRatio).toFixed(4)} (${median(heldRatio.map((one, round) => one / direct.heldRatio[round]!)).toFixed(4)} of direct), lost ${lost}, changed ${changed}\n`);
}
const result = JSON.stringify({bench: 'wire-tap-interference', pattern, kind, rounds, sizeBytes: SIZE, calm: CALM, blocks: BLOCKS, held: HELD, node: process.version, ways: rows});
if (process.env['TANDEM_BENCH_LOG'] !== undefined) appendFileSync(process.env['TANDEM_BENCH_LOG'], `${result}\n`);
process.stdout.write(`${result}\n`);
