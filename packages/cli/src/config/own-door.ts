import {registerHooks} from 'node:module';
import {pathToFileURL} from 'node:url';
import {join} from 'node:path';
import {packageRoot} from '../package-root.ts';

/**
 * Lets a migration file import `@tandem/cli` from wherever it lies: while `work` runs, the name means the tandem that reads the file,
 * whether or not a package of this name is installed beside it.
 */
export const withOwnDoor = async <T>(work: () => Promise<T>): Promise<T> => {
  const door = pathToFileURL(join(packageRoot(), 'src', 'index.ts')).href;
  const hooks = registerHooks({resolve: (specifier, context, next) => (specifier === '@tandem/cli' ? {url: door, shortCircuit: true} : next(specifier, context))});
  try {
    return await work();
  } finally {
    hooks.deregister();
  }
};
