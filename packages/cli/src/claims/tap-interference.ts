import {spawn} from 'node:child_process';
import {join} from 'node:path';
import {packageRoot, repositoryRoot} from '../package-root.ts';
import type {ClaimContext} from './claim.ts';
import {hostLine} from './host-line.ts';
import {estimate, resampleQuantiles, type DelayBlocks, type Estimate} from './interleaved-quantiles.ts';
import {medianInterval, type MedianInterval} from './paired-rounds.ts';
import {SHADOW_STATES, type ShadowState} from './shadow-state.ts';

/** each with 1,000 messages of each way, in four blocks */
const ROUNDS = 24;
const SHARES = {p50: 0.5, p95: 0.95, p99: 0.99} as const;
export type Share = keyof typeof SHARES;

/** One way of the bench's last line. */
interface Way {
  readonly name: string;
  readonly delaysNs: DelayBlocks;
  readonly heldRatio: readonly number[];
  readonly lost: number;
  readonly changed: number;
  readonly report?: {readonly harness: string | null; readonly tap: string | null};
}
/** What a thread that only looks at the clock saw of the machine within a second. */
interface Spin {
  readonly pauses: number;
  readonly worstNs: number;
  /** of the time, in pauses of 50 µs and more */
  readonly share: number;
}

/** One quantile of the tap beside that of libzmq's proxy, of messages that took turns with it. */
export interface BesideProxy {
  /** tap - proxy, µs: what the tap adds beyond direct less what the proxy adds */
  readonly differenceUs: Estimate;
  readonly ratio: Estimate;
  /** what the tap adds through what the proxy adds; null when the proxy may have added nothing */
  readonly addedRatio: Estimate | null;
}

/** What the shadow's state did to live. */
export interface StateFigures {
  readonly state: ShadowState;
  readonly quantiles: Readonly<Record<Share, BesideProxy>>;
  /** of what direct holds in the same round */
  readonly held: MedianInterval;
  readonly lost: number;
  /** blocks whose octets came otherwise than they were sent */
  readonly changed: number;
}
export interface Interference {
  readonly states: readonly StateFigures[];
  /** a direct way beside another one, µs: what the method finds where there is nothing */
  readonly control: Readonly<Record<Share, Estimate>>;
  /** µs */
  readonly direct: Readonly<Record<Share, number>>;
  readonly proxy: Readonly<Record<Share, number>>;
  readonly conditions: string;
}

/** What a process must look like for its state to have been measured; /proc knows sleeping (S) and running (R) as alive. */
const EXPECTED: Readonly<Record<ShadowState, RegExp>> = {idle: /^[SRD]$/, slow: /^[SRD]$/, stopped: /^T$/, killed: /^gone$/};

/**
 * Direct (twice, as a control), libzmq's proxy and four whole products, each with its shadow in another state, stand at once and take turns message by message in one
 * run of `packages/zmtp/bench/wire-tap-interference.bench.ts`.
 */
