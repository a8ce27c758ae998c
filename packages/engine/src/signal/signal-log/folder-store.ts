import {link, mkdir, readFile, readdir, rm, writeFile} from 'node:fs/promises';
import {dirname, join, relative, sep} from 'node:path';
import type {ObjectStore} from './object-store.ts';

let parts = 0;
const isMissing = (error: unknown): boolean => (error as NodeJS.ErrnoException).code === 'ENOENT';

/** Objects as files of a folder: for a disk that is shared, and as the pattern for other stores. */
export const folderStore = (folder: string): ObjectStore => ({
  async putNew(name, octets) {
    const file = join(folder, name);
    await mkdir(dirname(file), {recursive: true});
    // a link appears whole or not at all, and never over something
    const part = `${file}.part-${process.pid}-${parts++}`;
    await writeFile(part, octets, {mode: 0o640});
    try {
      await link(part, file);
      return true;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
      throw error;
    } finally {
      await rm(part, {force: true});
    }
  },
  async get(name) {
    try {
      return await readFile(join(folder, name));
    } catch (error) {
      if (isMissing(error)) return null;
      throw error;
    }
  },
  async list(prefix) {
    const entries = await readdir(folder, {recursive: true, withFileTypes: true}).catch((error: unknown) => {
      if (isMissing(error)) return [];
      throw error;
    });
    return entries.filter((entry) => entry.isFile()).map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join('/'))
      .filter((name) => name.startsWith(prefix) && !name.includes('.part-')).sort();
  },
  close: () => undefined,
});
