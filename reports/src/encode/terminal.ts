import {showUnseen, visibleLine} from './visible-text.ts';

const DROPPED = /[\u0000-\u0008\u000b-\u001a\u001c-\u001f\u007f-\u009f]/g;

/** Text of several lines for a terminal: C0 and C1 dropped but newline and tab, ESC shown as `\x1b`, unseen characters shown. */
export const encodeTerminal = (text: string): string => showUnseen(text).replaceAll('\u001b', '\\x1b').replace(DROPPED, '');

/** The same for a value inside one line (tables, log records): newline, tab and every other control shown as an escape. */
export const encodeTerminalLine = (text: string): string => visibleLine(text);
