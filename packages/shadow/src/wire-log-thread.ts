import {parentPort, workerData} from 'node:worker_threads';
import {captureTaps} from './capture-core.ts';
import {loadRewriters} from './log/redact/load-rewriters.ts';
import {redactMessages, redactWords} from './log/redact/redact-messages.ts';
import {RingReader} from './tap/wire/observation-ring.ts';
import {giveWay} from './tap/wire/thread-priority.ts';
import {tapFault} from './tap/wire/tap-fault.ts';
import {RingTap} from './tap/wire/ring-tap.ts';
import {sequenceAtPointer} from './tap/source-sequence.ts';
import type {Tap, TapSink} from './tap/tap.ts';
import type {ThreadData, ThreadReport} from './tap/wire/wire-hop.ts';

/** The thread of the tap's process that writes the log; what it waits for, the thread that forwards does not. */
const {memory, streams, settings: {log, subscriptions}} = workerData as ThreadData;
const STATS_MS = 200;
/** As much as comes within some milliseconds at 100,000 messages a second: each write costs two changes of threads, and those live's threads wait for. */
const CHUNKS = {chunkBytes: 256 * 1024, chunkRecords: 1024, commitMs: 20} as const;
const port = parentPort as NonNullable<typeof parentPort>;
const say = (report: ThreadReport): void => { port.postMessage(report); };
const startTaps = async (sink: TapSink): Promise<readonly Tap[]> => {
  const taps: Tap[] = [new RingTap({...sink, ring: new RingReader(memory), streams})];
  if (subscriptions.length === 0) return taps;
  const {startTap} = await import('./tap/start-tap.ts');
  for (const input of subscriptions) taps.push(await startTap(input, {...sink, ...(input.sequence === undefined ? {} : {sourceSeq: sequenceAtPointer(input.sequence)})}));
  return taps;
};

// before anything is written: the threads that write inherit it
giveWay();
try {
  const stop = new AbortController();
  const {redaction, folder, messages, durationMs: _, ...limits} = log;
  const redact = redaction === null ? null : redactMessages(redaction.plan, Buffer.from(redaction.keyHex, 'hex'), await loadRewriters(redaction.rewriters));
  const capture = await captureTaps({
    folder, messages, durationMs: null, log: {...limits, ...CHUNKS}, signal: stop.signal, onNotice: (line) => { say({kind: 'notice', line}); },
    ...(redact === null ? {} : {redact}),
  }, startTaps);
  say({kind: 'started'});
  capture.ready.then((ready) => { say({kind: 'ready', ready}); }, () => undefined);
  const stats = setInterval(() => { say({kind: 'stats', stats: capture.stats()}); }, STATS_MS);
  port.on('message', () => { stop.abort(); });
  // the other thread closes the ring first, so that what it still holds gets into the log
  void capture.ending.reached.then(() => { if (!stop.signal.aborted) say({kind: 'over'}); });
  const end = await capture.done.finally(() => { clearInterval(stats); });
  say({kind: 'sealed', stats: end.stats, lastWords: end.lastWords.seen ?? '', hiding: redact === null ? '' : redactWords(redact.counts())});
} catch (error) {
  say({kind: 'failed', detail: tapFault(error)});
}
port.close();
