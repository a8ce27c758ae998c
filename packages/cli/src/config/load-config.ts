import {createHash} from 'node:crypto';
import {existsSync, readFileSync, statSync} from 'node:fs';
import {extname, relative, resolve} from 'node:path';
import {pathToFileURL} from 'node:url';
import {TandemError} from '@tandem/contract';
import type {z} from 'zod';
import {migrationSchema, type CheckedConfig} from './config-schema.ts';
import {brokenJsonLine, importLine, stackLine} from './locate-error.ts';
import {locateKey} from './locate-key.ts';
import {nearestName} from './nearest-name.ts';
import {withOwnDoor} from './own-door.ts';

export interface LoadedConfig {
  readonly file: string;
  /** SHA-256 of the file's bytes */
  readonly hash: string;
  readonly text: string;
  readonly config: CheckedConfig;
}

const SIZE_BYTES_MAX = 1024 * 1024;
const EXTENSIONS = ['.ts', '.mts', '.mjs', '.json'];

/**
 * Reads a migration file that the user named. A code file is run with the user's rights, which is why it is never found by itself.
 * @throws TandemError TDM-E101 (unreadable), TDM-E102 (does not run), TDM-E103 (says something that is not possible)
 */
export const loadConfig = async (path: string): Promise<LoadedConfig> => {
  const file = resolve(path);
  const shown = relative(process.cwd(), file) || file;
  if (!existsSync(file) || !statSync(file).isFile()) {
    throw new TandemError({id: 'TDM-E101', kind: 'usage', what: 'the migration file does not exist', where: shown, fix: 'give its path with -c, or write one: tandem help config'});
  }
  if (!EXTENSIONS.includes(extname(file)) || statSync(file).size > SIZE_BYTES_MAX) {
    throw new TandemError({id: 'TDM-E101', kind: 'usage', what: 'this is not a migration file', where: shown, seen: `${statSync(file).size} bytes, extension "${extname(file)}"`, fix: `use one of ${EXTENSIONS.join(' ')} below 1 MiB`});
  }
  const text = readFileSync(file, 'utf8');
  const hash = createHash('sha256').update(text).digest('hex');
  const parsed = migrationSchema.safeParse(await evaluate(file, shown, text, hash));
  if (!parsed.success) throw issuesError(parsed.error.issues, shown, text);
  return {file, hash, text, config: parsed.data};
};

const evaluate = async (file: string, shown: string, text: string, hash: string): Promise<unknown> => {
  try {
    if (extname(file) === '.json') return JSON.parse(text) as unknown;
    const module = (await withOwnDoor(() => import(`${pathToFileURL(file).href}?${hash.slice(0, 12)}`))) as {default?: unknown};
    if (module.default === undefined) {
      throw new TandemError({id: 'TDM-E102', kind: 'usage', what: 'the migration file exports nothing', where: shown, fix: 'write: export default defineMigration({...})'});
    }
    return module.default;
  } catch (error) {
    if (error instanceof TandemError) throw error;
    const {message} = error as Error;
    const line = extname(file) === '.json' ? brokenJsonLine(text) : stackLine(file, error as Error) ?? importLine(text, message);
    const name = /'([\w$]+)'|(\w+) is not defined/.exec(message)?.[1] ?? /(\w+) is not (?:defined|a function)/.exec(message)?.[1];
    const near = name === undefined ? null : nearestName(name, BUILDERS);
    throw new TandemError({id: 'TDM-E102', kind: 'usage', what: 'the migration file does not run', where: line === null ? shown : `${shown}:${line}`, seen: message.split('\n')[0],
      ...(near === null ? {} : {likely: `"${name}" is meant to be "${near}"`}), fix: 'correct that line'}, {cause: error});
  }
};

const BUILDERS = ['defineMigration', 'sub', 'push', 'pull', 'req', 'rep', 'dealer', 'router', 'python', 'node', 'engine', 'command', 'exact', 'decimal', 'absolute', 'relative', 'epsilon', 'ulps', 'unordered', 'ignore', 'json', 'raw', 'text', 'msgpack', 'pickle', 'zlib', 'gzip', 'delimited', 'binary', 'multipart', 'allBut', 'bytes', 'utf8', 'u8', 'u16', 'u32', 'u64', 'i8', 'i16', 'i32', 'i64', 'f32', 'f64'];

const keysAt = (path: readonly PropertyKey[]): readonly string[] => {
  const schema = migrationSchema as unknown as {shape: Record<string, unknown>};
  let here: unknown = schema;
  for (const segment of path) here = shapeOf(here)?.[String(segment)];
  return Object.keys(shapeOf(here) ?? {});
};
/** the object shape inside optional, default and pipe wrappers */
const shapeOf = (schema: unknown): Record<string, unknown> | undefined => {
  let here = schema as {shape?: Record<string, unknown>; def?: {innerType?: unknown}} | undefined;
  for (let depth = 0; depth < 6 && here !== undefined && here.shape === undefined; depth += 1) here = here.def?.innerType as typeof here;
  return here?.shape;
};

const issuesError = (issues: readonly z.core.$ZodIssue[], shown: string, text: string): TandemError => {
  const lines = issues.slice(0, 8).map((issue) => {
    const unknown = issue.code === 'unrecognized_keys' ? issue.keys[0] as string : null;
    const path = [...issue.path.map((part) => (typeof part === 'number' ? part : String(part))), ...(unknown === null ? [] : [unknown])];
    const line = locateKey(text, path);
    const near = unknown === null ? null : nearestName(unknown, keysAt(issue.path));
    const said = issue.code === 'invalid_key' ? issue.issues[0]?.message ?? issue.message : issue.message;
    const problem = unknown === null ? said : `unknown key "${unknown}"${near === null ? '' : `, did you mean "${near}"?`}`;
    return `${shown}${line === null ? '' : `:${line}`}  ${path.join('.') || 'the file'}: ${problem}`;
  });
  return new TandemError({id: 'TDM-E103', kind: 'usage', what: issues.length === 1 ? 'the migration file says something that is not possible' : `the migration file says ${issues.length} things that are not possible`,
    where: lines.join('\n             '), fix: 'correct these lines; tandem help config prints every key'});
};
