// What stands in the path of live traffic costs it: direct, our tap as its own process, libzmq's own proxy in C, taking turns in one run, both ends pyzmq.
//   node packages/zmtp/bench/wire-tap-interference.bench.ts [pattern] [rounds] [ipc|tcp] [name=command ...]
// Patterns: push-pull pub-sub req-rep dealer-router pair. A further way is any command that takes <listen> <upstream> as its last two arguments, says a line
// when it is ready, and ends with its stdin. Delays of one-way patterns are from send to receive, of the others round trips; both at 1000 messages/s,
// one at a time. `heldRatio` is what arrived in the planned time at RATE messages/s, which direct holds. The last line is one JSON object.
import {appendFileSync} from 'node:fs';
import {Bench, here, median, python} from './bench-processes.ts';

interface Quantiles {
  readonly count: number;
  readonly p50Ns: number;
  readonly p99Ns: number;
  readonly firstNs: number;
  readonly lastNs: number;
}

const [pattern = 'push-pull', roundsText = '5', kind = 'ipc', ...more] = process.argv.slice(2);
const rounds = Number(roundsText);
const SIZE = 200;
const CALM = {count: 600, rate: 1000};
const isOneWay = pattern === 'push-pull' || pattern === 'pub-sub' || pattern === 'xpub-xsub';
const HELD = isOneWay ? {count: 10_000, rate: 20_000, burst: 20} : {count: 1000, rate: 2000, burst: 1};
const FLOOD = isOneWay ? 30_000 : 3000;
const tapProgram = [process.execPath, here('wire-tap-process.ts')];
const extra = more.map((text) => [text.slice(0, text.indexOf('=')), text.slice(text.indexOf('=') + 1).split(' ')] as const);

const bench = new Bench();
const endpoint = (name: string, port: number): string => (kind === 'ipc' ? bench.ipc(name) : `tcp://127.0.0.1:${port}`);
/** each way: the command that stands between, null for none */
const ways: readonly (readonly [string, readonly string[] | null])[] = [
  ['direct', null], ['tap', tapProgram], ['proxy', [python, here('libzmq_proxy.py'), pattern]], ...extra,
];

type Figures = Record<'p50Ns' | 'p99Ns' | 'heldRatio' | 'floodPerSecond', number[]> & {lost: number};
const figures: Figures[] = ways.map(() => ({p50Ns: [], p99Ns: [], heldRatio: [], floodPerSecond: [], lost: 0}));

try {
  const real = ways.map((_, at) => endpoint(`real${at}`, 39_700 + at));
  const fronts = ways.map(([, command], at) => (command === null ? real[at]! : endpoint(`front${at}`, 39_720 + at)));
  const bound = await bench.start(python, here('link_ends.py'), 'bind', pattern, ...real);
  for (const [at, [, command]] of ways.entries()) {
    if (command !== null) await bench.start(...command, fronts[at]!, real[at]!);
  }
  const connected = await bench.start(python, here('link_ends.py'), 'connect', pattern, ...fronts);
  const [sender, taker] = pattern === 'pub-sub' || pattern === 'xpub-xsub' ? [bound, connected] : [connected, bound];
  if (!isOneWay) for (const link of ways.keys()) await bound.ask({do: 'answer', link});
  await new Promise((resolve) => { setTimeout(resolve, 1500); }); // subscriptions arrive

  const run = async (link: number, count: number, rate: number, burst: number): Promise<Quantiles> => {
    if (!isOneWay) return await connected.ask<Quantiles>({do: 'ask', link, count, rate, size: SIZE});
    const taking = taker.ask<Quantiles>({do: 'take', link, count});
    await sender.ask({do: 'send', link, count, rate, burst, size: SIZE});
    return await taking;
  };
  const perSecond = ({count, firstNs, lastNs}: Quantiles): number => count / (lastNs - firstNs) * 1e9;
  for (let round = 0; round <= rounds; round++) {
    const order = [...ways.keys()];
    if (round % 2 === 1) order.reverse();
    for (const link of order) {
      const figure = figures[link]!;
      const calm = await run(link, CALM.count, CALM.rate, 1);
      const held = await run(link, HELD.count, HELD.rate, HELD.burst);
      const flood = await run(link, FLOOD, 0, FLOOD);
      figure.lost += CALM.count + HELD.count + FLOOD - calm.count - held.count - flood.count;
      if (round === 0) continue; // warms up
      figure.p50Ns.push(calm.p50Ns);
      figure.p99Ns.push(calm.p99Ns);
      figure.heldRatio.push(perSecond(held) / (HELD.rate * HELD.count / (HELD.count - HELD.burst)));
      figure.floodPerSecond.push(perSecond(flood));
    }
  }
} finally {
  await bench.end();
}

const rows = ways.map(([name], at) => {
  const {p50Ns, p99Ns, heldRatio, floodPerSecond, lost} = figures[at]!;
  const direct = figures[0]!;
  const added = (all: readonly number[], of: readonly number[]): number => median(all.map((one, round) => one - of[round]!));
  return {
    name, p50Ns: median(p50Ns), p99Ns: median(p99Ns), addedP50Ns: added(p50Ns, direct.p50Ns), addedP99Ns: added(p99Ns, direct.p99Ns),
    heldRatio: median(heldRatio), heldOfDirect: median(heldRatio.map((one, round) => one / direct.heldRatio[round]!)),
    floodPerSecond: median(floodPerSecond), floodOfDirect: median(floodPerSecond.map((one, round) => one / direct.floodPerSecond[round]!)), lost,
  };
});
const us = (ns: number): string => (ns / 1000).toFixed(1);
for (const row of rows) {
  process.stdout.write(`${pattern} ${kind} ${row.name.padEnd(8)} p50 ${us(row.p50Ns)} (+${us(row.addedP50Ns)}) p99 ${us(row.p99Ns)} (+${us(row.addedP99Ns)}) us, `
    + `held ${row.heldRatio.toFixed(4)} (${row.heldOfDirect.toFixed(4)} of direct), flood ${Math.round(row.floodPerSecond)}/s (${row.floodOfDirect.toFixed(2)}), lost ${row.lost}\n`);
}
const result = JSON.stringify({bench: 'wire-tap-interference', pattern, kind, rounds, sizeBytes: SIZE, heldRate: HELD.rate, calmRate: CALM.rate, node: process.version, ways: rows});
if (process.env['TANDEM_BENCH_LOG'] !== undefined) appendFileSync(process.env['TANDEM_BENCH_LOG'], `${result}\n`);
process.stdout.write(`${result}\n`);
