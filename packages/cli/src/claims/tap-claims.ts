import {decided, decidedByInterval, type Claim, type ClaimContext, type ClaimFigure} from './claim.ts';
import {once} from './shared-run.ts';
import {tapFlood} from './tap-flood.ts';
import {tapInterference, type Interference, type StateFigures} from './tap-interference.ts';
import type {Estimate} from './interleaved-quantiles.ts';

const PATTERNS = ['push-pull', 'pub-sub', 'req-rep', 'dealer-router'] as const;
const GIB = 1024 ** 3;
const STATES = 'with the shadow idle, slow (1 ms a message), stopped and killed: the worst of the four';

const steady = once((context: ClaimContext) => {
  context.say('tap       100,000 messages/s of 200 octets for 60 s, tapped, logged and followed');
  return tapFlood(context, {count: 6_000_000, rate: 100_000, keepBytes: 3 * GIB});
});
const tenMillion = once((context: ClaimContext) => {
  context.say('tap       10,000,000 messages as fast as they go');
  return tapFlood(context, {count: 10_000_000, rate: 0, keepBytes: 3 * GIB});
});

interface Judged {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

/** The worst state stands for all: it holds when all four do, and does not when one does not. */
const worstOf = (states: readonly StateFigures[], goal: string, {of, isWorse, text}: {of: (state: StateFigures) => Judged; isWorse: (a: number, b: number) => boolean; text: (state: StateFigures) => string}, conditions: string): ClaimFigure => {
  const all = states.map((state) => decidedByInterval(goal, {...of(state), median: of(state).value}, ''));
  const worst = states.map(of).reduce((a, b) => (isWorse(b.value, a.value) ? b : a));
  const holds = all.some((one) => one.holds === false) ? false : all.every((one) => one.holds === true) ? true : null;
  return {figure: worst.value, holds, conditions: `${holds === null ? 'inconclusive: an interval holds the goal; ' : ''}${states.map((state) => `${state.state} ${text(state)}`).join(', ')}; ${conditions}`};
};

const between = ({value, low, high}: Estimate, digits: number): string => `${value.toFixed(digits)} [${low.toFixed(digits)}, ${high.toFixed(digits)}]`;

const perPattern = (pattern: (typeof PATTERNS)[number]): Claim[] => {
  const measured = once((context: ClaimContext): Promise<Interference> => tapInterference(context, pattern));
  const isOneWay = pattern === 'push-pull' || pattern === 'pub-sub';
  const added = (key: 'p50' | 'p99'): Claim => ({
    id: `tap.added-${key}-${pattern}`, area: 'tap', claim: `${pattern}: what the tap adds to the ${key} ${isOneWay ? 'of the way' : 'of a round trip'} beyond what libzmq's C proxy adds (below 0: less than the proxy), ${STATES}`, unit: 'µs', goal: '<= 0', measure: async (context) => {
      const {states, control, direct, proxy, conditions} = await measured(context);
      const text = ({quantiles}: StateFigures): string => {
        const {differenceUs, ratio, addedRatio} = quantiles[key];
        return `${between(differenceUs, 0)} µs (${ratio.value.toFixed(2)} × the proxy's ${key}; of what it adds ${addedRatio === null ? 'no ratio: it may add nothing' : between(addedRatio, 2)})`;
      };
      const tail = key === 'p99' ? ` p95: ${states.map(({state, quantiles}) => `${state} ${between(quantiles.p95.differenceUs, 0)}`).join(', ')} µs;` : '';
      return worstOf(states, '<= 0', {of: ({quantiles}) => quantiles[key].differenceUs, isWorse: (a, b) => a > b, text},
        `${key} of direct ${direct[key]} µs, of the proxy ${proxy[key]} µs;${tail} direct beside direct again ${between(control[key], 0)} µs; ${conditions}`);
    },
  });
  const none = (id: string, claim: string, unit: string, of: (state: StateFigures) => number): Claim => ({
    id: `tap.${id}-${pattern}`, area: 'tap', claim: `${pattern}: ${claim}`, unit, goal: '= 0', measure: async (context) => {
      const {states, conditions} = await measured(context);
      return decided('= 0', states.reduce((sum, state) => sum + of(state), 0), `all four states together; ${conditions}`);
    },
  });
  return [
    {id: `tap.held-${pattern}`, area: 'tap', claim: `${pattern}: share of ${isOneWay ? '20,000' : '2,000'}/s that live holds through the tap, of what it holds directly, ${STATES}`, unit: '', goal: '>= 0.98', measure: async (context) => {
      const {states, conditions} = await measured(context);
      const of = ({held: {median, low, high}}: StateFigures): Judged => ({value: median, low, high});
      return worstOf(states, '>= 0.98', {of, isWorse: (a, b) => a < b, text: (state) => between(of(state), 3)}, conditions);
    }},
    added('p50'), added('p99'),
    none('lost', 'messages that live lost through the tap', 'messages', ({lost}) => lost),
    none('changed', 'blocks of messages whose SHA-256 is another one behind the tap', 'blocks', ({changed}) => changed),
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
