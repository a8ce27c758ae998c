import {visibleLine} from './visible-text.ts';

const NUMBER = /^-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?$/;
/** First characters that make a spreadsheet read a cell as a formula, also behind white space and in full width. */
const FORMULA = /^[\s\u00a0]*[=+\-@\uff1d\uff0b\uff0d\uff20]/;

/** One CSV cell (RFC 4180). A cell that would start a formula gets a leading `'`, unless it is a plain number. */
export const encodeCsvCell = (value: string | number): string => {
  const raw = String(value);
  if (NUMBER.test(raw)) return raw;
  const guarded = FORMULA.test(raw) || /^[\t\r]/.test(raw) ? `'${visibleLine(raw)}` : visibleLine(raw);
  return /[",;\s]/.test(guarded) ? `"${guarded.replaceAll('"', '""')}"` : guarded;
};

export const encodeCsv = (rows: readonly (readonly (string | number)[])[]): string =>
  rows.map((row) => `${row.map(encodeCsvCell).join(',')}\r\n`).join('');
