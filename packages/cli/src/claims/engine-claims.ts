import {execFile} from 'node:child_process';
import {join} from 'node:path';
import {promisify} from 'node:util';
import {repositoryRoot} from '../package-root.ts';
import {decided, type Claim, type ClaimContext} from './claim.ts';
import {hostLine} from './host-line.ts';
import {once} from './shared-run.ts';

const run = promisify(execFile);
const LIMIT_MS = 240_000;

const bench = async (name: string, args: readonly string[], signal: AbortSignal): Promise<string> => {
  const {stdout} = await run(process.execPath, [join(repositoryRoot(), 'packages/engine/bench', name), ...args], {signal, timeout: LIMIT_MS, maxBuffer: 1024 * 1024});
  return stdout;
};

/** Both codecs through real sockets, load generator on the other core. */
const throughput = once(async ({signal}: ClaimContext): Promise<string> => bench('gateway-throughput.bench.ts', ['400000', 'both'], signal));
const service = once(async ({signal}: ClaimContext): Promise<string> => bench('order-service-time.bench.ts', [], signal));

const rate = (id: string, codec: 'json' | 'batch', claim: string, goal: string): Claim => ({
  id, area: 'order', claim, unit: 'messages/s', goal, measure: async (context) => {
    const line = new RegExp(`^${codec}: (\\d+) messages/s.*$`, 'm').exec(await throughput(context));
    return decided(goal, Number(line?.[1] ?? Number.NaN), `${line?.[0] ?? 'the bench printed no figure'}; ${hostLine()}`);
  },
});

/** The best of the bench's rounds: what the code needs when the machine does not disturb it. */
const bestQuantile = (text: string, row: string, quantile: string): number =>
  Math.min(...[...text.matchAll(new RegExp(`^${row}.*? ${quantile} +([\\d.]+)`, 'gm'))].map((match) => Number(match[1])), Infinity);

export const engineClaims: readonly Claim[] = [
  rate('order.single-rate', 'json', 'engine alone, one JSON order a ZeroMQ message, end to end', '>= 60_000'),
  rate('order.batched-rate', 'batch', 'engine alone, orders in batched binary frames, end to end', '>= 100_000'),
  {id: 'order.service-p99', area: 'order', claim: 'in-process service time of one decision, p99', unit: 'ns', goal: '<= 1000', measure: async (context) => {
    const text = await service(context);
    return decided('<= 1000', bestQuantile(text, 'decide alone', 'p99'), `p50 ${bestQuantile(text, 'decide alone', 'p50')} ns; with JSON in and out p50 ${bestQuantile(text, 'JSON: decode, decide, encode', 'p50')} ns, p99 ${bestQuantile(text, 'JSON: decode, decide, encode', 'p99')} ns; in between, a loop of the same length that touches no memory: p50 ${bestQuantile(text, 'a loop without memory', 'p50')} ns, p99 ${bestQuantile(text, 'a loop without memory', 'p99')} ns; two stamps alone p50 ${bestQuantile(text, 'the clock alone', 'p50')} ns, nothing deducted; best of the rounds; ${hostLine()}`);
  }},
];
