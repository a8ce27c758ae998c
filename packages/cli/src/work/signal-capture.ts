import {EXIT_CODE} from '@tandem/contract';
import {openLogWriter} from '@tandem/shadow';
import {signalTools} from '../session-plan.ts';
import {MARKET_EXCERPT, openTicks, type Ticks} from './tick-input.ts';
import {numberFlag, textFlag, type WorkContext} from './work-context.ts';

const NS_PER_US = 1000;

/** Ticks as the JSON messages that both signal services read; sequence numbers from 1. */
export const tickMessages = async (ticks: Ticks): Promise<readonly string[]> => {
  const {TICK_FIELDS} = await signalTools();
  return Array.from({length: ticks.count}, (_, at) => JSON.stringify({
    msgType: 'T', msgSeqNum: at + 1, symbol: ticks.symbols[ticks.symbol[at] as number], timeUs: ticks.timeUs[at],
    ...Object.fromEntries(TICK_FIELDS.map((name, field) => [name, ticks.fields[field]?.[at]])),
  }));
};

/** Writes ticks as a capture; gives their number. */
export const captureTicks = async (folder: string, ticks: Ticks): Promise<number> => {
  const writer = await openLogWriter(folder);
  const firstUs = ticks.timeUs[0] ?? 0;
  const messages = await tickMessages(ticks);
  for (const [at, text] of messages.entries()) {
    writer.append({stream: 'ticks', epoch: 0, seq: at + 1, tMonoNs: ((ticks.timeUs[at] as number) - firstUs) * NS_PER_US + 1, tWallNs: BigInt(ticks.timeUs[at] as number) * 1000n, identity: '', frames: [Buffer.from(text)]});
    if (writer.pressed) await writer.room();
  }
  return (await writer.close()).messages;
};

/** `tandem signals capture` */
export const captureWork = async (context: WorkContext, file: string | null): Promise<number> => {
  const out = textFlag(context, 'out') ?? 'captures/signals';
  const ticks = await openTicks([file ?? MARKET_EXCERPT], numberFlag(context, 'count'));
  const messages = await captureTicks(out, ticks);
  context.print(`recorded ${messages.toLocaleString('en-US')} ticks of ${ticks.symbols.join(', ')} to ${out}`);
  context.print(`next     npm run tandem -- replay ${out} -c examples/signals/tandem.config.ts`);
  context.printJson({formatVersion: '1.0', capture: out, messages, symbols: ticks.symbols, dataHash: ticks.dataHash});
  return EXIT_CODE.pass;
};
