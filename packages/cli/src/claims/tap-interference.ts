import {spawn} from 'node:child_process';
import {join} from 'node:path';
import {packageRoot, repositoryRoot} from '../package-root.ts';
import type {ClaimContext} from './claim.ts';
import {hostLine} from './host-line.ts';
import {addedRatio, medianInterval, type MedianInterval} from './paired-rounds.ts';
import {SHADOW_STATES, type ShadowState} from './shadow-state.ts';

const ROUNDS = 15;

/** One way of the bench's last line, a figure a round. */
interface Way {
  readonly name: string;
  readonly p50Ns: readonly number[];
  readonly p99Ns: readonly number[];
  readonly heldRatio: readonly number[];
  readonly lost: number;
  readonly changed: number;
  readonly report?: {readonly harness: string | null; readonly tap: string | null};
}

/** What the shadow's state did to live. */
export interface StateFigures {
  readonly state: ShadowState;
  /** what the tap adds over what libzmq's proxy adds, round by round */
  readonly p50: MedianInterval;
  readonly p99: MedianInterval;
  /** of what direct holds in the same round */
  readonly held: MedianInterval;
  readonly lost: number;
  /** blocks whose octets came otherwise than they were sent */
  readonly changed: number;
  /** medians, µs beyond direct: for people */
  readonly addedUs: {readonly p50: number; readonly p99: number};
}
export interface Interference {
  readonly states: readonly StateFigures[];
  readonly proxyUs: {readonly p50: number; readonly p99: number};
  readonly conditions: string;
}

/** What a process must look like for its state to have been measured; /proc knows sleeping (S) and running (R) as alive. */
const EXPECTED: Readonly<Record<ShadowState, RegExp>> = {idle: /^[SRD]$/, slow: /^[SRD]$/, stopped: /^T$/, killed: /^gone$/};

/** Direct, libzmq's proxy and four whole products, each with its shadow in another state, take turns in one run of `packages/zmtp/bench/wire-tap-interference.bench.ts`. */
export const tapInterference = async (context: ClaimContext, pattern: string, rounds: number = ROUNDS): Promise<Interference> => {
  context.say(`tap       ${pattern}: direct, libzmq's proxy and the product with its shadow ${SHADOW_STATES.join(', ')}, in turns`);
  const ways = await runBench(context, pattern, rounds);
  const way = (name: string): Way => {
    const one = ways.find((each) => each.name === name);
    if (one === undefined) throw new Error(`the bench told nothing about ${name}`);
    return one;
  };
  const direct = way('direct'), proxy = way('proxy');
  const added = (one: Way, key: 'p50Ns' | 'p99Ns'): number[] => one[key].map((ns, round) => ns - (direct[key][round] ?? Number.NaN));
  const us = (one: Way, key: 'p50Ns' | 'p99Ns'): number => Math.round(medianInterval(added(one, key)).median / 1000);
  const ratio = (one: Way, key: 'p50Ns' | 'p99Ns'): MedianInterval => {
    const others = added(proxy, key);
    return medianInterval(added(one, key).map((ns, round) => addedRatio(ns, others[round] ?? Number.NaN)));
  };
  const states = SHADOW_STATES.map((state): StateFigures => {
    const one = way(state);
    const {harness = null, tap = null} = one.report ?? {};
    if (!EXPECTED[state].test(harness ?? '') || tap === null) throw new Error(`the shadow was not ${state}: harness ${harness ?? 'gone'}, tap ${tap ?? 'gone'}`);
    return {state, p50: ratio(one, 'p50Ns'), p99: ratio(one, 'p99Ns'), held: medianInterval(one.heldRatio.map((held, round) => held / (direct.heldRatio[round] ?? Number.NaN))),
      lost: one.lost, changed: one.changed, addedUs: {p50: us(one, 'p50Ns'), p99: us(one, 'p99Ns')}};
  });
  const directUs = (key: 'p50Ns' | 'p99Ns'): string => (medianInterval(direct[key]).median / 1000).toFixed(0);
  return {states, proxyUs: {p50: us(proxy, 'p50Ns'), p99: us(proxy, 'p99Ns')},
    conditions: `direct ${directUs('p50Ns')} µs p50 and ${directUs('p99Ns')} µs p99; medians of ${rounds} rounds in pairs with 95 % intervals, 400 messages of 200 octets a way and round at 1,000/s, pyzmq ends, ipc; ${hostLine()}`};
};

const runBench = async (context: ClaimContext, pattern: string, rounds: number): Promise<readonly Way[]> => {
  const products = SHADOW_STATES.map((state) => `${state}=${process.execPath} ${join(packageRoot(), 'src/claims/tap-way.ts')} ${state} ${pattern}`);
  const child = spawn(process.execPath, [join(repositoryRoot(), 'packages/zmtp/bench/wire-tap-interference.bench.ts'), '--bare', pattern, String(rounds), 'ipc', ...products], {stdio: ['ignore', 'pipe', 'inherit'], signal: context.signal});
  let out = '';
  child.stdout.on('data', (chunk: Buffer) => { out += chunk.toString('utf8'); });
  const code = await new Promise<number | null>((done, failed) => { child.once('close', done).once('error', failed); });
  if (code !== 0) throw new Error(`the bench ended with ${code}`);
  return (JSON.parse(out.trim().split('\n').at(-1) ?? '{}') as {ways?: readonly Way[]}).ways ?? [];
};
