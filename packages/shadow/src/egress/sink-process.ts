import {closeSync, existsSync, fdatasyncSync, openSync, readFileSync, truncateSync, writeSync} from 'node:fs';
import {openRouter} from '../endpoint/open-socket.ts';
import {receiveBurst} from '../endpoint/receive-burst.ts';
import {createSender} from '../endpoint/sender.ts';
import type {Position} from '../flow/journal-record.ts';
import {decodeEffect, decodeWord, encodeWord, type ToDownstream} from './downstream-wire.ts';
import {SinkFence} from './sink-fence.ts';

/**
 * A downstream for tests and demonstrations: `node sink-process.ts <endpoint> <file>`. Appends each effect as one JSON line, syncs,
 * then confirms; answers what it had last of each partition. It takes effects of one gate at a time, as docs/downstream.md says, but compares
 * nothing and drops nothing of that one, so that whatever arrives twice, late or out of order is seen in its file.
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
  if (existsSync(path)) {
    const bytes = readFileSync(path);
    // A line that a crash cut short was never confirmed.
    const soundBytes = bytes.lastIndexOf(0x0a) + 1;
    if (soundBytes < bytes.length) truncateSync(path, soundBytes);
    for (const text of bytes.toString('utf8', 0, soundBytes).split('\n')) {
      if (text === '') continue;
      const line = JSON.parse(text) as SinkLine;
      last.set(line.p, {causeSeq: line.c, ordinal: line.o});
    }
  }
  const file = openSync(path, 'a', 0o600);
  const endpoint = await openRouter({bind: address, limits: {maxMessageBytes: 16 * 1024 * 1024, lingerMs: 500}});
  const sender = createSender(endpoint);
  let refused = 0;
  let effects = 0;
  const fence = new SinkFence();
  const answer = (identity: Buffer, word: ToDownstream, isWelcome: boolean): void => {
    const {session} = word;
    if (!isWelcome) sender.offer([identity, encodeWord({kind: 'busy', session, gate: fence.gate})]);
    else if (word.kind === 'hello') sender.offer([identity, encodeWord({kind: 'welcome', session})]);
    else if (word.kind === 'query') sender.offer([identity, encodeWord({kind: 'last', session, last: word.partitions.map((name) => [name, last.get(name) ?? null] as const)})]);
  };
  receiveBurst(endpoint, ({messages}) => {
    let lines = '';
    let newest: {identity: Buffer; session: number; intent: number} | null = null;
    const words: (() => void)[] = [];
    const refusals = new Map<string, () => void>();
    const nowMs = performance.now();
    for (const [identity, head, payload] of messages) {
      if (identity === undefined || head === undefined) continue;
      const connection = identity.toString('latin1');
      const header = decodeEffect(head);
      if (header === null || payload === undefined) {
        const word = decodeWord<ToDownstream>(head, ['hello', 'query', 'bye']);
        if (word === null) continue;
        // In order: what came before the question is part of the answer.
        const isWelcome = word.kind === 'hello' ? fence.hello(connection, word, nowMs) : fence.takes(connection, word.session, nowMs);
        if (word.kind === 'bye') fence.bye(connection);
        words.push(() => answer(Buffer.from(identity), word, isWelcome));
      } else if (!fence.takes(connection, header.session, nowMs)) {
        refused += 1;
        refusals.set(connection, () => sender.offer([Buffer.from(identity), encodeWord({kind: 'busy', session: header.session, gate: fence.gate})]));
      } else {
        const line: SinkLine = {s: header.session, n: header.intent, p: header.partition, c: header.causeSeq, o: header.ordinal, l: header.lane, x: payload.toString('utf8')};
        lines += `${JSON.stringify(line)}\n`;
        last.set(header.partition, {causeSeq: header.causeSeq, ordinal: header.ordinal});
        newest = {identity: Buffer.from(identity), session: header.session, intent: header.intent};
        effects += 1;
      }
    }
    if (lines !== '') {
      writeSync(file, lines);
      fdatasyncSync(file);
    }
    if (newest !== null) sender.offer([newest.identity, encodeWord({kind: 'confirmed', session: newest.session, intent: newest.intent})]);
    for (const word of [...words, ...refusals.values()]) word();
  }).done.catch((error: unknown) => {
    // Nothing is confirmed that is not on disk; whoever sends learns it by the connection that ends.
    process.stderr.write(`${String(error)}\n`);
    process.exit(1);
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
