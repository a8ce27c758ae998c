import {decided, decidedByInterval, type Claim, type ClaimContext, type ClaimFigure} from './claim.ts';
import {once} from './shared-run.ts';
import {tapFlood} from './tap-flood.ts';
import {tapInterference, type Interference, type StateFigures} from './tap-interference.ts';
import type {MedianInterval} from './paired-rounds.ts';

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

/** The worst state stands for all: it holds when all four do, and does not when one does not. */
const worstOf = (states: readonly StateFigures[], goal: string, {of, isWorse}: {of: (state: StateFigures) => MedianInterval; isWorse: (a: number, b: number) => boolean}, conditions: string): ClaimFigure => {
  const all = states.map((state) => decidedByInterval(goal, of(state), ''));
  const worst = states.map(of).reduce((a, b) => (isWorse(b.median, a.median) ? b : a));
  const holds = all.some((one) => one.holds === false) ? false : all.every((one) => one.holds === true) ? true : null;
  const text = (state: StateFigures): string => `${state.state} ${of(state).median.toFixed(3)} [${of(state).low.toFixed(3)}, ${of(state).high.toFixed(3)}]`;
  return {figure: worst.median, holds, conditions: `${holds === null ? 'inconclusive: an interval holds the goal; ' : ''}${states.map(text).join(', ')}; ${conditions}`};
};

const perPattern = (pattern: (typeof PATTERNS)[number]): Claim[] => {
  const measured = once((context: ClaimContext): Promise<Interference> => tapInterference(context, pattern));
  const isOneWay = pattern === 'push-pull' || pattern === 'pub-sub';
  const added = (key: 'p50' | 'p99'): Claim => ({
    id: `tap.added-${key}-${pattern}`, area: 'tap', claim: `${pattern}: what the tap adds to the ${key} ${isOneWay ? 'of the way' : 'of a round trip'} over what libzmq's C proxy adds, ${STATES}`, unit: '×', goal: '<= 1', measure: async (context) => {
      const {states, proxyUs, conditions} = await measured(context);
      const us = states.map(({state, addedUs}) => `${state} +${addedUs[key]}`).join(', ');
      return worstOf(states, '<= 1', {of: (state) => state[key], isWorse: (a, b) => a > b}, `µs beyond direct: ${us}, proxy +${proxyUs[key]}; ${conditions}`);
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
      return worstOf(states, '>= 0.98', {of: ({held}) => held, isWorse: (a, b) => a < b}, conditions);
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
