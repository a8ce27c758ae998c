import {spawn} from 'node:child_process';
import type {Socket} from 'node:net';
import type {IpcFront} from './ipc-front.ts';

/**
 * Waits for its standard input to end, which only the tap's process holds; then every front (name, place of the tap, real endpoint) that still
 * leads to the tap leads to the real endpoint, by one rename. A front that leads elsewhere is left alone.
 */
const SCRIPT = `trap '' HUP INT
while read -r _; do :; done
while [ "$#" -ge 3 ]; do
  if [ "$(readlink -- "$1")" = "$2" ]; then rm -f -- "$1.$$"; ln -s -- "$3" "$1.$$" && mv -f -- "$1.$$" "$1"; fi
  shift 3
done`;
const NAME = 'tandem-keeper';

/**
 * A shell of about a MiB that outlives the tap and whoever started it: when both are killed in the same moment, nobody else would lead live peers back
 * to the real endpoint. It waits in a read and costs no time. Null where there is no such shell.
 */
export const keepFronts = (fronts: readonly {readonly front: IpcFront; readonly realPath: string}[]): number | null => {
  if (fronts.length === 0) return null;
  // a session of its own: what is sent to the tap's group does not meet it
  const keeper = spawn('/bin/sh', ['-c', SCRIPT, NAME, ...fronts.flatMap(({front, realPath}) => [front.path, front.tapPath, realPath])], {detached: true, stdio: ['pipe', 'ignore', 'ignore'], cwd: '/', env: {PATH: '/usr/local/bin:/usr/bin:/bin'}});
  keeper.on('error', () => undefined);
  keeper.stdin.on('error', () => undefined);
  keeper.unref();
  (keeper.stdin as Socket).unref();
  return keeper.pid ?? null;
};
