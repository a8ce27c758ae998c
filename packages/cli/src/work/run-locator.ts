import {readdirSync, existsSync} from 'node:fs';
import {join, resolve} from 'node:path';
import {RUN_FILE, TandemError} from '@tandem/contract';
import {nearestName} from '../config/nearest-name.ts';

const runIds = (root: string): string[] => (existsSync(root) ? readdirSync(root).filter((name) => existsSync(join(root, name, RUN_FILE.manifest))).sort() : []);

/** All run folders below a folder, oldest first. */
export const runFolders = (root: string): {id: string; path: string}[] => runIds(root).map((id) => ({id, path: join(root, id)}));

/** Written by a canary as soon as its gate can be spoken to. */
const isCanary = (folder: string): boolean => existsSync(join(folder, 'canary/control.json'));

/**
 * The folder of a canary; `latest` is the latest canary, whatever ran after it: the kill switch must find it.
 * @throws TandemError TDM-E144 when there is none, TDM-E121 when the one that was named does not exist
 */
export const locateCanary = (root: string, wanted: string): string => {
  if (wanted !== 'latest') return locateRun(root, wanted);
  const latest = runIds(root).filter((id) => isCanary(join(root, id))).at(-1);
  if (latest !== undefined) return resolve(root, latest);
  throw new TandemError({id: 'TDM-E144', kind: 'usage', what: 'there is no canary here', where: root, seen: `${runIds(root).length} runs, no canary among them`,
    likely: 'it was started with another --runs, or from another folder', fix: 'name its run folder with --run, or the folder of its runs with --runs'});
};

/**
 * The folder of a run: a path, an id (or its unique beginning), or `latest`. Run ids begin with their time, so the last in order is the latest.
 * @throws TandemError TDM-E121 when there is none or more than one
 */
export const locateRun = (root: string, wanted: string): string => {
  if (existsSync(join(wanted, RUN_FILE.manifest))) return resolve(wanted);
  const ids = runIds(root);
  if (wanted === 'latest' && ids.length > 0) return resolve(root, ids.at(-1) as string);
  const matching = ids.filter((id) => id === wanted || id.startsWith(wanted));
  if (matching.length === 1) return resolve(root, matching[0] as string);
  const near = nearestName(wanted, ids);
  throw new TandemError({id: 'TDM-E121', kind: 'usage', what: ids.length === 0 ? 'there is no run yet' : matching.length > 1 ? `"${wanted}" fits ${matching.length} runs` : `there is no run "${wanted}"`,
    where: root, seen: ids.length === 0 ? 'no run folder' : `${ids.length} runs, the latest is ${ids.at(-1)}`, ...(near === null ? {} : {likely: near}),
    fix: ids.length === 0 ? 'make one with tandem replay or tandem demo, or name the folder of the runs with --runs' : 'give more of its id with --run, or leave it out for the latest'});
};
