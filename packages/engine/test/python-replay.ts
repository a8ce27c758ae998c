import {spawn, spawnSync} from 'node:child_process';
import {existsSync, mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';

const pythonFolder = fileURLToPath(new URL('../../legacy-bridge/python/', import.meta.url));
const driver = join(pythonFolder, 'reference/replay_file.py');
const python = process.env['TANDEM_PYTHON'] ?? 'python3';

/** Why the Python order path cannot be asked, null when it can. */
export const pythonIsMissing = (): string | null => {
  if (!existsSync(driver)) return `${driver} is missing`;
  return spawnSync(python, ['--version']).status === 0 ? null : `${python} does not run`;
};

export const goldenFile: string = join(pythonFolder, 'golden/order-path-small.jsonl.gz');

/** Outputs of one message; of an empty message: the state hash. */
export type ReplayAnswer = readonly string[];

/** Lets the Python implementation decide the messages (an empty one asks for the state hash). */
export const replayInPython = async (rulebook: unknown, messages: readonly Uint8Array[], variant = 'idiomatic'): Promise<readonly ReplayAnswer[]> => {
  const folder = mkdtempSync(join(tmpdir(), 'tandem-replay-'));
  try {
    const rules = join(folder, 'rulebook.json');
    writeFileSync(rules, JSON.stringify(rulebook));
    const child = spawn(python, [driver, '--rules', rules, '--variant', variant], {stdio: ['pipe', 'pipe', 'pipe']});
    const chunks: Buffer[] = [];
    const errors: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => errors.push(chunk));
    const ended = new Promise<number | null>((resolve) => { child.once('close', resolve); });
    const frames = messages.map((message) => {
      const length = Buffer.alloc(4);
      length.writeUInt32LE(message.length);
      return Buffer.concat([length, message]);
    });
    // a child that ended early says why on stderr
    child.stdin.on('error', () => undefined);
    child.stdin.end(Buffer.concat(frames));
    const status = await ended;
    if (status !== 0) throw new Error(`replay_file.py ended with ${status}: ${Buffer.concat(errors).toString().slice(-2000)}`);
    return readAnswers(Buffer.concat(chunks));
  } finally {
    rmSync(folder, {recursive: true, force: true});
  }
};

const readAnswers = (octets: Buffer): readonly ReplayAnswer[] => {
  const answers: string[][] = [];
  for (let at = 0; at < octets.length;) {
    const count = octets.readUInt32LE(at);
    at += 4;
    const outputs: string[] = [];
    for (let i = 0; i < count; i++) {
      const length = octets.readUInt32LE(at);
      outputs.push(octets.toString('latin1', at + 4, at + 4 + length));
      at += 4 + length;
    }
    answers.push(outputs);
  }
  return answers;
};
