import {mkdir, readFile, rename, rm, stat, writeFile} from 'node:fs/promises';
import {dirname, join} from 'node:path';
import {setTimeout as sleep} from 'node:timers/promises';
import {TandemError} from '@tandem/contract';

const POLL_MS = 100;
/** A lock without an owner's note is someone between two system calls, or dead there. */
const NOTE_MISSING_MS = 5000;

interface Owner {
  readonly pid: number;
  readonly started: string | null;
}

/** Runs `work` while holding the lock folder. Waits for a living holder; a dead one's lock is taken over. */
export async function withSetupLock<T>(folder: string, options: {readonly timeoutMs: number; readonly onWait: (pid: number | null) => void}, work: () => Promise<T>): Promise<T> {
  await mkdir(dirname(folder), {recursive: true});
  let told = false;
  for (let leftMs = options.timeoutMs; !await take(folder); leftMs -= POLL_MS) {
    const owner = await readOwner(folder);
    if (await isStale(folder, owner)) {
      await discard(folder);
      continue;
    }
    if (leftMs <= 0) {
      throw new TandemError({
        id: 'TDM-E292', kind: 'environment', what: 'Another set-up of Python did not end in time.', where: folder,
        seen: owner === null ? 'its lock is there' : `process ${owner.pid} holds the lock`, fix: 'wait for it or end it; then run again',
      });
    }
    if (!told) options.onWait(owner?.pid ?? null);
    told = true;
    await sleep(POLL_MS);
  }
  try {
    return await work();
  } finally {
    await rm(folder, {recursive: true, force: true});
  }
}

async function take(folder: string): Promise<boolean> {
  try {
    await mkdir(folder);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
  await writeFile(join(folder, 'owner.json'), JSON.stringify({pid: process.pid, started: await startOf(process.pid)} satisfies Owner));
  return true;
}

/** Renamed first: of several that find a dead lock only one succeeds, so nobody removes a fresh one. */
async function discard(folder: string): Promise<void> {
  const grave = `${folder}.dead-${process.pid}-${process.hrtime.bigint()}`;
  try {
    await rename(folder, grave);
    await rm(grave, {recursive: true, force: true});
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
}

async function readOwner(folder: string): Promise<Owner | null> {
  try {
    const owner = JSON.parse(await readFile(join(folder, 'owner.json'), 'utf8')) as Owner;
    return Number.isSafeInteger(owner.pid) && owner.pid > 0 ? owner : null;
  } catch {
    return null;
  }
}

async function isStale(folder: string, owner: Owner | null): Promise<boolean> {
  if (owner === null) {
    const made = await stat(folder).catch(() => null);
    return made !== null && Date.now() - made.mtimeMs > NOTE_MISSING_MS;
  }
  try {
    process.kill(owner.pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ESRCH';
  }
  // The number may have been given to somebody else since.
  return owner.started !== null && await startOf(owner.pid) !== owner.started;
}

async function startOf(pid: number): Promise<string | null> {
  const text = await readFile(`/proc/${pid}/stat`, 'latin1').catch(() => null);
  return text?.slice(text.lastIndexOf(')') + 2).split(' ')[19] ?? null;
}
