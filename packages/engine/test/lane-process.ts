import {spawn, type ChildProcess} from 'node:child_process';
import {mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {Pull, Push} from 'zeromq';
import {engineLaneProgram} from '../src/index.ts';
import {smallRulebook} from './small-rulebook.ts';

/** The engine as a program of its own, with a folder for its endpoints and files. */
export interface LaneProcess {
  readonly folder: string;
  readonly in: string;
  readonly out: string;
  readonly child: ChildProcess;
  stderr(): string;
  /** settles with exit code and signal */
  readonly exited: Promise<{code: number | null; signal: string | null}>;
  end(): Promise<void>;
}

export interface LaneSetup {
  readonly rulebook?: unknown;
  readonly args?: readonly string[];
  /** stdin: closed from the start unless true */
  readonly keepStdin?: boolean;
  readonly endpoints?: {readonly in?: string; readonly out?: string};
}

/** Starts it and waits until it says that it is ready, or ends. */
export const startLane = async (setup: LaneSetup = {}): Promise<LaneProcess> => {
  const folder = mkdtempSync(join(tmpdir(), 'tandem-lane-'));
  const rules = join(folder, 'rulebook.json');
  writeFileSync(rules, typeof setup.rulebook === 'string' ? setup.rulebook : JSON.stringify(setup.rulebook ?? smallRulebook()));
  const endpoints = {in: `ipc://${join(folder, 'in')}`, out: `ipc://${join(folder, 'out')}`, ...setup.endpoints};
  const args = ['order', '--rules', rules, '--in', endpoints.in, '--out', endpoints.out, ...(setup.args ?? [])];
  const child = spawn(process.execPath, [engineLaneProgram(), ...args], {stdio: [setup.keepStdin === true ? 'pipe' : 'ignore', 'pipe', 'pipe'], cwd: folder});
  let errors = '';
  child.stderr!.on('data', (chunk: Buffer) => { errors += chunk.toString(); });
  const exited = new Promise<{code: number | null; signal: string | null}>((resolve) => { child.once('close', (code, signal) => { resolve({code, signal}); }); });
  await Promise.race([exited, new Promise((resolve) => { child.stdout!.once('data', resolve); })]);
  return {
    folder, ...endpoints, child, exited, stderr: () => errors,
    async end() {
      child.kill('SIGKILL');
      await exited;
      rmSync(folder, {recursive: true, force: true});
    },
  };
};

/** Both ends of a lane's sockets. */
export class LaneClient {
  readonly push: Push = new Push({linger: 0, sendHighWaterMark: 1000});
  readonly pull: Pull = new Pull({linger: 0, receiveTimeout: 10_000, receiveHighWaterMark: 1000});

  constructor(lane: LaneProcess) {
    this.push.connect(lane.in);
    this.pull.connect(lane.out);
  }

  async send(...messages: readonly (object | string | Uint8Array)[]): Promise<void> {
    for (const message of messages) await this.push.send(message instanceof Uint8Array || typeof message === 'string' ? message : JSON.stringify(message));
  }

  async receive(count: number): Promise<Record<string, unknown>[]> {
    const outputs: Record<string, unknown>[] = [];
    while (outputs.length < count) {
      for (const part of await this.pull.receive()) outputs.push(JSON.parse(part.toString()) as Record<string, unknown>);
    }
    return outputs;
  }

  close(): void {
    this.push.close();
    this.pull.close();
  }
}
