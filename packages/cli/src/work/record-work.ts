import {TandemError} from '@tandem/contract';
import {openLogWriter} from '@tandem/shadow';
import {demoTraffic} from '../traffic/demo-traffic.ts';
import {numberFlag, textFlag, type WorkContext} from './work-context.ts';

const GAP_NS = 50_000;

/** Writes seeded order traffic as a capture; gives the number of messages. */
export const recordTraffic = async (folder: string, traffic: {seed: number; orders: number}, hooks: {signal: AbortSignal; onProgress: (messages: number) => void}): Promise<number> => {
  const writer = await openLogWriter(folder);
  let seq = 0;
  for (const batch of demoTraffic(traffic).batches(1000)) {
    if (hooks.signal.aborted) break;
    for (const payload of batch) {
      seq += 1;
      writer.append({stream: 'orders', epoch: 0, seq, tMonoNs: seq * GAP_NS, tWallNs: 0n, identity: '', frames: [payload]});
    }
    if (writer.pressed) await writer.room();
    hooks.onProgress(seq);
  }
  const seal = await writer.close();
  if (seal.messages !== seq) throw new TandemError({id: 'TDM-E132', kind: 'environment', what: 'the capture is not complete', where: folder, seen: `${seal.messages} of ${seq} messages were kept`, fix: 'free disk space and record again'});
  return seq;
};

/** `tandem record` */
export const recordWork = async (context: WorkContext): Promise<number> => {
  const out = textFlag(context, 'out') ?? 'captures/capture';
  const orders = numberFlag(context, 'traffic');
  if (orders !== null) {
    const messages = await recordTraffic(out, {seed: numberFlag(context, 'seed') ?? 7, orders}, {signal: context.signal,
      onProgress: (done) => { context.progress.offer(performance.now(), () => [`recording  ${done.toLocaleString('en-US')} messages`]); }});
    context.progress.done();
    context.print(`recorded ${messages.toLocaleString('en-US')} messages (${orders.toLocaleString('en-US')} new orders, seed ${numberFlag(context, 'seed')}) to ${out}`);
    context.print(`next     npm run tandem -- replay ${out}`);
    context.printJson({formatVersion: '1.0', capture: out, messages, orders});
    return 0;
  }
  const {recordLive} = await import('./record-live.ts');
  return await recordLive(context, out);
};
