import type {ErrorDetail} from '@tandem/contract';
import {marks, paint, visible, type TerminalStyle} from './style.ts';

/** The form of every error: id and sentence, then where, seen, likely, fix, one line each. */
export const errorText = (detail: ErrorDetail, style: TerminalStyle): string => {
  const rows = (['where', 'seen', 'likely', 'fix'] as const)
    .flatMap((key) => (detail[key] === undefined ? [] : [`  ${paint(style, 'faint', key.padEnd(9))}  ${visible(detail[key])}`]));
  return [`${paint(style, 'bad', `${marks(style).fail} ${detail.id}`)}  ${visible(detail.what)}`, ...rows].join('\n');
};
