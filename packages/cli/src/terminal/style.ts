import {styleText} from 'node:util';

/** How a stream can be written to: colour and symbols, decided once from the environment. */
export interface TerminalStyle {
  readonly colour: boolean;
  readonly unicode: boolean;
  readonly live: boolean;
}

/** Honours NO_COLOR, FORCE_COLOR, TERM=dumb, CI and non-UTF-8 locales. */
export const terminalStyle = (stream: {isTTY?: boolean}, env: NodeJS.ProcessEnv): TerminalStyle => {
  const tty = stream.isTTY === true && env['TERM'] !== 'dumb';
  const forced = env['FORCE_COLOR'] !== undefined && env['FORCE_COLOR'] !== '0';
  const locale = env['LC_ALL'] ?? env['LC_CTYPE'] ?? env['LANG'] ?? '';
  return {colour: env['NO_COLOR'] === undefined && (forced || tty), unicode: /utf-?8/i.test(locale), live: tty && env['CI'] === undefined};
};

type Paint = 'good' | 'bad' | 'unsure' | 'faint' | 'strong' | 'name';
const FORMATS = {good: ['blue'], bad: ['bold', 'yellow'], unsure: ['magenta'], faint: ['dim'], strong: ['bold'], name: ['cyan']} as const;

/** Colours that people with a colour-vision deficiency tell apart; a mark or word always says the same. */
export const paint = (style: TerminalStyle, kind: Paint, text: string): string =>
  (style.colour ? styleText(FORMATS[kind] as never, text, {validateStream: false}) : text);

export interface Marks {
  readonly pass: string;
  readonly fail: string;
  readonly unsure: string;
  readonly rest: string;
}
export const marks = (style: TerminalStyle): Marks => (style.unicode ? {pass: '✓', fail: '✗', unsure: '?', rest: '·'} : {pass: 'ok', fail: 'x', unsure: '?', rest: '.'});

const escaped = (char: string): string => {
  const code = char.charCodeAt(0);
  return code < 0x100 ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u${code.toString(16).padStart(4, '0')}`;
};
const UNSEEN = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g;

/** Untrusted text of several lines: control characters and direction marks become visible, and no line is a command to a CI runner. */
export const visibleLines = (text: string): string => text.replace(UNSEEN, escaped).replace(/##(?=[a-z]*\[)/gi, '# #').replace(/^(?=\s*::)/gm, '| ');

/** Untrusted text that stays within its line. */
export const visible = (text: string): string => visibleLines(text.replaceAll('\n', '\\n'));
