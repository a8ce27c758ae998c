import {readdirSync, readFileSync, readlinkSync} from 'node:fs';

/** The process that listens at a place, as far as the system tells it to us. */
export interface Listening {
  readonly pid: number;
  /** a wire tap of this product: it leaves on SIGTERM, behind what it has taken */
  readonly isTap: boolean;
}

const LISTENS = '0A';
/** in a table of unix sockets: a socket that accepts */
const ACCEPTS = 0x0001_0000;
const TAP_PROGRAM = /wire-program\.[cm]?[jt]s/;

/**
 * Who listens at `ipc://<path>` or `tcp://<address>:<port>`: from the system's tables of sockets and the open files of processes that belong to us. Null where
 * there are no such tables, nobody listens, or it is another user's process.
 */
export const whoListens = (endpoint: string): Listening | null => {
  const inodes = new Set(endpoint.startsWith('ipc://') ? unixInodes(endpoint.slice('ipc://'.length)) : tcpInodes(Number(/:(\d+)$/.exec(endpoint)?.[1] ?? 0)));
  if (inodes.size === 0) return null;
  for (const name of listOf('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    if (listOf(`/proc/${name}/fd`).some((fd) => inodes.has(/^socket:\[(\d+)\]$/.exec(linkOf(`/proc/${name}/fd/${fd}`))?.[1] ?? ''))) {
      return {pid: Number(name), isTap: TAP_PROGRAM.test(textOf(`/proc/${name}/cmdline`))};
    }
  }
  return null;
};

const unixInodes = (path: string): string[] => rowsOf('/proc/net/unix').filter((fields) => fields.slice(7).join(' ') === path && (Number.parseInt(fields[3] ?? '', 16) & ACCEPTS) !== 0).map((fields) => fields[6] ?? '');

/** The address is not looked at: a port that is taken on all of them is taken on ours. */
const tcpInodes = (port: number): string[] => ['/proc/net/tcp', '/proc/net/tcp6'].flatMap(rowsOf)
  .filter((fields) => fields[3] === LISTENS && Number.parseInt(fields[1]?.split(':')[1] ?? '', 16) === port).map((fields) => fields[9] ?? '');

const rowsOf = (path: string): string[][] => textOf(path).split('\n').slice(1).map((line) => line.trim().split(/ +/));

const textOf = (path: string): string => quiet(() => readFileSync(path, 'utf8'), '');
const listOf = (path: string): string[] => quiet(() => readdirSync(path), []);
const linkOf = (path: string): string => quiet(() => readlinkSync(path), '');

/** Processes end while they are looked at, and some are not ours to see. */
const quiet = <T>(look: () => T, otherwise: T): T => {
  try {
    return look();
  } catch {
    return otherwise;
  }
};
