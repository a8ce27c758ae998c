import {visibleLine} from './visible-text.ts';

const longestRun = (text: string): number => (text.match(/`+/g) ?? []).reduce((longest, run) => Math.max(longest, run.length), 0);

/**
 * A value as a code span: no markup, mention, reference or automatic link is recognised inside.
 * Not for table cells, see `markdownCell`.
 */
export const markdownCode = (text: string): string => {
  const shown = visibleLine(text);
  if (shown.trim() === '') return '`(empty)`';
  const fence = '`'.repeat(longestRun(shown) + 1);
  const pad = shown.startsWith('`') || shown.endsWith('`') ? ' ' : '';
  return `${fence}${pad}${shown}${pad}${fence}`;
};

/** A value as a code span in a table cell: `|` would end the cell even inside a span, `\|` does not. */
export const markdownCell = (text: string): string => markdownCode(text).replaceAll('|', '\\|');

/** Several lines as a fenced block; the fence is longer than any run of back-ticks inside. */
export const markdownFence = (text: string): string => {
  const lines = text.split('\n').map((line) => visibleLine(line));
  const fence = '`'.repeat(Math.max(3, longestRun(text) + 1));
  return `${fence}text\n${lines.join('\n')}\n${fence}`;
};
