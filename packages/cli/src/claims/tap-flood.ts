import {spawn} from 'node:child_process';
import {mkdtempSync, readFileSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {createInterface} from 'node:readline';
import {openLogReader, startLiveCapture} from '@tandem/shadow';
import {packageRoot} from '../package-root.ts';
import {findPython} from '../session-plan.ts';
import type {ClaimContext} from './claim.ts';

const TICKS_PER_SECOND = 100;
const PAGE_BYTES = 4096;
const LOOK_MS = 500;
const MIB = 1024 ** 2;

export interface Flood {
  readonly sent: number;
  readonly came: number;
  readonly holes: number;
  readonly logged: number;
  readonly tailed: number;
  readonly complete: boolean;
  readonly proof: string;
  readonly ratePerSecond: number;
  readonly cpuUsPerMessage: number;
  readonly growthMiB: number;
}

/** CPU and memory of a process by the system's own count. */
const usageOf = (pid: number): {cpuUs: number; rssBytes: number} => {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return {cpuUs: (Number(fields[11]) + Number(fields[12])) * (1e6 / TICKS_PER_SECOND), rssBytes: Number(fields[21]) * PAGE_BYTES};
};

/** PUSH to PULL through the wire tap, which writes the log, which a reader follows meanwhile. */
export const tapFlood = async (context: ClaimContext, {count, rate, keepBytes}: {count: number; rate: number; keepBytes: number}): Promise<Flood> => {
  const folder = mkdtempSync(join(tmpdir(), 'tandem-claims-'));
  const [front, real] = [`ipc://${folder}/front`, `ipc://${folder}/real`];
  const {path} = await findPython(() => undefined);
  const end = (role: 'push' | 'pull', endpoint: string) => {
    const child = spawn(path, [join(packageRoot(), 'src/claims/fixtures/flood_ends.py'), role, endpoint, String(count), String(rate), '200'], {stdio: ['ignore', 'pipe', 'inherit'], signal: context.signal});
    child.on('error', () => undefined);
    const lines = createInterface({input: child.stdout})[Symbol.asyncIterator]();
    return {line: async <T>(): Promise<T> => {
      const next = await lines.next();
      if (next.done === true) throw new Error(`the ${role} end of the flood ended without a word`);
      return JSON.parse(next.value) as T;
    }};
  };
  const stop = new AbortController();
  try {
    let pid = 0;
    const capture = await startLiveCapture({inputs: [{stream: 'orders', pattern: 'push-pull', endpoint: real, topics: [''], listen: front}], folder: join(folder, 'log'), messages: null, durationMs: null, detachMs: 0,
      log: {retention: {bytesMax: keepBytes}}, signal: AbortSignal.any([context.signal, stop.signal]), onNotice: (line) => { pid = Number(/\(pid (\d+)\)/.exec(line)?.[1] ?? pid); }});
    const pull = end('pull', real);
    await pull.line();
    let tailed = 0;
    const tailing = (async () => { for await (const batch of (await openLogReader(join(folder, 'log'))).batches({follow: true, signal: stop.signal})) tailed += batch.length; })();
    tailing.catch(() => undefined);
    const rss: number[] = [];
    const before = usageOf(pid);
    const look = setInterval(() => { rss.push(usageOf(pid).rssBytes); }, LOOK_MS);
    const push = end('push', front);
    const [{sent}, {came, holes, seconds}] = await Promise.all([push.line<{sent: number}>(), pull.line<{came: number; holes: number; seconds: number}>()]);
    clearInterval(look);
    // the log is a moment behind
    await new Promise((go) => setTimeout(go, LOOK_MS));
    const cpuUs = usageOf(pid).cpuUs - before.cpuUs;
    capture.stop();
    const {seal, proof} = await capture.done;
    await tailing;
    const warm = Math.max(1, Math.floor(rss.length / 4));
    return {sent, came, holes, logged: seal.messages, tailed, complete: proof.complete, proof: proof.text, ratePerSecond: Math.round(came / seconds), cpuUsPerMessage: Math.round((cpuUs / came) * 100) / 100,
      growthMiB: Math.round((Math.max(...rss.slice(warm)) - Math.max(...rss.slice(0, warm))) / MIB)};
  } finally {
    stop.abort();
    rmSync(folder, {recursive: true, force: true});
  }
};
