import {spawn, type ChildProcess} from 'node:child_process';
import {readFileSync} from 'node:fs';
import type {Socket} from 'node:net';
import type {IpcFront} from './ipc-front.ts';
import type {WireSettings} from './wire-settings.ts';

/**
 * Waits for its standard input to end, which only the tap's process holds. Then every front (name, place of the tap, real endpoint) that still leads to the tap
 * leads to the real endpoint, by one rename; a front that leads elsewhere is left alone. Over tcp nobody can be led elsewhere: unless the tap said that it left,
 * or the harness is there to see to it, the command behind the fronts takes its place. Both may die in one moment, so the harness is looked at more than once;
 * whoever of the two comes second finds the place taken, and leaves.
 */
const SCRIPT = `trap '' HUP INT
said=
while read -r line; do said=$line; done
harness=$1 settings=$2 fronts=$3
shift 3
while [ "$fronts" -gt 0 ]; do
  if [ "$(readlink -- "$1")" = "$2" ]; then rm -f -- "$1.$$"; ln -s -- "$3" "$1.$$" && mv -f -- "$1.$$" "$1"; fi
  shift 3
  fronts=$((fronts - 1))
done
[ "$said" != left ] && [ "$#" -gt 0 ] || exit 0
for wait in 0.2 1 1; do
  sleep "$wait" 2>/dev/null || sleep 1
  if ! kill -0 "$harness" 2>/dev/null || grep -q ') Z ' "/proc/$harness/stat" 2>/dev/null; then printf '%s\\n' "$settings" | "$@" 3<&0 </dev/null & exit 0; fi
done`;
const NAME = 'tandem-keeper';

export interface Kept {
  readonly fronts: readonly {readonly front: IpcFront; readonly realPath: string}[];
  /** what takes the tap's place where peers know an address; null: nothing does */
  readonly forwarder: {readonly command: readonly string[]; readonly settings: WireSettings; readonly harnessPid: number} | null;
}

/** A shell of about a MiB that outlives the tap and whoever started it. */
export class Keeper {
  readonly #child: ChildProcess;

  private constructor(child: ChildProcess) {
    this.#child = child;
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  /**
   * When tap and harness are killed in the same moment, nobody else would lead live peers back to the real endpoint. It waits in a read and costs no time.
   * Null where there is nothing to keep or no such shell.
   */
  static start({fronts, forwarder}: Kept): Keeper | null {
    if (fronts.length === 0 && forwarder === null) return null;
    const {command, settings, harnessPid} = forwarder ?? {command: [], settings: null, harnessPid: 0};
    const args = [String(harnessPid), JSON.stringify(settings), String(fronts.length), ...fronts.flatMap(({front, realPath}) => [front.path, front.tapPath, realPath]), ...command];
    // a session of its own: what is sent to the tap's group does not meet it
    const child = spawn('/bin/sh', ['-c', SCRIPT, NAME, ...args], {detached: true, stdio: ['pipe', 'ignore', 'ignore'], cwd: '/', env: {PATH: '/usr/local/bin:/usr/bin:/bin'}});
    child.on('error', () => undefined);
    child.stdin?.on('error', () => undefined);
    child.unref();
    (child.stdin as Socket | null)?.unref();
    return child.pid === undefined ? null : new Keeper(child);
  }

  /** The tap ends because it was to end: nobody takes its place. */
  left(): void {
    this.#child.stdin?.write('left\n');
  }
}

/** Ends a keeper whose tap has died: somebody else has taken the place already. A pid that is somebody else's by now is left alone. */
export function dismissKeeper(pid: number): void {
  try {
    if (readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').includes(NAME)) process.kill(pid, 'SIGTERM');
  } catch {
    // it has ended; or no procfs, then it finds the place taken
  }
}