export const tapInterference = async (context: ClaimContext, pattern: string, rounds: number = ROUNDS): Promise<Interference> => {
  context.say(`tap       ${pattern}: direct, libzmq's proxy and the product with its shadow ${SHADOW_STATES.join(', ')}, in turns`);
  const {ways, spins, calm} = await runBench(context, pattern, rounds);
  const way = (name: string): Way => {
    const one = ways.find((each) => each.name === name);
    if (one === undefined) throw new Error(`the bench told nothing about ${name}`);
    return one;
  };
  const order = ['direct', 'direct-again', 'proxy', ...SHADOW_STATES].map(way);
  const resampled = ofShares((share) => resampleQuantiles(order.map(({delaysNs}) => delaysNs), SHARES[share], context.seed));
  const states = SHADOW_STATES.map((state, index): StateFigures => {
    const one = way(state);
    const {harness = null, tap = null} = one.report ?? {};
    if (!EXPECTED[state].test(harness ?? '') || tap === null) throw new Error(`the shadow was not ${state}: harness ${harness ?? 'gone'}, tap ${tap ?? 'gone'}`);
    const place = index + 3;
    return {state, quantiles: ofShares((share) => besideProxy(resampled[share], place)), held: medianInterval(one.heldRatio.map((held, round) => held / (order[0]?.heldRatio[round] ?? Number.NaN))),
      lost: one.lost, changed: one.changed};
  });
  const measuredUs = (place: number) => ofShares((share) => Math.round((resampled[share].measured[place] ?? Number.NaN) / 1000));
  const each = (order[0]?.delaysNs ?? []).reduce((sum, block) => sum + block.length, 0);
  return {states, control: ofShares((share) => estimate(resampled[share], ([direct = Number.NaN, again = Number.NaN]) => (again - direct) / 1000)), direct: measuredUs(0), proxy: measuredUs(2),
    conditions: `${each.toLocaleString('en-US')} messages of 200 octets a way, ${order.length} ways in turns message by message in random order, ${calm.rate.toLocaleString('en-US')}/s together, pyzmq ends, ipc; `
      + `intervals of 95 % from blocks drawn again; ${spinLine(spins)}; ${hostLine()}`};
};

const ofShares = <T>(of: (share: Share) => T): Readonly<Record<Share, T>> => ({p50: of('p50'), p95: of('p95'), p99: of('p99')});

const besideProxy = (quantiles: ReturnType<typeof resampleQuantiles>, place: number): BesideProxy => {
  const [direct, proxy, tap] = [0, 2, place].map((at) => (all: readonly number[]): number => all[at] ?? Number.NaN) as [(all: readonly number[]) => number, (all: readonly number[]) => number, (all: readonly number[]) => number];
  const proxyAdds = estimate(quantiles, (all) => proxy(all) - direct(all));
  return {
    differenceUs: estimate(quantiles, (all) => (tap(all) - proxy(all)) / 1000),
    ratio: estimate(quantiles, (all) => tap(all) / proxy(all)),
    addedRatio: proxyAdds.low > 0 ? estimate(quantiles, (all) => (tap(all) - direct(all)) / (proxy(all) - direct(all))) : null,
  };
};

/** How much of a p99 belongs to the machine: no message that meets one of these pauses is faster than what is left of it. */
const spinLine = (spins: readonly Spin[]): string => {
  const share = spins.reduce((sum, one) => sum + one.share, 0) / Math.max(1, spins.length);
  return `a thread that only spins met ${spins.map(({pauses, worstNs}) => `${pauses} pauses of 50 µs and more, the longest ${(worstNs / 1e6).toFixed(1)} ms,`).join(' then ')} within a second before and after: ${(share * 100).toFixed(1)} % of its time`;
};

interface BenchResult {
  readonly ways: readonly Way[];
  readonly spins: readonly Spin[];
  readonly calm: {readonly rate: number};
}

const runBench = async (context: ClaimContext, pattern: string, rounds: number): Promise<BenchResult> => {
  const products = SHADOW_STATES.map((state) => `${state}=${process.execPath} ${join(packageRoot(), 'src/claims/tap-way.ts')} ${state} ${pattern}`);
  const child = spawn(process.execPath, [join(repositoryRoot(), 'packages/zmtp/bench/wire-tap-interference.bench.ts'), '--bare', pattern, String(rounds), 'ipc', ...products], {stdio: ['ignore', 'pipe', 'inherit'], signal: context.signal});
  let out = '';
  child.stdout.on('data', (chunk: Buffer) => { out += chunk.toString('utf8'); });
  const code = await new Promise<number | null>((done, failed) => { child.once('close', done).once('error', failed); });
  if (code !== 0) throw new Error(`the bench ended with ${code}`);
  return JSON.parse(out.trim().split('\n').at(-1) ?? '{}') as BenchResult;
};
