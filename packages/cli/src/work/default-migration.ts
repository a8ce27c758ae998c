import {readdirSync, readFileSync} from 'node:fs';
import {join, relative} from 'node:path';
import {TandemError, type RunManifest} from '@tandem/contract';
import {carriedWords, shellCommand} from '@tandem/reports';
import {loadConfig, type LoadedConfig} from '../config/load-config.ts';
import {repositoryRoot} from '../package-root.ts';
import {textFlag, type WorkContext} from './work-context.ts';

const MIGRATION_NAME = /^tandem\.config\.(ts|mts|mjs|json)$/;
const ownExample = (): Promise<LoadedConfig> => loadConfig(join(repositoryRoot(), 'examples/order-path/tandem.config.ts'));

/** A migration file in the folder in which tandem was called; it is looked at, never run. */
const fileHere = (): string | undefined => readdirSync('.').find((name) => MIGRATION_NAME.test(name));
const lies = (here: string): TandemError => notNamed(`${here} lies here; a file that runs code is never taken by itself`, `add: -c ${here}`);

/**
 * What a recording hides: the migration that the user named, or the order path of this repository, which hides nothing. A file that lies
 * here and was not named is not passed over when it hides something.
 * @throws TandemError TDM-E115, and what loadConfig throws
 */
export const migrationFile = async (named: string | null): Promise<LoadedConfig> => {
  if (named !== null) return await loadConfig(named);
  const here = fileHere();
  if (here !== undefined && readFileSync(here, 'utf8').includes('redact')) throw lies(here);
  return await ownExample();
};

/** The same for what starts both systems: the order path of this repository is meant only inside of it, and where no other file lies. */
export const migrationToRun = async (named: string | null): Promise<LoadedConfig> => {
  if (named !== null) return await loadConfig(named);
  const here = fileHere();
  if (here !== undefined) throw lies(here);
  if (relative(repositoryRoot(), process.cwd()).startsWith('..')) throw notNamed('no tandem.config.ts lies here', 'name yours with -c; tandem help config shows how to write one');
  return await ownExample();
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

/** What a next command needs to mean the same migration: ` -c <file>` when one was named. */
export const configWords = (context: WorkContext): string => {
  const named = textFlag(context, 'config');
  return named === null ? '' : ` -c ${shellCommand([named])}`;
};

const notNamed = (seen: string, fix: string): TandemError => new TandemError({id: 'TDM-E115', kind: 'usage', what: 'no migration file is named', where: process.cwd(), seen, fix});
