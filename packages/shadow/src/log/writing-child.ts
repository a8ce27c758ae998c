import type {TandemError} from '@tandem/contract';
import {message} from './capture-fixture.ts';
import {openLogWriter} from './log-writer.ts';

/**
 * A program that tests start, limit and kill: writes numbered messages until it is stopped and says on stdout what happened.
 * Arguments: folder, messages per second or `max`, messages at most.
 */
const [folder = '', rate = 'max', atMost = '1000000'] = process.argv.slice(2);
let fault: TandemError | null = null;
const writer = await openLogWriter(folder, {segmentBytes: 4_000_000, onFault: (error) => (fault = error)});
process.stdout.write('ready\n');
const perTurn = rate === 'max' ? 500 : Math.ceil(Number(rate) / 1000);
let kept = 0;
for (let seq = 1; seq <= Number(atMost) && fault === null;) {
  for (let count = 0; count < perTurn && seq <= Number(atMost); count += 1, seq += 1) {
    kept += writer.append(message(seq, {frames: [new Uint8Array(200).fill(seq & 255)]})) ? 1 : 0;
  }
  await new Promise((resolve) => (rate === 'max' ? setImmediate(resolve) : setTimeout(resolve, 1)));
  if (writer.pressed) await writer.room();
}
const closed = await writer.close().then((seal) => ({seal: seal.messages, error: null}), (error: TandemError) => ({seal: null, error: error.detail}));
const flushed = await writer.flush().then(() => 'flushed', (error: TandemError) => error.detail.id);
process.stdout.write(`${JSON.stringify({kept, counts: writer.counts(), told: (fault as TandemError | null)?.detail.id ?? null, ...closed, flushed, after: writer.append(message(1))})}\n`);
