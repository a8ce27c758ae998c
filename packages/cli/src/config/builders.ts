import type {CompareRule} from '@tandem/contract';
import type {CodecConfig, CodecsConfig} from './codec-builders.ts';
import type {RedactConfig} from './redact-builder.ts';
import {callSite} from './call-site.ts';

/** What a migration file is made of. Each builder remembers the line it was called on. */
export interface EndpointConfig {
  readonly kind: 'endpoint';
  readonly pattern: 'pub-sub' | 'push-pull' | 'req-rep' | 'dealer-router';
  readonly endpoint: string;
  readonly topics: readonly string[];
  /** where the wire tap accepts live peers in the place of `endpoint` */
  readonly listen?: string;
  /** pointer to the sender's own number in a message; without it a passive tap cannot prove that it saw everything */
  readonly sequence?: string;
  /** the publisher waits for its slowest subscriber (ZMQ_XPUB_NODROP) */
  readonly noDrop?: boolean;
  /** the publisher speaks CURVE: its public key, and a file that `tandem keys generate` made */
  readonly curve?: {readonly serverKey: string; readonly keyFile?: string};
  readonly source: string;
}
export type EndpointOptions = Partial<Pick<EndpointConfig, 'topics' | 'listen' | 'sequence' | 'noDrop' | 'curve'>>;

export interface ProgramConfig {
  readonly kind: 'program';
  readonly runtime: 'python' | 'node' | 'engine' | 'command';
  readonly script: string;
  readonly args: readonly string[];
  readonly label: string | null;
  /** texts with a unit; null: as usual */
  readonly readyWithin: string | null;
  readonly answersWithin: string | null;
  readonly packages: 'bridge' | 'signals';
  readonly ready: 'line' | 'listening';
  readonly interpreter: string | null;
  readonly env: Readonly<Record<string, string>>;
  readonly source: string;
}

export interface RuleConfig {
  readonly kind: 'rule';
  readonly rule: CompareRule;
  readonly source: string;
}

const endpoint = (pattern: EndpointConfig['pattern']) => (address: string, options: EndpointOptions = {}): EndpointConfig =>
  ({kind: 'endpoint', pattern, endpoint: address, ...options, topics: options.topics ?? [''], source: callSite()});
/** live publishers: the tap becomes one more subscriber, or with `listen` stands in between */
export const sub = endpoint('pub-sub');
/** PUSH to PULL, named from either end: `address` is where the one that binds is, `listen` where the tap stands in for it */
export const push = endpoint('push-pull');
export const pull = endpoint('push-pull');
/** REQ or DEALER that ask, REP or ROUTER that answers; the requests are the input */
export const req = endpoint('req-rep');
export const rep = endpoint('req-rep');
export const dealer = endpoint('dealer-router');
export const router = endpoint('dealer-router');

export interface ProgramOptions {
  /** `{in}`, `{out}` and `{stats}` are replaced; default `--in {in} --out {out} --exit-on-stdin-eof` */
  readonly args?: readonly string[];
  readonly label?: string;
  /** how long it may take to start, e.g. while it loads its state; default 15s */
  readonly readyWithin?: string;
  /** how long it may answer nothing while inputs wait before it counts as hung; default 10s */
  readonly answersWithin?: string;
  /** what a Python program imports: `bridge` = pyzmq and little else; `signals` = numpy, pandas, numba, scikit-learn, LightGBM as well, installed on first use */
  readonly packages?: 'bridge' | 'signals';
  /** `line` (default): it prints `{"ready":true}` when its sockets are bound; `listening`: it says nothing, and both sockets taking connections is enough */
  readonly ready?: 'line' | 'listening';
  /** of a Python program: the Python that has what it imports (3.9 or newer, with pyzmq), e.g. `.venv/bin/python`; without it tandem's own */
  readonly interpreter?: string;
  /** added to its environment, which inherits nothing */
  readonly env?: Readonly<Record<string, string>>;
}
const DEFAULT_ARGS = ['--in', '{in}', '--out', '{out}', '--exit-on-stdin-eof'];
const program = (runtime: ProgramConfig['runtime']) => (script: string, options: ProgramOptions = {}): ProgramConfig =>
  ({kind: 'program', runtime, script, args: options.args ?? DEFAULT_ARGS, label: options.label ?? null,
    readyWithin: options.readyWithin ?? null, answersWithin: options.answersWithin ?? null, packages: options.packages ?? 'bridge', ready: options.ready ?? 'line', interpreter: options.interpreter ?? null, env: options.env ?? {}, source: callSite()});
