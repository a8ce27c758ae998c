import {existsSync as exists} from 'node:fs';
import {dirname, isAbsolute, relative, resolve} from 'node:path';
import {TandemError, type CauseSelector, type ComparePolicy, type CompareRule, type GateLimits, type InputSpec, type LaneName, type LaunchLane, type Migration, type PayloadCodec, type Watermark} from '@tandem/contract';
import {engineLaneProgram, plantedEngineProgram, signalTools} from '@tandem/engine';
import {codecOf, ensurePython, ensureSignalsPython, featureTrialScript, laneEnvironment, layoutProblem, objectStorePython, pythonLane, REWRITER_MODULE, type PythonRuntime} from '@tandem/legacy-bridge';
import type {RewriterSource} from '@tandem/shadow';
import type {CheckedConfig} from './config/config-schema.ts';
import type {LoadedConfig} from './config/load-config.ts';
import {locateKey} from './config/locate-key.ts';
import {repositoryRoot} from './package-root.ts';
import {redactPlanOf} from './redact-plan.ts';

type CheckedProgram = CheckedConfig['legacy'];

/** What a command adds to a migration file. */
export interface PlanRequest {
  readonly twin: boolean;
  readonly say: (line: string) => void;
}

/** The only place that sees both the engine and the bridge: turns a migration file into lanes that can be started. */
export const planMigration = async (loaded: LoadedConfig, request: PlanRequest): Promise<Migration> => {
  const {config, file} = loaded;
  const watermark: Watermark = config.match.barrierEvery === 0 || config.match.cause === undefined ? {kind: 'in-order', silenceMs: 1000} : {kind: 'barrier', everyMessages: config.match.barrierEvery};
  const lane = async (name: LaneName, program: CheckedProgram): Promise<LaunchLane> => laneOf({name, program, watermark, python: await pythonOf(program, {base: dirname(file), say: request.say}), base: dirname(file)});
  const lanes = [await lane('legacy', config.legacy), await lane('candidate', config.candidate), ...(request.twin ? [await lane('twin', config.legacy)] : [])];
  const redact = redactPlanOf(config, shownSource(file));
  return {
    name: config.name, configFile: relative(process.cwd(), file), configHash: loaded.hash,
    inputs: inputSpecs(config, file),
    lanes, codec: codecsOf(config.codec, shownSource(file)), ...(redact === undefined ? {} : {redact}),
    cause: causeOf(config.match),
    outputKind: config.match.kind, entities: config.match.entities, compare: comparePolicy(config, file), gates: gateLimits(loaded),
    canary: config.canary === undefined ? null : {stages: config.canary.stages, bakeMs: config.canary.bake, minMessages: config.canary.minMessages, inDoubt: config.canary.inDoubt,
      outputRatioMax: config.canary.outputRatioMax, evidenceMaxAgeMs: 10_000},
    coverage: Object.entries(config.coverage).map(([name, cell]) => ({name, ...cell})),
  };
};

const causeOf = ({by, cause, partition}: CheckedConfig['match']): CauseSelector => {
  if (by === undefined) return {kind: 'sequence', ...cause as NonNullable<typeof cause>, partition};
  return {kind: 'key', ...(typeof by === 'string' ? {input: by, output: by} : by), partition};
};

/** The inputs of a migration; a number of their sender is read where the input names one, else where `match.cause` counts. */
export const inputSpecs = ({input, match}: CheckedConfig, file: string): InputSpec[] => Object.entries(input).map(([stream, {pattern, endpoint, topics, listen, noDrop, curve, sequence = match.cause?.input}]) => ({
  stream, pattern, endpoint, topics, ...(listen === undefined ? {} : {listen}), ...(sequence === undefined ? {} : {sequence}), ...(noDrop === undefined ? {} : {noDrop}),
  ...(curve === undefined ? {} : {curve: {serverKey: curve.serverKey, ...(curve.keyFile === undefined ? {} : {keyFile: resolve(dirname(file), curve.keyFile)})}}),
}));

