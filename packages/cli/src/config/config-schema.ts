import {z} from 'zod';
import {codecSchema} from './codec-schema.ts';
import {nearestName} from './nearest-name.ts';
import {redactSchema} from './redact-schema.ts';
import {durationMs, share, sizeBytes} from './measures.ts';

const measured = (parse: (text: string) => number | null, example: string) => z.string().transform((text, context) => {
  const value = parse(text);
  if (value === null) {
    context.addIssue({code: 'custom', message: `expected a text with a unit such as "${example}"`});
    return z.NEVER;
  }
  return value;
});
/** what engine('...') can name */
const HOT_PATHS = ['order', 'signal'];
const pointer = z.string().regex(/^(\/(?:[^/~]|~[01])+)+$/, 'expected a JSON pointer such as "/account"');
const bothSides = z.strictObject({input: pointer, output: pointer});
const address = z.string().regex(/^(tcp:\/\/[\w.:[\]*-]+:\d{1,5}|ipc:\/\/.+)$/, 'expected tcp://host:port or ipc://path');
const endpoint = z.strictObject({kind: z.literal('endpoint'), pattern: z.enum(['pub-sub', 'push-pull', 'req-rep', 'dealer-router']), endpoint: address,
  topics: z.array(z.string().max(256)).max(256), listen: address.optional(), sequence: pointer.optional(), noDrop: z.boolean().optional(),
  curve: z.strictObject({serverKey: z.string().regex(/^[!-~]{40}$/, 'expected a public key of 40 characters (Z85)'), keyFile: z.string().min(1).optional()}).optional(), source: z.string()});
const program = z.strictObject({kind: z.literal('program'), runtime: z.enum(['python', 'node', 'engine', 'command']), script: z.string().min(1),
  args: z.array(z.string()).max(100), label: z.string().max(80).nullable(), packages: z.enum(['bridge', 'signals']).default('bridge'), ready: z.enum(['line', 'listening']).default('line'),
  interpreter: z.string().min(1).nullable().default(null), env: z.record(z.string().regex(/^[A-Za-z_]\w*$/, 'expected the name of an environment variable'), z.string()).default({}),
  readyWithin: measured(durationMs, '60s').nullable().default(null), answersWithin: measured(durationMs, '30s').nullable().default(null), source: z.string()})
  .superRefine(({runtime, script}, context) => {
    if (runtime !== 'engine' || HOT_PATHS.includes(script)) return;
    const near = nearestName(script, HOT_PATHS);
    context.addIssue({code: 'custom', path: ['script'], message: `there is no hot path "${script}"${near === null ? '' : `, did you mean "${near}"?`} (${HOT_PATHS.join(', ')})`});
  });
const tolerance = z.string().regex(/^\d+(\.\d+)?([eE][-+]?\d+)?$/, 'expected a non-negative decimal text such as "0.001"');
const compareRule = z.discriminatedUnion('kind', [
  z.strictObject({kind: z.literal('exact')}), z.strictObject({kind: z.literal('decimal')}),
  z.strictObject({kind: z.literal('absolute'), tolerance}), z.strictObject({kind: z.literal('relative'), tolerance}),
  z.strictObject({kind: z.literal('epsilon'), absolute: tolerance, relative: tolerance}),
  z.strictObject({kind: z.literal('ulp'), max: z.int().min(0).max(2 ** 20)}),
  z.strictObject({kind: z.literal('unordered'), key: z.string().optional()}),
  z.strictObject({kind: z.literal('ignore'), reason: z.string().min(3), owner: z.string().min(1), expires: z.iso.date()}),
]);
const rulePath = z.string().regex(/^(\/[^/]+)+$/, 'expected a path such as "/price", "/legs/*/px" or "/**/px"');

/** The user's file, after builders. Unknown keys are errors; texts with units become numbers here. */
export const migrationSchema = z.strictObject({
  name: z.string().regex(/^[a-z0-9][a-z0-9-]{0,39}$/, 'expected lower-case letters, digits and dashes'),
  input: z.record(z.string().regex(/^[a-z0-9][a-z0-9-]{0,39}$/), endpoint).refine((input) => Object.keys(input).length > 0, 'expected at least one input'),
  legacy: program,
  candidate: program,
  codec: codecSchema.prefault({kind: 'codec', name: 'json'}),
  redact: redactSchema.optional(),
  match: z.strictObject({by: z.union([pointer, bothSides], 'expected a JSON pointer such as "/orderId", or {input: "/id", output: "/replyTo"}').optional(), cause: bothSides.optional(), partition: pointer,
    kind: pointer.default('/msgType'), entities: z.array(pointer).max(8).default([]), barrierEvery: z.int().min(0).max(1_000_000).default(0)})
    .refine(({by, cause}) => (by === undefined) !== (cause === undefined), 'expected either "by" or "cause"'),
  compare: z.record(rulePath, z.strictObject({kind: z.literal('rule'), rule: compareRule, source: z.string()})).default({}),
  gates: z.strictObject({
    minMessages: z.int().min(1).default(10_000),
    parity: z.strictObject({mismatches: z.int().min(0).default(0), lossBudget: z.number().min(0).max(1).default(0), maxIgnoredShare: z.number().min(0).max(1).default(0.2)})
      .prefault({}),
    latency: z.strictObject({p50Ratio: z.number().positive().optional(), p90Ratio: z.number().positive().optional(), p99Ratio: z.number().positive().optional(), p999Ratio: z.number().positive().optional()})
      .prefault({}),
    cpu: z.strictObject({ratio: z.number().positive()}).optional(),
    memory: z.strictObject({ratio: z.number().positive().optional(), slopePerHour: measured(sizeBytes, '1MiB').optional()}).prefault({}),
    dryRun: z.array(z.string()).default([]),
  }).prefault({}),
  canary: z.strictObject({
    stages: z.array(measured(share, '5%')).min(1).max(20).refine((stages) => stages.at(-1) === 1 && stages.every((value, at) => at === 0 || value > (stages[at - 1] as number)), 'expected rising shares that end with "100%"'),
    bake: measured(durationMs, '10m'),
    minMessages: z.int().min(1),
    inDoubt: z.enum(['resend', 'query', 'halt']).default('query'),
    outputRatioMax: z.number().positive().default(10),
  }).optional(),
  coverage: z.record(z.string(), z.strictObject({side: z.enum(['input', 'output']), path: pointer, equals: z.string()})).default({}),
});

/** A checked migration file. */
export type CheckedConfig = z.output<typeof migrationSchema>;
