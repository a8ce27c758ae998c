import {readFileSync} from 'node:fs';
import {join} from 'node:path';
import {packageRoot} from '../package-root.ts';

/** Versions that a manifest names. */
export const runVersions = (): Record<string, string> => {
  const {version} = JSON.parse(readFileSync(join(packageRoot(), 'package.json'), 'utf8')) as {version: string};
  return {tandem: version};
};
export const today = (): string => new Date().toISOString().slice(0, 10);
