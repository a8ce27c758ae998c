import type {OutputId, Owner} from '@tandem/contract';
import type {Position} from '../flow/journal-record.ts';

/**
 * What the gate and a downstream that keeps its part of the bargain say to each other (docs/downstream.md). An effect is two frames: this
 * header and the payload. A downstream takes effects of one gate at a time, over the connection on which that gate said hello: what comes of an
 * earlier session or over another connection is refused, as a FIX acceptor does with a second logon. That makes its answer to `query` final.
 */
export interface EffectHeader extends OutputId {
  readonly session: number;
  readonly intent: number;
  readonly lane: Owner;
}

export type ToDownstream =
  /** said at the start, and every second as a sign of life; `gate` is the same for all processes of one canary */
  | {readonly kind: 'hello'; readonly session: number; readonly gate: string}
  | {readonly kind: 'query'; readonly session: number; readonly partitions: readonly string[]}
  /** nothing more comes: another gate may follow at once */
  | {readonly kind: 'bye'; readonly session: number};

export type FromDownstream =
  | {readonly kind: 'welcome'; readonly session: number}
  /** nothing of this session is taken over this connection: `gate` is the one that is welcome at the moment, '' for none */
  | {readonly kind: 'busy'; readonly session: number; readonly gate: string}
  /** every effect up to this intent is on the downstream's disk */
  | {readonly kind: 'confirmed'; readonly session: number; readonly intent: number}
  | {readonly kind: 'last'; readonly session: number; readonly last: readonly (readonly [string, Position | null])[]};

const EFFECT = 0x45;
const FIXED_BYTES = 1 + 4 + 8 + 8 + 4 + 1;

export function encodeEffect(header: EffectHeader): Buffer {
  const partition = Buffer.from(header.partition);
  const frame = Buffer.allocUnsafe(FIXED_BYTES + partition.length);
  frame[0] = EFFECT;
  frame.writeUInt32LE(header.session, 1);
  frame.writeDoubleLE(header.intent, 5);
  frame.writeDoubleLE(header.causeSeq, 13);
  frame.writeUInt32LE(header.ordinal, 21);
  frame[25] = header.lane === 'candidate' ? 1 : 0;
  partition.copy(frame, FIXED_BYTES);
  return frame;
}

/** Null when the frame is no effect. */
export function decodeEffect(frame: Buffer): EffectHeader | null {
  if (frame.length < FIXED_BYTES || frame[0] !== EFFECT) return null;
  return {
    session: frame.readUInt32LE(1), intent: frame.readDoubleLE(5), causeSeq: frame.readDoubleLE(13), ordinal: frame.readUInt32LE(21),
    lane: frame[25] === 1 ? 'candidate' : 'legacy', partition: frame.toString('utf8', FIXED_BYTES),
  };
}

export function encodeWord(word: ToDownstream | FromDownstream): Buffer {
  return Buffer.from(JSON.stringify(word));
}

/** Null when the frame is no such word. */
export function decodeWord<Word extends ToDownstream | FromDownstream>(frame: Buffer | undefined, kinds: readonly Word['kind'][]): Word | null {
  if (frame === undefined || frame[0] !== 0x7b) return null;
  try {
    const word = JSON.parse(frame.toString('utf8')) as Word;
    return kinds.includes(word.kind) && Number.isSafeInteger(word.session) ? word : null;
  } catch {
    return null;
  }
}
