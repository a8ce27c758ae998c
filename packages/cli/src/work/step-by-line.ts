import {createInterface} from 'node:readline';
import type {Readable} from 'node:stream';
import type {StepGate} from '@tandem/shadow';
import {visible} from '../terminal/style.ts';
import type {WorkContext} from './work-context.ts';

const SHOWN_CHARS = 160;

/** A session that a person moves: its signal also aborts when they have seen enough. */
export interface Stepping {
  readonly signal: AbortSignal;
  close(): void;
}

/** Lines move the gate: empty = one more input, a position = up to there, `q` = end. The end of the lines opens it, so that a script ends by itself. */
export const stepByLine = (gate: StepGate, {context, input}: {context: WorkContext; input: Readable}): Stepping => {
  const enough = new AbortController();
  const waiting: string[] = [];
  let at: number | null = null;
  let ended = false;
  const move = (): void => {
    if (at === null) return;
    const line = waiting.shift();
    if (line === undefined) {
      if (ended) gate.release(Infinity);
      return;
    }
    const position = Number(line.trim());
    if (line.trim() === 'q') enough.abort('q');
    else if (line.trim() === '') gate.release(at);
    else if (Number.isSafeInteger(position) && position >= at) gate.release(position);
    else {
      context.progress.say(`? "${visible(line.trim())}" is no position from ${at} on; Enter = one more, q = end`);
      move();
      return;
    }
    at = null;
  };
  gate.onPause((one) => {
    at = one.inputSeq;
    const text = Buffer.from(one.payload.subarray(0, SHOWN_CHARS)).toString('utf8');
    context.progress.say(`before ${one.inputSeq}   ${visible(text)}${one.payload.length > SHOWN_CHARS ? ' ...' : ''}`);
    move();
  });
  const lines = createInterface({input, terminal: false});
  lines.on('line', (line) => { waiting.push(line); move(); });
  lines.on('close', () => { ended = true; move(); });
  return {signal: AbortSignal.any([context.signal, enough.signal]), close: () => { lines.close(); input.destroy(); }};
};