/** The two that need no translation stay names; everything else is looked at by its own codec. */
const codecsOf = ({input, legacy, candidate}: CheckedConfig['codec'], where: string): Migration['codec'] => {
  const all = [input, legacy, candidate];
  for (const seen of all.map(layoutProblem)) {
    if (seen !== null) throw new TandemError({id: 'TDM-E113', kind: 'usage', what: 'the migration file describes a layout that is not possible', where, seen, fix: 'correct the fields of binary([...])'});
  }
  const [{name}] = all as [typeof input];
  if ((name === 'json' || name === 'raw') && all.every((one) => one.name === name)) return name;
  const answers = codecOf(legacy);
  return {input: codecOf(input), lanes: {legacy: answers, twin: answers, candidate: codecOf(candidate)}};
};

/** Reads the inputs of a live system; null: they are JSON, or octets that nobody reads. */
export const inputCodec = ({input}: CheckedConfig['codec']): PayloadCodec | null => (input.name === 'json' || input.name === 'raw' ? null : codecOf(input));

/** What hides values in the payloads of a live system, and in what it answers; null: both are JSON. */
export const rewriterSource = ({input, legacy}: CheckedConfig['codec']): RewriterSource | null => (input.name === 'json' && legacy.name === 'json' ? null : {module: REWRITER_MODULE, input, answers: legacy});

/** Python of this clone, made when it is not there yet. */
export const findPython = (say: (line: string) => void): Promise<PythonRuntime> =>
  ensurePython({repo: repositoryRoot(), surroundings: process.env, onProgress: say});

/** The Python of the signal legacies, which is made on first use alone. */
export const findSignalsPython = (say: (line: string) => void): Promise<PythonRuntime> =>
  ensureSignalsPython({repo: repositoryRoot(), surroundings: process.env, onProgress: say});

/** A Python with a local S3-compatible server, for tests. */
export const findObjectStorePython = (say: (line: string) => void): Promise<string | null> =>
  objectStorePython({repo: repositoryRoot(), surroundings: process.env, create: true, onProgress: say});

/** A program of the engine as a lane; used by the demo and the claims as well. */
export const engineLane = (name: LaneName, args: readonly string[], watermark: Watermark, program: string = engineLaneProgram()): LaunchLane => ({
  kind: 'launch', name, command: process.execPath, args: [program, ...args], env: laneEnvironment(process.execPath), cwd: process.cwd(), watermark, label: `node ${process.versions.node.split('.')[0] ?? ''}`,
});

/** The Python of a program: the one that it names, else ours with what it asks for. */
const pythonOf = async ({runtime, interpreter, packages, source}: CheckedProgram, {base, say}: {base: string; say: (line: string) => void}): Promise<PythonRuntime | null> => {
  if (runtime !== 'python') return null;
  if (interpreter === null) return packages === 'signals' ? await findSignalsPython(say) : await findPython(say);
  const named = interpreter.includes('/') ? [resolve(interpreter), resolve(base, interpreter)].find((path) => exists(path)) ?? interpreter : interpreter;
  try {
    return await ensurePython({repo: repositoryRoot(), surroundings: {...process.env, TANDEM_PYTHON: named}, onProgress: say});
  } catch (error) {
    if (!(error instanceof TandemError)) throw error;
    const isNotUsable = error.detail.id === 'TDM-E290';
    if (!isNotUsable) throw error;
    const install = error.detail.fix?.includes('-m pip') === true ? {fix: error.detail.fix} : {fix: 'name a Python 3.9 or newer that has pyzmq and what the program imports'};
    throw new TandemError({...error.detail, id: 'TDM-E296', kind: 'usage', what: `the interpreter "${interpreter}" cannot be used`, where: shownSource(source), ...install}, {cause: error});
  }
};

const laneOf = (asked: {name: LaneName; program: CheckedProgram; watermark: Watermark; python: PythonRuntime | null; base: string}): LaunchLane => {
  const {readyWithin, answersWithin} = asked.program;
  const limits = {...(readyWithin === null ? {} : {readyMs: readyWithin}), ...(answersWithin === null ? {} : {silentMs: answersWithin})};
  const launch = launchOf(asked);
  return {...launch, env: {...launch.env, ...asked.program.env}, ready: asked.program.ready, limits};
};

