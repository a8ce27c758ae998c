import {spawn} from 'node:child_process';
import {join} from 'node:path';
import {repositoryRoot} from '../package-root.ts';
import {decided, type Claim, type ClaimContext} from './claim.ts';
import {once} from './shared-run.ts';
import {tapFlood} from './tap-flood.ts';

const ROUNDS = '2';
const PATTERNS = ['push-pull', 'pub-sub', 'req-rep', 'dealer-router'] as const;
const GIB = 1024 ** 3;

/** One row of the bench's last line. */
interface Way {
  readonly name: string;
  readonly lost: number;
  /** of what direct held in the same round */
  readonly heldOfDirect: number;
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
  const figure = async (context: ClaimContext, value: (way: Way) => number, goal: string) => {
    const ways = (await interference(context)).get(pattern) ?? [];
    const [proxy, product] = ['proxy', 'product'].map((name) => ways.find((way) => way.name === name));
    return decided(goal, product === undefined ? Number.NaN : value(product), `whole product beside direct in turns, ${ROUNDS} rounds, 200 octets, ipc; libzmq's C proxy in the same run: ${proxy === undefined ? 'not measured' : value(proxy)}`);
  };
  return [
    {id: `tap.held-${pattern}`, area: 'tap', claim: `${pattern}: share of the planned rate that live holds through the tap`, unit: '', goal: '>= 0.98', measure: (context) => figure(context, ({heldOfDirect}) => Math.round(heldOfDirect * 10_000) / 10_000, '>= 0.98')},
    {id: `tap.added-p99-${pattern}`, area: 'tap', claim: `${pattern}: what the tap adds to p99`, unit: 'µs', goal: '<= 25', measure: (context) => figure(context, ({addedP99Ns}) => Math.round(addedP99Ns / 100) / 10, '<= 25')},
    {id: `tap.lost-${pattern}`, area: 'tap', claim: `${pattern}: messages that live lost through the tap`, unit: 'messages', goal: '= 0', measure: (context) => figure(context, ({lost}) => lost, '= 0')},
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
