import {spawn, type ChildProcess} from 'node:child_process';
import {createInterface} from 'node:readline';
import type {ErrorDetail} from '@tandem/contract';
import {programEnvironment} from '../endpoint/program-environment.ts';

const STDERR_CHARS_MAX = 4000;
const WORDS_CHARS_MAX = 300;
const BACK_OFF_MS = [100, 200, 500, 1000, 2000, 5000];
/** So many ends within the window are a loop. */
export const LOOP_ENDS = 5;
export const LOOP_WINDOW_MS = 60_000;

export interface SupervisedOptions {
  readonly program: string;
  readonly args: readonly string[];
  /** environment of the first process; later ones get none of the planted ends */
  readonly firstEnv: Readonly<Record<string, string>>;
  readonly onLine: (line: Record<string, unknown>) => void;
  /** it is there (again) */
  readonly onReady: () => void;
  /** it ended without being asked to; `loops`: it will not be started again */
  readonly onEnd: (how: {readonly words: string; readonly loops: boolean}) => void;
}

export interface LastWords {
  readonly text: string;
  readonly detail: ErrorDetail | null;
}

/** One of our own node programs: started, started again with growing pauses when it ends by itself, and ended. */
export class SupervisedProcess {
  readonly #options: SupervisedOptions;
  #child: ChildProcess | null = null;
  #stopping = false;
  #ready = false;
  #stderr = '';
  readonly #endsMs: number[] = [];
  #restart: NodeJS.Timeout | null = null;
  restarts = 0;

  constructor(options: SupervisedOptions) {
    this.#options = options;
  }

  get pid(): number | null {
    return this.#child?.pid ?? null;
  }

  get ready(): boolean {
    return this.#ready;
  }

  /** What it said last on stderr: our programs say an error's detail as one line of JSON. */
  get lastWords(): LastWords {
    const line = this.#stderr.trim().split('\n').at(-1) ?? '';
    const detail = asDetail(line);
    return {detail, text: detail === null ? line.slice(0, WORDS_CHARS_MAX) : `${detail.id} ${detail.what}${detail.seen === undefined ? '' : ` ${detail.seen}`}`};
  }

  start(): void {
    const {program, args, firstEnv} = this.#options;
    const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', program, ...args], {
      env: {...programEnvironment(), ...(this.restarts === 0 ? firstEnv : {})},
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    this.#child = child;
    this.#ready = false;
    this.#stderr = '';
    child.stdin.on('error', () => undefined);
    child.on('error', () => undefined);
    child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
      this.#stderr = (this.#stderr + chunk).slice(-STDERR_CHARS_MAX);
    });
    createInterface({input: child.stdout}).on('error', () => undefined).on('line', (text) => this.#take(child, text));
    child.once('close', (code, signal) => this.#ended(child, signal ?? `exit code ${code}`));
  }

  /** One JSON line to its stdin; lost when it is not there. */
  tell(value: unknown): void {
    const stdin = this.#child?.stdin;
    // A reader that is stopped must not make us collect without end.
    if (stdin == null || stdin.writableLength > 1024 * 1024) return;
    stdin.write(`${JSON.stringify(value)}\n`);
  }

  async stop(timeoutMs: number): Promise<void> {
    this.#stopping = true;
    if (this.#restart !== null) clearTimeout(this.#restart);
    const child = this.#child;
    if (child === null || child.exitCode !== null || child.signalCode !== null) return;
    const closed = new Promise((resolve) => child.once('close', resolve));
    child.stdin?.end();
    const timer = setTimeout(() => child.kill('SIGKILL'), timeoutMs);
    await closed;
    clearTimeout(timer);
  }

  #take(child: ChildProcess, text: string): void {
    if (child !== this.#child) return;
    let line: Record<string, unknown>;
    try {
      line = JSON.parse(text) as Record<string, unknown>;
    } catch {
      return;
    }
    if (line['ready'] === true) {
      this.#ready = true;
      this.#options.onReady();
    } else {
      this.#options.onLine(line);
    }
  }

  #ended(child: ChildProcess, words: string): void {
    if (child !== this.#child) return;
    this.#ready = false;
    this.#child = null;
    if (this.#stopping) return;
    const nowMs = performance.now();
    this.#endsMs.push(nowMs);
    const recent = this.#endsMs.filter((endMs) => nowMs - endMs < LOOP_WINDOW_MS).length;
    const loops = recent >= LOOP_ENDS;
    const {text} = this.lastWords;
    this.#options.onEnd({words: text === '' ? words : `${words}: ${text}`, loops});
    if (loops) return;
    this.restarts += 1;
    this.#restart = setTimeout(() => this.start(), BACK_OFF_MS[Math.min(recent - 1, BACK_OFF_MS.length - 1)]);
  }
}

function asDetail(line: string): ErrorDetail | null {
  if (!line.startsWith('{')) return null;
  try {
    const detail = JSON.parse(line) as Partial<ErrorDetail>;
    return typeof detail.id === 'string' && typeof detail.what === 'string' ? detail as ErrorDetail : null;
  } catch {
    return null;
  }
}
