import {existsSync} from 'node:fs';
import {dirname, join} from 'node:path';
import {fileURLToPath} from 'node:url';

/** Folder of this package, whether the code runs from `src` or from the bundle. */
export const packageRoot = (): string => {
  let folder = dirname(fileURLToPath(import.meta.url));
  for (let depth = 0; depth < 6 && !existsSync(join(folder, 'package.json')); depth += 1) folder = dirname(folder);
  return folder;
};

/** A committed fixture of this package. */
export const fixturePath = (name: string): string => join(packageRoot(), 'fixtures', name);

/** Folder of the repository that this package lies in. */
export const repositoryRoot = (): string => dirname(dirname(packageRoot()));
