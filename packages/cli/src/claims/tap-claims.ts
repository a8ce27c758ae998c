import {spawn} from 'node:child_process';
import {join} from 'node:path';
import {repositoryRoot} from '../package-root.ts';
import {decided, notHere, type Claim, type ClaimContext} from './claim.ts';
import {hostLine} from './host-line.ts';
import {once} from './shared-run.ts';
import {tapFlood} from './tap-flood.ts';

const ROUNDS = '5';
const PATTERNS = ['push-pull', 'pub-sub', 'req-rep', 'dealer-router'] as const;
const GIB = 1024 ** 3;

/** One row of the bench's last line. */
interface Way {
  readonly name: string;
  readonly lost: number;
  /** of what direct held in the same round */
  readonly heldOfDirect: number;
  /** round trip beyond direct of the same round, median over rounds */
  readonly addedP50Ns: number;
  readonly addedP99Ns: number;
}

/** Direct, the bare tap, libzmq's proxy and the whole product take turns in one run of `packages/zmtp/bench/wire-tap-interference.bench.ts`. */
const interference = once(async (context: ClaimContext): Promise<ReadonlyMap<string, readonly Way[]>> => {
  const found = new Map<string, readonly Way[]>();
  for (const pattern of PATTERNS) {
    context.say(`tap       ${pattern}: direct, tap, proxy and product in turns`);
    const product = `product=${process.execPath} ${join(import.meta.dirname, 'tap-way.ts')} ${pattern}`;
    const child = spawn(process.execPath, [join(repositoryRoot(), 'packages/zmtp/bench/wire-tap-interference.bench.ts'), pattern, ROUNDS, 'ipc', product], {stdio: ['ignore', 'pipe', 'inherit'], signal: context.signal});
    let out = '';
    child.stdout.on('data', (chunk: Buffer) => { out += chunk.toString('utf8'); });
    await new Promise<void>((done, failed) => { child.once('close', () => { done(); }).once('error', failed); });
    found.set(pattern, (JSON.parse(out.trim().split('\n').at(-1) ?? '{}') as {ways?: readonly Way[]}).ways ?? []);
  }
  return found;
});
const steady = once((context: ClaimContext) => {
  context.say('tap       100,000 messages/s of 200 octets for 60 s, tapped, logged and followed');
  return tapFlood(context, {count: 6_000_000, rate: 100_000, keepBytes: 3 * GIB});
});
const tenMillion = once((context: ClaimContext) => {
  context.say('tap       10,000,000 messages as fast as they go');
  return tapFlood(context, {count: 10_000_000, rate: 0, keepBytes: 3 * GIB});
});

const perPattern = (pattern: (typeof PATTERNS)[number]): Claim[] => {
  const ways = async (context: ClaimContext): Promise<Readonly<Record<'proxy' | 'tap' | 'product', Way>>> => {
    const found = (await interference(context)).get(pattern) ?? [];
    const way = (name: string): Way => {
      const one = found.find((each) => each.name === name);
      if (one === undefined) throw new Error(`the bench told nothing about ${name}`);
      return one;
    };
    return {proxy: way('proxy'), tap: way('tap'), product: way('product')};
  };
  const us = (ns: number): string => `${(ns / 1000).toFixed(0)} µs`;
  const beside = `whole product, bare tap, libzmq's C proxy (no capture) and direct in turns, ${ROUNDS} rounds, 200 octets, ipc; ${hostLine()}`;
  const added = (id: string, key: 'addedP50Ns' | 'addedP99Ns', name: string): Claim => ({
    id: `tap.added-${id}-${pattern}`, area: 'tap', claim: `${pattern}: what the tap adds to the ${name} of a round trip, over what libzmq's C proxy adds`, unit: '×', goal: '<= 1', measure: async (context) => {
      const {proxy, tap, product} = await ways(context);
      const conditions = `product +${us(product[key])}, bare tap +${us(tap[key])}, proxy +${us(proxy[key])}; ${beside}`;
      // where the proxy adds nothing that can be told from noise there is no ratio
      if (proxy[key] <= 0) return product[key] <= 0 ? decided('<= 1', 0, conditions) : {...notHere(`the proxy added nothing measurable; ${conditions}`), figure: null};
      return decided('<= 1', Math.max(0, product[key]) / proxy[key], conditions);
    },
  });
  return [
    {id: `tap.held-${pattern}`, area: 'tap', claim: `${pattern}: share of the planned rate that live holds through the tap`, unit: '', goal: '>= 0.98', measure: async (context) => {
      const {proxy, product} = await ways(context);
      return decided('>= 0.98', Math.round(product.heldOfDirect * 10_000) / 10_000, `of what direct holds in the same round; proxy ${proxy.heldOfDirect.toFixed(4)}; ${beside}`);
    }},
    added('p50', 'addedP50Ns', 'p50'), added('p99', 'addedP99Ns', 'p99'),
    {id: `tap.lost-${pattern}`, area: 'tap', claim: `${pattern}: messages that live lost through the tap`, unit: 'messages', goal: '= 0', measure: async (context) => decided('= 0', (await ways(context)).product.lost, beside)},
  ];
};

export const tapClaims: readonly Claim[] = [
  ...PATTERNS.flatMap(perPattern),
  {id: 'tap.loss-100k', area: 'tap', claim: 'messages missing at live\'s end, in the log or at a reader that follows it', unit: 'messages', goal: '= 0', measure: async (context) => {
    const {sent, came, holes, logged, tailed, ratePerSecond, proof} = await steady(context);
    return decided('= 0', (sent - came) + holes + (sent - logged) + (sent - tailed), `${sent.toLocaleString('en-US')} messages of 200 octets at ${ratePerSecond.toLocaleString('en-US')}/s, PUSH to PULL, pyzmq ends, ipc; ${proof}`);
  }},
  {id: 'tap.cpu', area: 'tap', claim: 'CPU of the tap\'s process, forwarding and writing the log, a message', unit: 'µs', goal: '<= 4', measure: async (context) => {
    const {cpuUsPerMessage, ratePerSecond} = await steady(context);
    return decided('<= 4', cpuUsPerMessage, `at ${ratePerSecond.toLocaleString('en-US')}/s of 200 octets, both threads`);
  }},
  {id: 'tap.memory', area: 'tap', claim: 'growth of the tap\'s memory over ten million messages', unit: 'MiB', goal: '<= 32', measure: async (context) => {
    const {growthMiB, sent, came, logged, ratePerSecond, proof} = await tenMillion(context);
    return decided('<= 32', sent === came ? growthMiB : Number.NaN, `last three quarters against the first, ${ratePerSecond.toLocaleString('en-US')}/s; ${logged.toLocaleString('en-US')} of ${sent.toLocaleString('en-US')} logged; ${proof}`);
  }},
];