const launchOf = ({name, program, watermark, python, base}: {name: LaneName; program: CheckedProgram; watermark: Watermark; python: PythonRuntime | null; base: string}): LaunchLane => {
  // paths in arguments are meant from where tandem is called; the program's own path from there or from the migration file
  const args = program.args.map((arg) => (/^[\w.-]+\/[\w./-]+$/.test(arg) ? resolve(arg) : arg));
  const script = program.runtime === 'engine' ? program.script : [resolve(program.script), resolve(base, program.script)].find((path) => isAbsolute(path) && exists(path));
  if (script === undefined) {
    throw new TandemError({id: 'TDM-E105', kind: 'usage', what: `the program of the ${name} lane does not exist`, where: shownSource(program.source), seen: program.script, fix: 'write its path from the folder in which you call tandem'});
  }
  switch (program.runtime) {
    case 'python': {
      const lane = pythonLane({name, script, rules: null, python: python as PythonRuntime, args, watermark});
      return program.label === null ? lane : {...lane, label: program.label};
    }
    case 'engine': return {...engineLane(name, [program.script, ...args], watermark), ...(program.label === null ? {} : {label: program.label})};
    case 'node': case 'command': {
      const command = program.runtime === 'node' ? process.execPath : script;
      return {kind: 'launch', name, command, args: program.runtime === 'node' ? [script, ...args] : args, env: laneEnvironment(command), cwd: process.cwd(), watermark, label: program.label ?? program.runtime};
    }
  }
};

const comparePolicy = (config: CheckedConfig, file: string): ComparePolicy => ({
  default: {kind: 'exact'},
  fields: Object.entries(config.compare).map(([path, {rule, source}]) => ({path, rule: rule as CompareRule, source: shownSource(source === 'default' ? file : source)})),
  maxIgnoredShare: config.gates.parity.maxIgnoredShare,
});

const GATE_KEYS: Readonly<Record<string, readonly string[]>> = {
  'evidence.messages': ['gates', 'minMessages'], 'parity.mismatches': ['gates', 'parity', 'mismatches'], 'latency.p50': ['gates', 'latency', 'p50Ratio'], 'latency.p90': ['gates', 'latency', 'p90Ratio'],
  'latency.p99': ['gates', 'latency', 'p99Ratio'], 'latency.p99.9': ['gates', 'latency', 'p999Ratio'], 'cpu.ratio': ['gates', 'cpu', 'ratio'], 'memory.ratio': ['gates', 'memory', 'ratio'], 'memory.slope': ['gates', 'memory', 'slopePerHour'],
};
const gateLimits = ({config, text, file}: LoadedConfig): GateLimits => {
  const {gates} = config;
  const ratios = {'0.5': gates.latency.p50Ratio, '0.9': gates.latency.p90Ratio, '0.99': gates.latency.p99Ratio, '0.999': gates.latency.p999Ratio};
  const sources = Object.entries(GATE_KEYS).flatMap(([id, path]) => {
    const line = locateKey(text, path);
    return line === null ? [] : [[id, `${shownSource(file)}:${line}`] as const];
  });
  return {
    minMessages: gates.minMessages, parity: {mismatches: gates.parity.mismatches, lossBudget: gates.parity.lossBudget},
    latencyRatio: Object.fromEntries(Object.entries(ratios).filter((entry): entry is [string, number] => entry[1] !== undefined)),
    cpuRatio: gates.cpu?.ratio ?? null, memoryRatio: gates.memory.ratio ?? null, memorySlopeBytesPerHour: gates.memory.slopePerHour ?? null,
    dryRun: gates.dryRun, sources: Object.fromEntries(sources),
  };
};

/** Paths in reports are relative: they say which line, not which machine. */
const shownSource = (source: string): string => {
  const match = /^(.*?)(:\d+)?$/.exec(source);
  return `${relative(process.cwd(), match?.[1] ?? source)}${match?.[2] ?? ''}`;
};

export {featureTrialScript, laneEnvironment, plantedEngineProgram, signalTools};
