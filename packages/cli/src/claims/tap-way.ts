import {spawn} from 'node:child_process';
import {existsSync, mkdtempSync, readFileSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {createInterface} from 'node:readline';
import {setTimeout as delay} from 'node:timers/promises';
import {openLogReader} from '@tandem/shadow';
import {packageRoot} from '../package-root.ts';
import {isShadowState} from './shadow-state.ts';

// A way through which a bench can send traffic: tap-way.ts STATE PATTERN LISTEN UPSTREAM. The whole product as its user starts it (`tandem record`); told to
// settle, its shadow gets into the state. Answers each line with one of JSON and ends with its stdin.
const SLOW_MS = 1;
const END_MS = 4000;
const [state = '', pattern = '', listen = '', upstream = ''] = process.argv.slice(2);
if (!isShadowState(state)) throw new RangeError(`no state "${state}"`);
const folder = mkdtempSync(join(tmpdir(), 'tandem-way-'));
const log = join(folder, 'log');
const harness = spawn(process.execPath, [join(packageRoot(), 'bin/tandem.cjs'), 'record', '--pattern', pattern, '--listen', listen, '--upstream', upstream, '--out', log, '--keep-size', '512MiB'],
  {stdio: ['ignore', 'ignore', 'pipe'], env: {...process.env, NO_COLOR: '1'}});
const over = new Promise<void>((done) => { harness.once('close', () => { done(); }); });
const stop = new AbortController();
const read = {count: 0};

const tapPid = await new Promise<number>((ready, failed) => {
  let said = '';
  harness.stderr.setEncoding('utf8').on('data', (chunk: string) => {
    said = (said + chunk).slice(-4000);
    const pid = /tap \(pid (\d+)\)/.exec(said)?.[1];
    if (pid !== undefined) ready(Number(pid));
  });
  void over.then(() => { failed(new Error(`the tap did not start: ${said}`)); });
});

/** The state of a process in one letter, as the system has it (T: stopped); null when it is gone. */
const letter = (pid: number): string | null => {
  try {
    return /\) (\w) /.exec(readFileSync(`/proc/${pid}/stat`, 'utf8'))?.[1] ?? null;
  } catch {
    return null;
  }
};

/** A shadow that takes a millisecond for each message. */
const readSlowly = async (): Promise<void> => {
  for await (const batch of (await openLogReader(log)).batches({follow: true})) {
    for (const _ of batch) {
      if (stop.signal.aborted) return;
      await delay(SLOW_MS);
      read.count += 1;
    }
  }
};

const settle = async (): Promise<void> => {
  if (state === 'slow') void readSlowly().catch(() => undefined);
  if (state === 'stopped') harness.kill('SIGSTOP');
  if (state !== 'killed') return;
  harness.kill('SIGKILL');
  await over;
};

/** What shows that it was as asked for. */
const facts = () => ({state, harness: harness.exitCode === null && harness.signalCode === null ? letter(harness.pid ?? 0) : 'gone', tap: letter(tapPid), read: read.count, hasLog: existsSync(log)});

const end = async (): Promise<void> => {
  stop.abort();
  // what is only stopped takes no other signal
  harness.kill(state === 'stopped' ? 'SIGKILL' : 'SIGTERM');
  await Promise.race([over, delay(END_MS)]);
  for (let waited = 0; letter(tapPid) !== null && waited < END_MS; waited += 50) await delay(50);
  rmSync(folder, {recursive: true, force: true});
  process.exit(0);
};

process.stdout.write('{"ready":true}\n');
createInterface(process.stdin).on('line', (line) => {
  void (line.includes('settle') ? settle() : Promise.resolve()).then(() => { process.stdout.write(`${JSON.stringify(facts())}\n`); });
}).on('close', () => { void end(); });
