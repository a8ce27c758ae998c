import {parseArgs} from 'node:util';
import {TandemError} from '@tandem/contract';
import type {GatewayEndpoints, Transport} from './gateway-port.ts';

/** What `main.ts signal` was asked to be. */
export interface SignalLaneOptions extends GatewayEndpoints {
  readonly codec: 'json';
  /** names by symbol number; a tick of another one is refused */
  readonly symbols: readonly string[];
  /** a LightGBM, XGBoost or HistGradientBoosting model; null: features alone, signals are null */
  readonly modelFile: string | null;
  /** features go out with every message, with every n-th, or never (0) */
  readonly featuresEvery: number;
  /** above it long, below its negative short, else flat */
  readonly threshold: number;
  /** where signals are written as they arise, and where their heads are published; null = nowhere */
  readonly logFile: string | null;
  readonly headsFile: string | null;
  readonly exitOnStdinEof: boolean;
  readonly statsFile: string | null;
}

export const SIGNAL_USAGE = 'node packages/engine/src/main.ts signal --symbols A,B --in <endpoint> --out <endpoint> [--model f] [--features-every n] [--threshold x] [--log f] [--heads f] '
  + '[--in-connect] [--out-connect] [--in-pattern pull|sub] [--exit-on-stdin-eof] [--stats-file f] [--insecure-plaintext host] [--transport fast|zeromq]';

const usage = (what: string, seen?: string): TandemError => new TandemError({id: 'TDM-E401', kind: 'usage', what, seen, fix: SIGNAL_USAGE});

const parse = (args: readonly string[]): ReturnType<typeof parseArgs> => {
  const text = {type: 'string'} as const;
  const flag = {type: 'boolean', default: false} as const;
  try {
    return parseArgs({args: [...args], strict: true, options: {
      symbols: text, in: text, out: text, model: text, 'features-every': {...text, default: '1'}, threshold: {...text, default: '0'}, log: text, heads: text, 'in-connect': flag, 'out-connect': flag,
      'in-pattern': {...text, default: 'pull'}, 'exit-on-stdin-eof': flag, 'stats-file': text, 'insecure-plaintext': text, transport: text,
    }});
  } catch (error) {
    throw usage(error instanceof Error ? error.message : String(error));
  }
};

/**
 * Reads the command line after `signal`.
 * @throws TandemError TDM-E401 for everything that is not in SIGNAL_USAGE
 */
export const readSignalLaneOptions = (args: readonly string[]): SignalLaneOptions => {
  const {values} = parse(args);
  const optional = (name: string): string | null => (typeof values[name] === 'string' && values[name] !== '' ? values[name] : null);
  const needed = (name: string): string => {
    const value = optional(name);
    if (value === null) throw usage(`--${name} is missing`);
    return value;
  };
  const number = (name: string): number => {
    const value = Number(needed(name));
    if (!(value >= 0 && value < Infinity)) throw usage(`--${name} is no number from 0`, needed(name));
    return value;
  };
  const choice = <C extends string>(name: string, choices: readonly C[]): C => {
    const found = choices.find((each) => each === needed(name));
    if (found === undefined) throw usage(`--${name} is none of ${choices.join(', ')}`, needed(name));
    return found;
  };
  const symbols = needed('symbols').split(',');
  if (symbols.some((name) => name === '') || new Set(symbols).size < symbols.length) throw usage('--symbols names one twice, or nothing', needed('symbols'));
  return {
    codec: 'json', symbols, modelFile: optional('model'), featuresEvery: Math.floor(number('features-every')), threshold: number('threshold'), logFile: optional('log'), headsFile: optional('heads'),
    in: needed('in'), out: needed('out'), inConnect: values['in-connect'] === true, outConnect: values['out-connect'] === true, inPattern: choice('in-pattern', ['pull', 'sub']),
    exitOnStdinEof: values['exit-on-stdin-eof'] === true, statsFile: optional('stats-file'), insecurePlaintext: optional('insecure-plaintext'),
    transport: optional('transport') === null ? null : choice<Transport>('transport', ['fast', 'zeromq']),
  };
};
