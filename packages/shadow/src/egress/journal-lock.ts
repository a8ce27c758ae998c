import {createHash} from 'node:crypto';
import {realpath, unlink} from 'node:fs/promises';
import {createConnection, createServer, type Server} from 'node:net';
import {tmpdir} from 'node:os';
import {basename, dirname, join} from 'node:path';
import {setTimeout as delay} from 'node:timers/promises';
import {TandemError} from '@tandem/contract';

const ASK_AGAIN_MS = 50;

/** Held by one process at a time, and by nobody once that process has ended, however it ended. */
export interface JournalLock {
  release(): void;
}

/**
 * Two gates that write one journal would break its chain: the one that comes waits until the other has ended (it drains when whoever started it is
 * gone). A listening socket is the lock, because the system takes it away with the process. Throws TDM-E268 when the other one lives on.
 */
export async function lockJournal(journalFile: string, waitMs: number): Promise<JournalLock> {
  const folder = await realpath(dirname(journalFile));
  const name = `tandem-journal-${createHash('sha256').update(join(folder, basename(journalFile))).digest('hex').slice(0, 24)}`;
  // Linux has names that are no files and end with their process; elsewhere the file of a dead process is found out by asking.
  const isAbstract = process.platform === 'linux';
  const address = isAbstract ? `\0${name}` : join(tmpdir(), name);
  const untilMs = performance.now() + waitMs;
  for (;;) {
    const server = await listen(address);
    if (server !== null) return {release: () => server.close()};
    if (!isAbstract && !await answers(address)) await unlink(address).catch(() => undefined);
    if (performance.now() > untilMs) {
      throw new TandemError({
        id: 'TDM-E268', kind: 'usage', what: 'Another gate writes the journal of this run.', where: journalFile, seen: `it still lives after ${waitMs} ms`,
        likely: 'the canary runs, or its gate was stopped', fix: 'let it end (tandem canary status, tandem kill), or end its process; then resume',
      });
    }
    await delay(ASK_AGAIN_MS);
  }
}

function listen(address: string): Promise<Server | null> {
  return new Promise((resolve, reject) => {
    const server = createServer((socket) => socket.destroy());
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE') resolve(null);
      else reject(error);
    });
    server.listen(address, () => resolve(server.unref()));
  });
}

function answers(address: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createConnection(address, () => resolve(true));
    socket.on('error', () => resolve(false)).on('connect', () => socket.destroy());
  });
}
