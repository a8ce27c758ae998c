import {statSync} from 'node:fs';
import {TandemError} from '@tandem/contract';
import {openLogReader} from '@tandem/shadow';
import {signalTools} from '../session-plan.ts';

type Tools = Awaited<ReturnType<typeof signalTools>>;
type RawTick = ReturnType<Tools['importTicks']>[number];

/** Ticks of a capture, in the order in which they were recorded. */
export interface CapturedTicks {
  readonly ticks: readonly RawTick[];
  /** messages of the capture that are no tick: answers, test requests, what cannot be read */
  readonly otherMessages: number;
  /** places where the capture says that something is missing */
  readonly gaps: number;
  /** places where the capture is damaged or cut: what lay there is not simulated */
  readonly damaged: number;
  /** ticks that are older than the one before: they are simulated in the order of their times, which live did not know */
  readonly backwards: number;
  /** ticks with a value that is no finite number */
  readonly notFinite: number;
}

/** A capture is a folder, everything else that holds ticks is a file. */
export const isCapture = (path: string): boolean => statSync(path, {throwIfNoEntry: false})?.isDirectory() === true;

const isTime = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;

const tickOf = (octets: Uint8Array, fields: Tools['TICK_FIELDS']): RawTick | null => {
  let message: Record<string, unknown>;
  try {
    message = JSON.parse(Buffer.from(octets).toString('utf8')) as Record<string, unknown>;
  } catch {
    return null;
  }
  if (message === null || typeof message !== 'object' || typeof message['symbol'] !== 'string' || !isTime(message['timeUs'])) return null;
  if (fields.some((name) => typeof message[name] !== 'number')) return null;
  return {timeUs: message['timeUs'], symbol: message['symbol'], values: Object.fromEntries(fields.map((name) => [name, message[name]])) as RawTick['values']};
};

/**
 * Ticks that were recorded from the wire, as both signal services read them: what was live is simulated.
 * @param countMax at most so many; null: all
 * @throws TandemError TDM-E152 when there is none
 */
export const capturedTicks = async (folder: string, countMax: number | null): Promise<CapturedTicks> => {
  const {TICK_FIELDS} = await signalTools();
  const reader = await openLogReader(folder);
  const ticks: RawTick[] = [];
  let otherMessages = 0, gaps = 0, damaged = 0, backwards = 0, notFinite = 0;
  for await (const batch of reader.batches({onGap: () => { gaps += 1; }, onDamage: () => { damaged += 1; }})) {
    for (const {frames} of batch) {
      const tick = tickOf(frames.at(-1) ?? new Uint8Array(), TICK_FIELDS);
      if (tick === null) otherMessages += 1;
      else if (countMax === null || ticks.length < countMax) {
        if (tick.timeUs < (ticks.at(-1)?.timeUs ?? 0)) backwards += 1;
        if (!Object.values(tick.values).every(Number.isFinite)) notFinite += 1;
        ticks.push(tick);
      }
    }
    if (countMax !== null && ticks.length >= countMax) break;
  }
  if (ticks.length === 0) {
    throw new TandemError({id: 'TDM-E152', kind: 'usage', what: 'the capture holds no tick', where: folder, seen: `${otherMessages.toLocaleString('en-US')} other messages`,
      fix: `a tick is a JSON object with symbol, timeUs and ${TICK_FIELDS.join(', ')}`});
  }
  return {ticks, otherMessages, gaps, damaged, backwards, notFinite};
};
