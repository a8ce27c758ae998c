import type {LaunchLane} from '@tandem/contract';
import {isAbsolute} from 'node:path';
import {diedBeforeReady, exitWords, notReady, notStarted, type LaneEvidenceText} from './lane-fault.ts';
import {ProcessGroup} from './process-group.ts';
import {ReadyLine, type LaneSnapshot} from './ready-line.ts';
import {StderrTail} from './stderr-tail.ts';
import {waitWithin} from './wait-within.ts';

const DRAIN_MS = 300;

export interface LaneExit {
  readonly exitCode: number | null;
  readonly signal: string | null;
}

/** How long an ending lane is given: after stdin ends, after TERM. */
export interface StopGrace {
  readonly eofMs: number;
  readonly termMs: number;
}

/** The program of a lane: started in its own process group, without a shell, with exactly the environment of the spec. */
export interface LaneProcess {
  readonly pid: number;
  readonly exited: Promise<LaneExit>;
  readonly exit: LaneExit | null;
  readonly stderr: StderrTail;
  readonly stdoutBytes: number;
  /** as its ready line said */
  readonly snapshot: LaneSnapshot;
  evidence(): LaneEvidenceText;
  /** Waits, bounded, until its last words were read: a grandchild may hold stderr open. */
  stderrClosed(): Promise<unknown>;
  /** Waits for the ready line, or for `other` in its place; throws a lane error when the process ends first or the time is over. */
  waitReady(timeoutMs: number, other?: Promise<void>): Promise<void>;
  /** Ends stdin, then TERM, then KILL, each to the whole group; returns how it ended. Safe to call again. */
  stop(grace: StopGrace): Promise<LaneExit | null>;
}

/** Starts the program. `args` has its placeholders replaced already. */
export async function startLaneProcess(spec: LaunchLane, args: readonly string[]): Promise<LaneProcess> {
  const stderr = new StderrTail();
  const readyLine = new ReadyLine();
  const evidence = (): LaneEvidenceText => ({label: spec.label, name: spec.name, command: [spec.command, ...spec.byHand ?? args].join(' ').slice(0, 500), stderrTail: stderr.lines()});
  if (!isAbsolute(spec.command)) throw notStarted(evidence(), new Error(`"${spec.command}" is not an absolute path`));
  // Loaded here: commands that start no lane should not pay for it.
  const {execa} = await import('execa');
  const child = execa(spec.command, args, {
    cwd: spec.cwd, env: spec.env, extendEnv: false, preferLocal: false, shell: false,
    stdin: 'pipe', stdout: 'pipe', stderr: 'pipe', buffer: false, reject: false,
    // Own group, ended by its id; execa's own clean-up does not act on such children.
    detached: true, cleanup: false, forceKillAfterDelay: false,
  });
  const {pid} = child;
  if (pid === undefined) throw notStarted(evidence(), (await child).cause);
  const group = new ProcessGroup(pid);
  let exit: LaneExit | null = null;
  const exited = new Promise<LaneExit>((resolve) => {
    child.nodeChildProcess.once('exit', (exitCode, signal) => {
      exit = {exitCode, signal};
      group.isEmpty(); // seen at once, while the number cannot have been given away
      resolve(exit);
    });
  });
  child.stdin.on('error', () => undefined); // EPIPE when the lane closes its stdin first
  child.stdout.on('data', (chunk: Uint8Array) => readyLine.push(chunk)).on('error', () => undefined);
  child.stderr.on('data', (chunk: Uint8Array) => stderr.push(chunk)).on('error', () => undefined);
  const stderrEnd = new Promise<void>((resolve) => child.stderr.once('close', resolve));

  const stderrClosed = (): Promise<unknown> => waitWithin(stderrEnd, DRAIN_MS);

  const waitReady = async (timeoutMs: number, other?: Promise<void>): Promise<void> => {
    const isReady = (other ?? readyLine.ready).then(() => true);
    const first = Promise.race([isReady, exited.then(() => false)]);
    if (!await waitWithin(first, timeoutMs)) throw notReady(evidence(), timeoutMs, other === undefined ? 'line' : 'listening');
    if (await first) return;
    await stderrClosed();
    throw diedBeforeReady(evidence(), exitWords(exit?.exitCode ?? null, exit?.signal ?? null));
  };

  const stop = async (grace: StopGrace): Promise<LaneExit | null> => {
    child.stdin.end();
    if (exit === null && grace.eofMs > 0) await waitWithin(exited, grace.eofMs);
    if (!group.isEmpty()) {
      group.signal('SIGTERM');
      if (!await group.waitEmpty(grace.termMs)) {
        group.signal('SIGKILL');
        await group.waitEmpty(1000);
      }
    }
    await waitWithin(exited, 1000);
    await stderrClosed();
    child.stdout.destroy();
    child.stderr.destroy();
    return exit;
  };

  return {
    pid, exited, stderr, evidence, stderrClosed, waitReady, stop,
    get exit() { return exit; },
    get stdoutBytes() { return readyLine.bytes; },
    get snapshot() { return readyLine.snapshot; },
  };
}
