import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {openLogReader, openLogWriter, redactMessages} from '@tandem/shadow';
import type {CapturedMessage} from '@tandem/contract';
import {decided, type Claim, type ClaimContext} from './claim.ts';
import {once} from './shared-run.ts';

const MESSAGES = 10_000_000;
const BODY_BYTES = 200;
const MIB = 1024 ** 2;

/** CPU of this process since `before`, µs a message. */
const cpuUs = (before: NodeJS.CpuUsage, messages: number): number => {
  const {user, system} = process.cpuUsage(before);
  return Math.round(((user + system) / messages) * 100) / 100;
};

const body = JSON.stringify({account: 'A-0001', client: {name: 'somebody'}, px: '101.25', note: 'x'.repeat(BODY_BYTES - 80)});
const messageOf = (seq: number, payload: Uint8Array): CapturedMessage => ({stream: 'orders', epoch: 0, seq, tMonoNs: seq * 1000, tWallNs: 0n, identity: '', frames: [payload]});

interface LogRun {
  readonly writeUs: number;
  readonly readUs: number;
  readonly growthMiB: number;
  readonly read: number;
}

/** Ten million messages into a log and out of it again. */
const tenMillion = once(async (context: ClaimContext): Promise<LogRun> => {
  const folder = mkdtempSync(join(tmpdir(), 'tandem-claims-'));
  try {
    const payload = new Uint8Array(Buffer.from(body));
    const writer = await openLogWriter(join(folder, 'log'), {retention: {bytesMax: 3 * 1024 ** 3}});
    let early = 0, late = 0;
    const look = (share: number): void => {
      const rss = process.memoryUsage.rss();
      if (share < 0.1) early = Math.max(early, rss);
      else late = Math.max(late, rss);
    };
    const writing = process.cpuUsage();
    for (let seq = 1; seq <= MESSAGES; seq += 1) {
      if (!writer.append(messageOf(seq, payload))) throw new Error(`message ${seq} was not taken`);
      if (seq % 2000 !== 0) continue;
      await new Promise((resolve) => setImmediate(resolve));
      if (writer.pressed) await writer.room();
      if (seq % 100_000 === 0) look(seq / MESSAGES);
      if (context.signal.aborted) throw new Error('stopped');
    }
    await writer.close();
    const writeUs = cpuUs(writing, MESSAGES);
    const reading = process.cpuUsage();
    let read = 0;
    for await (const batch of (await openLogReader(join(folder, 'log'))).batches()) {
      read += batch.length;
      if (read % 100_096 < 256) look(1);
    }
    return {writeUs, readUs: cpuUs(reading, Math.max(1, read)), growthMiB: Math.max(0, Math.round((late - early) / MIB)), read};
  } finally {
    rmSync(folder, {recursive: true, force: true});
  }
});

const conditions = `${MESSAGES.toLocaleString('en-US')} messages of ${body.length} octets, CPU of the whole process, a checksum a message and SHA-256 a segment included`;

export const logClaims: readonly Claim[] = [
  {id: 'log.write', area: 'tap', claim: 'a message costs little to put into the log', unit: 'µs CPU', goal: '<= 2', measure: async (context) => decided('<= 2', (await tenMillion(context)).writeUs, conditions)},
  {id: 'log.read', area: 'tap', claim: 'a message costs little to read from the log', unit: 'µs CPU', goal: '<= 2', measure: async (context) => {
    const {readUs, read} = await tenMillion(context);
    return decided('<= 2', read === MESSAGES ? readUs : Number.NaN, `${conditions}; ${read.toLocaleString('en-US')} came back`);
  }},
  {id: 'log.flat-memory', area: 'tap', claim: 'writing and reading a log keeps memory flat: growth after the first tenth', unit: 'MiB', goal: '<= 64', measure: async (context) => decided('<= 64', (await tenMillion(context)).growthMiB, conditions)},
  {id: 'log.redact', area: 'tap', claim: 'hiding two fields of a message costs little', unit: 'µs CPU', goal: '<= 20', measure: async () => {
    const redact = redactMessages({mode: 'listed', keep: [], fields: [{path: '/account', group: null}, {path: '/client/**', group: 'client'}]}, new Uint8Array(32).fill(1));
    const payload = new Uint8Array(Buffer.from(body));
    const count = 200_000;
    for (let seq = 1; seq <= 20_000; seq += 1) redact(messageOf(seq, payload));
    const before = process.cpuUsage();
    for (let seq = 1; seq <= count; seq += 1) redact(messageOf(seq, payload));
    return Promise.resolve(decided('<= 20', cpuUs(before, count), `${count.toLocaleString('en-US')} messages of ${body.length} octets of JSON, values that repeat`));
  }},
];
