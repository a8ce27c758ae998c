import {tailOf} from './output-tail.ts';

const OUTPUT_BYTES_MAX = 256 * 1024;

export interface CommandRun {
  readonly ok: boolean;
  /** at most 256 KiB, the end of it */
  readonly stdout: string;
  /** last lines of stdout and stderr together, sanitised */
  readonly tail: readonly string[];
  /** how it ended, in words */
  readonly ended: string;
}

/** Runs a program to its end: absolute command, argument list, exactly this environment, bounded output and time. */
export async function runCommand(command: readonly [string, ...string[]], options: {readonly env: Readonly<Record<string, string>>; readonly timeoutMs: number}): Promise<CommandRun> {
  const {execa} = await import('execa');
  const [file, ...args] = command;
  const child = execa(file, args, {
    env: options.env, extendEnv: false, preferLocal: false, shell: false, stdin: 'ignore', stdout: 'pipe', stderr: 'pipe',
    buffer: false, reject: false, timeout: options.timeoutMs, forceKillAfterDelay: 2000,
  });
  let stdout = '';
  let both = '';
  const keep = (text: string, chunk: Uint8Array): string => (text + Buffer.from(chunk).toString('utf8')).slice(-OUTPUT_BYTES_MAX);
  child.stdout.on('data', (chunk: Uint8Array) => {
    stdout = keep(stdout, chunk);
    both = keep(both, chunk);
  });
  child.stderr.on('data', (chunk: Uint8Array) => {
    both = keep(both, chunk);
  });
  const result = await child;
  const ended = result.timedOut ? `stopped after ${options.timeoutMs} ms`
    : result.exitCode !== undefined ? `exit code ${result.exitCode}`
      : result.signal !== undefined ? `ended by ${result.signal}` : result.code ?? 'not started';
  return {ok: result.exitCode === 0, stdout, tail: tailOf(both), ended};
}
