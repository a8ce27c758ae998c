import {lstatSync, readlinkSync, renameSync, symlinkSync, unlinkSync} from 'node:fs';
import {basename, dirname, join} from 'node:path';
import {TandemError} from '@tandem/contract';

/**
 * The name that live peers connect to: a symbolic link in the place of a socket file. Re-pointing it is one atomic rename, and whoever
 * connects afterwards meets the other one; connections that stand are not touched.
 */
export class IpcFront {
  readonly path: string;

  /** @param path of the link, without `ipc://` */
  constructor(path: string) {
    this.path = path;
  }

  /** where the tap itself listens, beside the front */
  get tapPath(): string {
    return join(dirname(this.path), `.${basename(this.path)}.tap`);
  }

  /** @throws TandemError TDM-E285 when something else than such a link stands there */
  assertFree(): void {
    const found = lstatSync(this.path, {throwIfNoEntry: false});
    if (found === undefined || found.isSymbolicLink()) return;
    throw new TandemError({
      id: 'TDM-E285', kind: 'usage', what: 'The place where the tap is to listen is taken.', where: `ipc://${this.path}`,
      seen: found.isSocket() ? 'a socket stands there: live itself may listen on it' : 'a file that is no link stands there',
      likely: 'the real endpoint was named as the place of the tap', fix: 'give --listen a path of its own, let live peers connect to that, and name the real endpoint with --upstream',
    });
  }

  /** where it points, null when it is not there */
  get target(): string | null {
    try {
      return readlinkSync(this.path);
    } catch {
      return null;
    }
  }

  point(target: string): void {
    const half = `${this.path}.${process.pid}`;
    try {
      unlinkSync(half);
    } catch {
      // nothing was left there
    }
    symlinkSync(target, half);
    renameSync(half, this.path);
  }
}
