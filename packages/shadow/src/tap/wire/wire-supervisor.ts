import {spawn, type ChildProcess} from 'node:child_process';
import type {Socket} from 'node:net';
import {join} from 'node:path';
import {programEnvironment} from '../../endpoint/program-environment.ts';
import {dismissKeeper} from './wire-keeper.ts';
import {frontOf} from './tapped-input.ts';
import {WireLines} from './wire-lines.ts';
import type {WireReport, WireSettings} from './wire-settings.ts';

const PROGRAM = join(import.meta.dirname, 'wire-program.ts');
const STDERR_CHARS_MAX = 4000;
/** It speaks four times a second. When it has been silent for so long, it is stopped or hangs, and live hangs with it. */
const SILENT_MS = 3000;
const LOOK_MS = 500;
/** young generation of the process: with the runtime's own bound it grows for minutes, and what was read from sockets waits in memory that long */
const YOUNG_MIB = 2;
/** The collector's helpers would be woken on the cores that live runs on; so little is young here that one thread collects it as fast. */
const COLLECTOR = '--single-threaded-gc';

export interface SupervisorOptions {
  readonly settings: WireSettings;
  readonly onReport: (report: WireReport) => void;
  /** the process ended although traffic may pass through it; what was done about that, in words */
  readonly onGone: (how: {readonly words: string; readonly measures: string}) => void;
}

/**
 * The tap's process, seen from the harness: started, listened to, and when it dies, out of the way: over ipc the name leads to the real endpoint
 * again, over tcp a new process takes the place that forwards and looks at nothing.
 */
export class WireSupervisor {
  readonly #options: SupervisorOptions;
  #child: ChildProcess;
  #lines: WireLines<WireReport, WireSettings | {readonly do: 'stop'}>;
  #stderr = '';
  #keeperPid: number | null = null;
  #isReplaced = false;
  #isHung = false;
  #heardMs = Infinity;
  #lookedMs = performance.now();
  readonly #look: NodeJS.Timeout;

  constructor(options: SupervisorOptions) {
    this.#options = options;
    [this.#child, this.#lines] = this.#start(options.settings);
    this.#look = setInterval(() => { this.#endHung(); }, LOOK_MS);
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  /** Ends the log; the process stays as long as its connections. */
  stop(): void {
    this.#lines.say({do: 'stop'});
  }

  /** The harness may end although the process goes on. */
  release(): void {
    clearInterval(this.#look);
    this.#child.unref();
    (this.#child.stdio[3] as Socket | null)?.unref();
    (this.#child.stderr as Socket | null)?.unref();
  }

  #start(settings: WireSettings): [ChildProcess, WireLines<WireReport, WireSettings | {readonly do: 'stop'}>] {
    const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', `--max-semi-space-size=${YOUNG_MIB}`, COLLECTOR, PROGRAM], {
      // a group of its own: the terminal's Ctrl-C is for the command, not for what live passes through
      detached: true, stdio: ['ignore', 'ignore', 'pipe', 'pipe'], env: programEnvironment(),
    });
    child.on('error', () => undefined);
    child.stderr?.setEncoding('utf8').on('data', (chunk: string) => { this.#stderr = (this.#stderr + chunk).slice(-STDERR_CHARS_MAX); });
    const lines = new WireLines<WireReport, WireSettings | {readonly do: 'stop'}>(child.stdio[3] as Socket, (report) => {
      this.#heardMs = performance.now();
      if (report.kind === 'listening') this.#keeperPid = report.keeperPid;
      this.#options.onReport(report);
    });
    child.once('exit', (code, signal) => { this.#ended(code, signal); });
    lines.say(settings);
    return [child, lines];
  }

  /** A process that is only stopped keeps its connections, and live would wait for ever: ended, its peers connect anew. */
  #endHung(): void {
    const nowMs = performance.now();
    // we may have been stopped ourselves: what it said meanwhile is read first
    if (nowMs - this.#lookedMs > 2 * LOOK_MS) this.#heardMs = Math.max(this.#heardMs, nowMs);
    this.#lookedMs = nowMs;
    if (nowMs - this.#heardMs < SILENT_MS || this.#isHung) return;
    this.#isHung = true;
    this.#child.kill('SIGKILL');
  }

  #ended(code: number | null, signal: NodeJS.Signals | null): void {
    // it leaves with 0 when nothing passes through it any more
    if (code === 0) return;
    const {wires} = this.#options.settings;
    const fronts = wires.flatMap((input) => {
      const front = frontOf(input);
      const real = input.endpoint.slice('ipc://'.length);
      if (front === null) return [];
      // the keeper may have been quicker; another tap may stand there by now
      if (front.target === front.tapPath) front.point(real);
      return front.target === real ? [front] : [];
    });
    const alone = wires.filter((input) => frontOf(input) === null);
    const words = this.#stderr.trim() === '' ? (signal ?? `exit code ${code}`) : `${signal ?? `exit code ${code}`}: ${this.#stderr.trim().split('\n').at(-1) ?? ''}`;
    const how = this.#isHung ? `it said nothing for ${SILENT_MS / 1000} s and was ended` : words;
    this.#heardMs = Infinity;
    const restarts = alone.length > 0 && !this.#isReplaced;
    if (restarts) {
      this.#isReplaced = true;
      [this.#child, this.#lines] = this.#start({...this.#options.settings, wires: alone, subscriptions: [], spliceOnly: true});
      // not before: until then it is the one that would step in. Later it would take the place once more when we and the new process have ended in good order
      if (this.#keeperPid !== null) dismissKeeper(this.#keeperPid);
    }
    this.#options.onGone({words: how, measures: [
      fronts.length > 0 ? `${fronts.map(({path}) => `ipc://${path}`).join(', ')} leads to the real endpoint again` : '',
      restarts ? `a new process (pid ${this.pid}) forwards ${alone.map(({listen}) => listen).join(', ')} and looks at nothing` : '',
    ].filter(Boolean).join('; ')});
  }
}
