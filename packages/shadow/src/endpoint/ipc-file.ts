import {chmod, lstat, mkdir, stat, unlink} from 'node:fs/promises';
import {createConnection} from 'node:net';
import {dirname} from 'node:path';
import {TandemError} from '@tandem/contract';

const PROBE_TIMEOUT_MS = 250;

/** What a connect to a unix socket path showed. */
export type IpcProbe = 'absent' | 'stale' | 'alive' | 'not-a-socket';

/** Connects and hangs up at once: `alive` when somebody listens, `stale` when the file is a leftover of a dead process. */
export async function probeIpcFile(path: string): Promise<IpcProbe> {
  const info = await lstat(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return null;
    throw error;
  });
  if (info === null) return 'absent';
  if (!info.isSocket()) return 'not-a-socket';
  return await new Promise<IpcProbe>((resolve) => {
    const socket = createConnection({path});
    // Nobody answers within the time: a full backlog is a living listener too.
    const timer = setTimeout(() => finish('alive'), PROBE_TIMEOUT_MS);
    const finish = (result: IpcProbe): void => {
      clearTimeout(timer);
      socket.destroy();
      resolve(result);
    };
    socket.once('connect', () => finish('alive'));
    socket.once('error', (error: NodeJS.ErrnoException) => {
      finish(error.code === 'ECONNREFUSED' ? 'stale' : error.code === 'ENOENT' ? 'absent' : 'alive');
    });
  });
}

/**
 * Makes a path ready for bind: its folder exists (created 0700), a leftover socket file is removed. libzmq unlinks whatever
 * stands there without asking, so a living listener would silently lose its name: that is refused here.
 */
export async function prepareIpcPath(path: string): Promise<void> {
  const folder = dirname(path);
  await mkdir(folder, {recursive: true, mode: 0o700});
  const mode = (await stat(folder)).mode & 0o777;
  if ((mode & 0o077) !== 0) {
    throw new TandemError({
      id: 'TDM-E206', kind: 'usage', what: `The folder of ipc://${path} is open to other users.`, where: folder,
      seen: `mode ${mode.toString(8)}`, likely: 'it existed before with wider rights, like the temporary folder itself',
      fix: `use a folder of its own (it is created with mode 700) or run: chmod 700 ${folder}`,
    });
  }
  const probe = await probeIpcFile(path);
  if (probe === 'stale') {
    await unlink(path).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOENT') throw error;
    });
    return;
  }
  if (probe === 'alive') {
    throw new TandemError({
      id: 'TDM-E203', kind: 'environment', what: `The endpoint ipc://${path} is in use.`, where: `ipc://${path}`,
      seen: 'a process listens on this unix socket', likely: 'another run or the live system owns it',
      fix: 'end that process or choose another path',
    });
  }
  if (probe === 'not-a-socket') {
    throw new TandemError({
      id: 'TDM-E204', kind: 'usage', what: `The endpoint ipc://${path} would replace a file.`, where: `ipc://${path}`,
      seen: 'the path names a file or folder that is not a socket', fix: 'choose a path that does not exist',
    });
  }
}

/** Only the owner may open the socket file; the folder alone is not enough when it was there before. */
export async function restrictIpcFile(path: string): Promise<void> {
  await chmod(path, 0o600);
}
