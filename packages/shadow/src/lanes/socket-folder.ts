import {rmSync} from 'node:fs';
import {mkdtemp, rm} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {TandemError} from '@tandem/contract';

/** sun_path holds 108 octets including the closing zero (104 on macOS). */
const IPC_PATH_BYTES_MAX = process.platform === 'linux' ? 107 : 103;

const living = new Set<string>();
let hooked = false;

/** A process that ends in good order leaves no folder behind, even when nobody stopped its lanes. */
function hookExit(): void {
  if (hooked) return;
  hooked = true;
  process.on('exit', () => {
    for (const path of living) rmSync(path, {recursive: true, force: true});
  });
}

/** A private folder for one lane's sockets and figures; only the owner may enter it. */
export interface SocketFolder {
  readonly path: string;
  readonly inEndpoint: string;
  readonly outEndpoint: string;
  readonly statsFile: string;
  remove(): Promise<void>;
}

/** Makes the folder (0700) below the temporary folder, or below /tmp when the paths would not fit into a socket address. */
export async function makeSocketFolder(base: string = tmpdir()): Promise<SocketFolder> {
  for (const parent of new Set([base, '/tmp'])) {
    // mkdtemp adds 6 characters and makes the folder 0700 whatever the umask is
    if (Buffer.byteLength(join(parent, 'tandem-XXXXXX', 'out')) > IPC_PATH_BYTES_MAX) continue;
    const path = await mkdtemp(join(parent, 'tandem-')).catch((error: unknown) => {
      throw new TandemError({
        id: 'TDM-E224', kind: 'environment', what: 'No folder for the sockets of a lane could be made.', where: parent,
        seen: (error as Error).message, fix: 'set TMPDIR to a folder that exists, is writable and is on a local disk',
      }, {cause: error});
    });
    living.add(path);
    hookExit();
    return {
      path,
      inEndpoint: `ipc://${join(path, 'in')}`,
      outEndpoint: `ipc://${join(path, 'out')}`,
      statsFile: join(path, 'stats.json'),
      async remove() {
        await rm(path, {recursive: true, force: true});
        living.delete(path);
      },
    };
  }
  throw new TandemError({
    id: 'TDM-E224', kind: 'environment', what: 'The temporary folder has too long a path for a socket.', where: base,
    seen: `a socket path holds ${IPC_PATH_BYTES_MAX} octets`, fix: 'set TMPDIR to a shorter path, for example /tmp',
  });
}
