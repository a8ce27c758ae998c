import {existsSync, statSync} from 'node:fs';
import {Flags} from '@oclif/core';
import {TandemError} from '@tandem/contract';
import {durationMs, messageCount, sizeBytes} from './config/measures.ts';

/** Flags that several commands share; each can be set by an environment variable as well. */
const measured = (name: string, parse: (text: string) => number | null, {example, least}: {example: string; least: number}) => (input: string): Promise<number> => {
  const value = parse(input);
  if (value === null || value < least) {
    return Promise.reject(new TandemError({id: 'TDM-E104', kind: 'usage', what: value === null ? `--${name} needs a text with a unit` : `--${name} is too small`, seen: `"${input}"`, fix: `for example --${name} ${example}`}));
  }
  return Promise.resolve(value);
};
export const durationFlag = (name: string, description: string, example = '30s') =>
  Flags.custom<number>({description, parse: measured(name, durationMs, {example, least: 1}), env: `TANDEM_${name.toUpperCase().replaceAll('-', '_')}`, helpValue: example});
export const sizeFlag = (name: string, description: string, example: string) =>
  Flags.custom<number>({description, parse: measured(name, sizeBytes, {example, least: 1024}), env: `TANDEM_${name.toUpperCase().replaceAll('-', '_')}`, helpValue: example});
export const countFlag = (name: string, description: string, example = '10k', least = 1) =>
  Flags.custom<number>({description, parse: measured(name, messageCount, {example, least}), env: `TANDEM_${name.toUpperCase().replaceAll('-', '_')}`, helpValue: example});

/** Where in a capture: a position (whole number from 1), or a time after its first message. */
export interface CapturePlace {
  readonly seq?: number;
  readonly ms?: number;
}
export const placeFlag = (name: string, description: string) => Flags.custom<CapturePlace>({description, helpValue: '1200 or 30s', parse: (input) => {
  const seq = /^\d+$/.test(input) ? Number(input) : null;
  const ms = seq === null ? durationMs(input) : null;
  if (ms !== null) return Promise.resolve({ms});
  if (seq !== null && Number.isSafeInteger(seq) && seq >= 1) return Promise.resolve({seq});
  return Promise.reject(new TandemError({id: 'TDM-E104', kind: 'usage', what: `--${name} is neither a position nor a time`, seen: `"${input}"`, fix: `for example --${name} 1200 (a position, from 1) or --${name} 30s (after the first message)`}));
}})();

export const configFlag = Flags.string({char: 'c', description: 'the migration file; without it, the order path of this repository', env: 'TANDEM_CONFIG', helpValue: 'file'});
export const runFlag = Flags.string({char: 'r', description: 'a run: its id, its folder, or latest', default: 'latest', env: 'TANDEM_RUN', helpValue: 'id'});
export const seedFlag = Flags.integer({description: 'seed of everything that is left to chance', default: 7, env: 'TANDEM_SEED'});
export const runsFlag = Flags.custom<string>({description: 'folder of the run folders', default: 'reports/runs', env: 'TANDEM_RUNS', helpValue: 'folder', parse: (input) => (
  existsSync(input) && !statSync(input).isDirectory()
    ? Promise.reject(new TandemError({id: 'TDM-E104', kind: 'usage', what: '--runs is no folder', where: input, seen: 'a file stands there', fix: 'name a folder, or one that does not exist yet'}))
    : Promise.resolve(input))})();
export const allowInconclusiveFlag = Flags.boolean({description: 'exit 0 when the evidence is inconclusive', env: 'TANDEM_ALLOW_INCONCLUSIVE'});

/** What is tapped when no migration file says it. */
export const tapFlags = {
  endpoint: Flags.string({description: 'live publisher, instead of the inputs of the migration file', helpValue: 'tcp://127.0.0.1:5555'}),
  pattern: Flags.string({description: 'how the live sockets speak', options: ['pub-sub', 'push-pull', 'req-rep', 'dealer-router']}),
  listen: Flags.string({description: 'where the wire tap accepts live peers; every pattern can be tapped there', helpValue: 'ipc:///run/orders'}),
  upstream: Flags.string({description: 'the real endpoint, to which the wire tap forwards', helpValue: 'ipc:///run/orders.real'}),
  topic: Flags.string({description: 'subscription prefix', multiple: true, default: ['']}),
  sequence: Flags.string({description: 'pointer to the sender\'s own number in a message: with it a passive tap proves that it saw everything', helpValue: '/seq'}),
  'no-drop': Flags.boolean({description: 'the publisher waits for its slowest subscriber (ZMQ_XPUB_NODROP)'}),
  'server-key': Flags.string({description: 'public key of a publisher that speaks CURVE', helpValue: 'key'}),
  'key-file': Flags.string({description: 'key pair of the tap for that, made by tandem keys generate', helpValue: 'file'}),
};
export const detachFlag = durationFlag('detach', 'how long a wire tap may go on forwarding after the end; without it as long as its connections, over tcp until it is ended');