/** a Python program; the interpreter is found or made by `tandem doctor`'s rules */
export const python = program('python');
/** a program for the Node that runs tandem */
export const node = program('node');
/** a finished hot path of this repository, e.g. `engine('order')` */
export const engine = program('engine');
/** any other executable */
export const command = program('command');

/** a decimal text such as '0.001', or a number, which is read as it prints */
type Tolerance = string | number;
const rule = (value: CompareRule): RuleConfig => ({kind: 'rule', rule: value, source: callSite()});
export const exact = (): RuleConfig => rule({kind: 'exact'});
export const decimal = (): RuleConfig => rule({kind: 'decimal'});
export const absolute = (tolerance: Tolerance): RuleConfig => rule({kind: 'absolute', tolerance: String(tolerance)});
export const relative = (tolerance: Tolerance): RuleConfig => rule({kind: 'relative', tolerance: String(tolerance)});
/** within `absolute` plus `relative` of the larger: for results of arithmetic, also near zero */
export const epsilon = (tolerance: {absolute: Tolerance; relative: Tolerance}): RuleConfig => rule({kind: 'epsilon', absolute: String(tolerance.absolute), relative: String(tolerance.relative)});
export const ulps = (max: number): RuleConfig => rule({kind: 'ulp', max});
export const unordered = (key?: string): RuleConfig => rule(key === undefined ? {kind: 'unordered'} : {kind: 'unordered', key});
/** not compared; needs a reason, an owner and a last day, all of which are printed in every report */
export const ignore = (why: {reason: string; owner: string; expires: string}): RuleConfig => rule({kind: 'ignore', ...why});

export {allBut} from './redact-builder.ts';
export {binary, bytes, delimited, f32, f64, gzip, i16, i32, i64, i8, json, msgpack, multipart, pickle, raw, text, u16, u32, u64, u8, utf8, zlib} from './codec-builders.ts';

export interface MigrationConfig {
  readonly name: string;
  readonly input: Readonly<Record<string, EndpointConfig>>;
  readonly legacy: ProgramConfig;
  readonly candidate: ProgramConfig;
  /** what payloads are written in; or which codec speaks where, when a lane answers in another one than its input */
  readonly codec?: CodecConfig | CodecsConfig;
  /** hidden before a capture reaches a disk: paths, or `allBut([...])`; hidden values still compare */
  readonly redact?: RedactConfig;
  readonly match: {
    /** an id of any text: the same field on both sides, or where each side has it */
    readonly by?: string | {readonly input: string; readonly output: string};
    /** or: an input's sequence number (whole, rising) and the output's reference to it */
    readonly cause?: {readonly input: string; readonly output: string};
    readonly partition: string;
    /** pointer to the kind of an output */
    readonly kind?: string;
    /** pointers to what an output is about, e.g. an order id: later differences about it are reported as following from the first */
    readonly entities?: readonly string[];
    /** inputs between two test requests, only where both lanes answer them (docs/your-own-system.md); 0, which is the default, sends nothing but recorded inputs */
    readonly barrierEvery?: number;
  };
  readonly compare?: Readonly<Record<string, RuleConfig>>;
  readonly gates?: {
    readonly minMessages?: number;
    readonly parity?: {readonly mismatches?: number; readonly lossBudget?: number; readonly maxIgnoredShare?: number};
    readonly latency?: Readonly<Partial<Record<'p50Ratio' | 'p90Ratio' | 'p99Ratio' | 'p999Ratio', number>>>;
    readonly cpu?: {readonly ratio: number};
    readonly memory?: {readonly ratio?: number; readonly slopePerHour?: string};
    readonly dryRun?: readonly string[];
  };
  readonly canary?: {
    readonly stages: readonly string[];
    readonly bake: string;
    readonly minMessages: number;
    readonly inDoubt?: 'resend' | 'query' | 'halt';
    readonly outputRatioMax?: number;
  };
  readonly coverage?: Readonly<Record<string, {readonly side: 'input' | 'output'; readonly path: string; readonly equals: string}>>;
}

/** Checks names at edit time; everything else is checked when the file is loaded. */
export const defineMigration = (config: MigrationConfig): MigrationConfig => config;
