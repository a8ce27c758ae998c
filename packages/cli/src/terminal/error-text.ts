import type {ErrorDetail} from '@tandem/contract';
import {inCallersWords} from './callers-words.ts';
import {marks, paint, visible, visibleLines, type TerminalStyle} from './style.ts';

const LABEL_WIDTH = 11;

/** The form of every error: id and sentence, then where, seen, likely, fix, one line each; only `where` may name several places. */
export const errorText = (detail: ErrorDetail, style: TerminalStyle): string => {
  const rows = (['where', 'seen', 'likely', 'fix'] as const).flatMap((key) => {
    const text = detail[key];
    if (text === undefined || text === '') return [];
    const shown = key === 'where' ? visibleLines(text).replace(/\n\s*/g, `\n${' '.repeat(LABEL_WIDTH + 2)}`) : visible(text);
    return [`  ${paint(style, 'faint', key.padEnd(LABEL_WIDTH - 2))}  ${key === 'fix' || key === 'likely' ? inCallersWords(shown, process.env) : shown}`];
  });
  return [`${paint(style, 'bad', `${marks(style).fail} ${detail.id}`)}  ${visible(detail.what)}`, ...rows].join('\n');
};
