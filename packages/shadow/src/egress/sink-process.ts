import {closeSync, existsSync, fdatasyncSync, openSync, readFileSync, writeSync} from 'node:fs';
import {openRouter} from '../endpoint/open-socket.ts';
import {receiveBurst} from '../endpoint/receive-burst.ts';
import {createSender} from '../endpoint/sender.ts';
import type {Position} from '../flow/journal-record.ts';
import {decodeEffect, decodeWord, encodeWord, type ToDownstream} from './downstream-wire.ts';

/**
 * A downstream for tests and demonstrations: `node sink-process.ts <endpoint> <file>`. Appends each effect as one JSON line, syncs,
 * then confirms; answers what it had last of each partition. It compares nothing and drops nothing of the present session, so
 * that whatever arrives twice, late or out of order is seen in its file.
 */
interface SinkLine {
  /** session and intent of the gate */
  readonly s: number;
  readonly n: number;
  readonly p: string;
  readonly c: number;
  readonly o: number;
  readonly l: string;
  /** the payload as text */
  readonly x: string;
}

async function main(address: string, path: string): Promise<void> {
  const last = new Map<string, Position>();
  let session = 0;
  if (existsSync(path)) {
    for (const text of readFileSync(path, 'utf8').split('\n')) {
      if (text === '') continue;
      const line = JSON.parse(text) as SinkLine;
      last.set(line.p, {causeSeq: line.c, ordinal: line.o});
      session = Math.max(session, line.s);
    }
  }
  const file = openSync(path, 'a', 0o600);
  const endpoint = await openRouter({bind: address, limits: {maxMessageBytes: 16 * 1024 * 1024, lingerMs: 500}});
  const sender = createSender(endpoint);
  let refused = 0;
  let effects = 0;
  const answer = (identity: Buffer, word: ToDownstream): void => {
    if (word.kind === 'hello') {
      session = Math.max(session, word.session);
      sender.offer([identity, encodeWord({kind: 'welcome', session: word.session})]);
    } else {
      sender.offer([identity, encodeWord({kind: 'last', session: word.session, last: word.partitions.map((name) => [name, last.get(name) ?? null] as const)})]);
    }
  };
  receiveBurst(endpoint, ({messages}) => {
    let lines = '';
    let newest: {identity: Buffer; intent: number} | null = null;
    const words: (() => void)[] = [];
    for (const [identity, head, payload] of messages) {
      if (identity === undefined || head === undefined) continue;
      const header = decodeEffect(head);
      if (header === null || payload === undefined) {
        const word = decodeWord<ToDownstream>(head, ['hello', 'query']);
        // In order: what came before the question is part of the answer.
        if (word?.kind === 'hello') session = Math.max(session, word.session);
        if (word !== null) words.push(() => answer(Buffer.from(identity), word));
      } else if (header.session < session) {
        refused += 1;
      } else {
        const line: SinkLine = {s: header.session, n: header.intent, p: header.partition, c: header.causeSeq, o: header.ordinal, l: header.lane, x: payload.toString('utf8')};
        lines += `${JSON.stringify(line)}\n`;
        last.set(header.partition, {causeSeq: header.causeSeq, ordinal: header.ordinal});
        newest = {identity: Buffer.from(identity), intent: header.intent};
        effects += 1;
      }
    }
    if (lines !== '') {
      writeSync(file, lines);
      fdatasyncSync(file);
    }
    if (newest !== null) sender.offer([newest.identity, encodeWord({kind: 'confirmed', session, intent: newest.intent})]);
    for (const word of words) word();
  });
  const end = (): void => {
    endpoint.close();
    closeSync(file);
    process.stdout.write(`${JSON.stringify({effects, refused})}\n`, () => process.exit(0));
  };
  process.on('SIGTERM', end);
  process.stdin.on('end', end).on('error', end).resume();
  process.stdout.write(`${JSON.stringify({ready: true, pid: process.pid, endpoint: endpoint.address})}\n`);
}

main(process.argv[2] ?? '', process.argv[3] ?? '').catch((error: unknown) => {
  process.stderr.write(`${String(error)}\n`);
  process.exit(1);
});
