import {spawn, type ChildProcess} from 'node:child_process';
import {mkdtempSync, readFileSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {TandemError} from '@tandem/contract';
import {sinkProgram, type SunkEffect} from '@tandem/shadow';

const READY_MS = 10_000;

/** An independent downstream on this machine: a process of its own that writes down and confirms what is released. */
export class RecordingSink {
  readonly endpoint: string;
  readonly #child: ChildProcess;
  readonly #folder: string;
  readonly #file: string;

  private constructor(child: ChildProcess, folder: string) {
    this.#child = child;
    this.#folder = folder;
    this.endpoint = `ipc://${folder}/sink`;
    this.#file = join(folder, 'effects.jsonl');
  }

  static async start(): Promise<RecordingSink> {
    const folder = mkdtempSync(join(tmpdir(), 'tandem-sink-'));
    const child = spawn(process.execPath, [sinkProgram(), `ipc://${folder}/sink`, join(folder, 'effects.jsonl')], {stdio: ['pipe', 'pipe', 'pipe']});
    const sink = new RecordingSink(child, folder);
    await new Promise<void>((done, failed) => {
      let stderr = '';
      const timer = setTimeout(() => { failed(notReady(`not ready after ${READY_MS} ms`)); }, READY_MS);
      child.stderr?.on('data', (chunk: Buffer) => { stderr = (stderr + chunk.toString()).slice(-2000); });
      child.once('exit', (code) => { failed(notReady(`exit ${code}: ${stderr}`)); });
      child.stdout?.once('data', () => {
        clearTimeout(timer);
        done();
      });
    });
    return sink;
  }

  /** What arrived, in order. */
  effects(): readonly SunkEffect[] {
    return readFileSync(this.#file, 'utf8').split('\n').filter((line) => line !== '').map((line) => {
      const {p, c, o, l} = JSON.parse(line) as {p: string; c: number; o: number; l: SunkEffect['lane']};
      return {partition: p, causeSeq: c, ordinal: o, lane: l};
    });
  }

  async stop(): Promise<void> {
    const gone = new Promise((done) => this.#child.once('exit', done));
    this.#child.stdin?.end();
    if (this.#child.exitCode === null) await gone;
  }

  remove(): void {
    rmSync(this.#folder, {recursive: true, force: true});
  }
}

const notReady = (seen: string): TandemError => new TandemError({id: 'TDM-E142', kind: 'environment', what: 'the recording sink did not start', seen, fix: 'tandem doctor'});
