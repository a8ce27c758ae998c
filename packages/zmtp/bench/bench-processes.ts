import {spawn, type ChildProcess} from 'node:child_process';
import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {createInterface} from 'node:readline';
import {fileURLToPath} from 'node:url';

/** the Python of the project's own environment, or TANDEM_PYTHON */
export const python: string = process.env['TANDEM_PYTHON'] ?? fileURLToPath(new URL('../../../.venv/bin/python', import.meta.url));
export const here = (name: string): string => fileURLToPath(new URL(name, import.meta.url));

/** A way may have a whole program to end. */
const END_MS = 6000;

/** A child that says a line when it is ready and answers each line with one. */
export class Worker {
  readonly child: ChildProcess;
  readonly ready: Promise<string>;
  readonly #waiting: PromiseWithResolvers<string>[] = [];

  constructor(command: readonly string[]) {
    this.child = spawn(command[0]!, command.slice(1), {stdio: ['pipe', 'pipe', 'inherit']});
    createInterface(this.child.stdout!).on('line', (line) => this.#waiting.shift()?.resolve(line));
    this.child.once('exit', (code, signal) => {
      for (const {reject} of this.#waiting.splice(0)) reject(new Error(`${command.join(' ')} ended with ${code ?? signal}`));
    });
    this.ready = this.#line();
  }

  async ask<T>(order: object): Promise<T> {
    const line = this.#line();
    this.child.stdin!.write(`${JSON.stringify(order)}\n`);
    return JSON.parse(await line) as T;
  }

  async end(): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const exited = new Promise<void>((resolve) => { this.child.once('exit', () => resolve()); });
    this.child.stdin!.end();
    const timer = setTimeout(() => this.child.kill('SIGKILL'), END_MS);
    await exited;
    clearTimeout(timer);
  }

  #line(): Promise<string> {
    const waiting = Promise.withResolvers<string>();
    this.#waiting.push(waiting);
    return waiting.promise;
  }
}

/** A folder for sockets and the workers in it; all gone at the end. */
export class Bench {
  readonly folder: string = mkdtempSync(join(tmpdir(), 'tandem-bench-'));
  readonly #workers: Worker[] = [];

  async start(...command: readonly string[]): Promise<Worker> {
    const worker = new Worker(command);
    this.#workers.push(worker);
    await worker.ready;
    return worker;
  }

  ipc(name: string): string {
    return `ipc://${join(this.folder, name)}`;
  }

  async end(): Promise<void> {
    await Promise.all(this.#workers.map((worker) => worker.end()));
    rmSync(this.folder, {recursive: true, force: true});
  }
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted.length === 0 ? Number.NaN : sorted[sorted.length >> 1]!;
}
