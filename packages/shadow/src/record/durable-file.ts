import {open, rename, unlink} from 'node:fs/promises';
import {dirname} from 'node:path';
import {TandemError} from '@tandem/contract';

/**
 * Writes a file so that a reader sees all of it or the former one, also after a crash: temporary file in the same folder,
 * fsync, rename, fsync of the folder. A temporary file that could not be finished is removed.
 */
export async function writeDurably(path: string, bytes: string | Uint8Array): Promise<void> {
  const temporary = `${path}.part-${process.pid}`;
  try {
    const file = await open(temporary, 'wx', 0o600);
    try {
      await file.writeFile(bytes);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
    await syncFolder(dirname(path));
  } catch (error) {
    await unlink(temporary).catch(() => undefined);
    throw storageError(path, error);
  }
}

async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

/** What a failing disk means for the person who runs it. */
export function storageError(path: string, error: unknown): TandemError {
  if (error instanceof TandemError) return error;
  const {code, message} = error as NodeJS.ErrnoException;
  const fixes: Readonly<Record<string, string>> = {
    ENOSPC: 'free some space; what was written before is kept and marked as incomplete',
    EDQUOT: 'raise the quota or free some space; what was written before is kept and marked as incomplete',
    EROFS: 'choose a run folder on a disk that can be written',
    EACCES: 'choose a run folder that this user may write to',
    EEXIST: 'another run writes to this folder: start one run at a time, or choose another name',
  };
  return new TandemError({
    id: code === 'ENOSPC' || code === 'EDQUOT' ? 'TDM-E242' : 'TDM-E241', kind: 'environment',
    what: code === 'ENOSPC' || code === 'EDQUOT' ? 'The disk is full: the run folder is incomplete.' : 'The run folder could not be written.',
    where: path, seen: code ?? message, fix: fixes[code ?? ''] ?? 'check the disk that holds the run folder',
  }, {cause: error});
}
