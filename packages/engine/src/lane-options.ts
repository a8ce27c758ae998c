import {parseArgs} from 'node:util';
import {TandemError} from '@tandem/contract';
import type {Transport} from './gateway-port.ts';

/** What `main.ts order` was asked to be. */
export interface LaneOptions {
  readonly rulesFile: string;
  readonly in: string;
  readonly out: string;
  readonly inConnect: boolean;
  readonly outConnect: boolean;
  readonly inPattern: 'pull' | 'sub';
  readonly codec: 'json' | 'batch';
  readonly exitOnStdinEof: boolean;
  /** where it writes its own figures, null = nowhere */
  readonly statsFile: string | null;
  /** a host other than this machine that may be bound or reached without encryption, null = none */
  readonly insecurePlaintext: string | null;
  /** null: fast where it can be */
  readonly transport: Transport | null;
  /** where it keeps copies of its state, and goes on from the newest one; null: nowhere. JSON only */
  readonly snapshotFolder: string | null;
}

export const USAGE = 'node packages/engine/src/main.ts order --rules rulebook.json --in <endpoint> --out <endpoint> [--in-connect] [--out-connect] '
  + '[--in-pattern pull|sub] [--codec json|batch] [--exit-on-stdin-eof] [--stats-file f] [--insecure-plaintext host] [--transport fast|zeromq] [--snapshots folder]';

const usage = (what: string, seen?: string): TandemError => new TandemError({id: 'TDM-E401', kind: 'usage', what, seen, fix: USAGE});

const choice = <C extends string>(name: string, value: string, choices: readonly C[]): C => {
  const found = choices.find((each) => each === value);
  if (found === undefined) throw usage(`--${name} is none of ${choices.join(', ')}`, value);
  return found;
};

const parse = (args: readonly string[]): ReturnType<typeof parseArgs> => {
  const text = {type: 'string'} as const;
  const flag = {type: 'boolean', default: false} as const;
  try {
    return parseArgs({
      args: [...args], allowPositionals: true, strict: true,
      options: {
        rules: text, in: text, out: text, 'in-connect': flag, 'out-connect': flag, 'in-pattern': {...text, default: 'pull'}, codec: {...text, default: 'json'},
        'exit-on-stdin-eof': flag, 'stats-file': text, 'insecure-plaintext': text, transport: text, snapshots: text,
      },
    });
  } catch (error) {
    throw usage(error instanceof Error ? error.message : String(error));
  }
};

/** An empty one is what whoever starts lanes gives where none are wanted. */
const snapshotFolderOf = (folder: string | null, codec: unknown): string | null => {
  if (folder === null || folder === '') return null;
  if (codec === 'batch') throw usage('--snapshots is for --codec json', folder);
  return folder;
};

/**
 * Reads the command line.
 * @throws TandemError TDM-E401 for everything that is not in USAGE
 */
export const readLaneOptions = (args: readonly string[]): LaneOptions => {
  const {values, positionals} = parse(args);
  if (positionals.length !== 1 || positionals[0] !== 'order') throw usage('the first argument names the hot path: order', positionals.join(' '));
  const needed = (name: string): string => {
    const value = values[name];
    if (typeof value !== 'string' || value === '') throw usage(`--${name} is missing`);
    return value;
  };
  const optional = (name: string): string | null => (typeof values[name] === 'string' ? values[name] : null);
  return {
    rulesFile: needed('rules'), in: needed('in'), out: needed('out'), inConnect: values['in-connect'] === true, outConnect: values['out-connect'] === true,
    inPattern: choice('in-pattern', needed('in-pattern'), ['pull', 'sub']), codec: choice('codec', needed('codec'), ['json', 'batch']),
    exitOnStdinEof: values['exit-on-stdin-eof'] === true, statsFile: optional('stats-file'), insecurePlaintext: optional('insecure-plaintext'),
    transport: optional('transport') === null ? null : choice<Transport>('transport', needed('transport'), ['fast', 'zeromq']),
    snapshotFolder: snapshotFolderOf(optional('snapshots'), values['codec']),
  };
};
