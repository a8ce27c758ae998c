import {readdirSync} from 'node:fs';
import {join, relative} from 'node:path';
import {TandemError, type RunManifest} from '@tandem/contract';
import {carriedWords} from '@tandem/reports';
import {loadConfig, type LoadedConfig} from '../config/load-config.ts';
import {repositoryRoot} from '../package-root.ts';

const MIGRATION_NAME = /^tandem\.config\.(ts|mts|mjs|json)$/;
const ownExample = (): Promise<LoadedConfig> => loadConfig(join(repositoryRoot(), 'examples/order-path/tandem.config.ts'));

/**
 * The migration that the user named, or the order path of this repository. Where a migration file lies that was not named, nothing is
 * guessed: what it hides would be recorded plainly, and a file that runs code is never taken by itself.
 * @throws TandemError TDM-E115, and what loadConfig throws
 */
export const migrationFile = async (named: string | null): Promise<LoadedConfig> => {
  if (named !== null) return await loadConfig(named);
  const here = readdirSync('.').find((name) => MIGRATION_NAME.test(name));
  if (here !== undefined) throw notNamed(`${here} lies here; a file that runs code is never taken by itself`, `add: -c ${here}`);
  return await ownExample();
};

/** The same for what starts both systems: the order path of this repository is meant only inside of it. */
export const migrationToRun = async (named: string | null): Promise<LoadedConfig> => {
  if (named === null && relative(repositoryRoot(), process.cwd()).startsWith('..')) {
    const loaded = await migrationFile(null);
    throw notNamed(`this folder lies outside of ${relative(process.cwd(), join(loaded.file, '../../..'))}, whose own example is meant without -c`, 'name yours with -c; tandem help config shows how to write one');
  }
  return await migrationFile(named);
};

/**
 * The migration by which a run is judged or explained again. It must have the name that the run has: rules of another system would
 * judge it without a word.
 * @throws TandemError TDM-E115 when none is named for a run of a named one, TDM-E116 when another is named
 */
export const migrationOfRun = async (named: string | null, manifest: Pick<RunManifest, 'command' | 'migration' | 'runId'>): Promise<LoadedConfig> => {
  const carried = carriedWords(manifest);
  const made = carried[carried.indexOf('-c') + 1];
  if (named === null && carried.includes('-c') && made !== undefined) throw notNamed(`run ${manifest.runId} was made with ${made}`, `add: -c ${made}`);
  const loaded = named === null ? await ownExample() : await loadConfig(named);
  if (loaded.config.name === manifest.migration) return loaded;
  throw new TandemError({id: 'TDM-E116', kind: 'usage', what: 'this run is of another migration', where: manifest.runId, seen: `the run is of "${manifest.migration}", the file says name: '${loaded.config.name}'`,
    fix: made === undefined ? 'name the migration file of the run with -c, or another run with --run' : `-c ${made}, or another run with --run`});
};

const notNamed = (seen: string, fix: string): TandemError => new TandemError({id: 'TDM-E115', kind: 'usage', what: 'no migration file is named', where: process.cwd(), seen, fix});
