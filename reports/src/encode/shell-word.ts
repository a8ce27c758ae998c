import {visibleLine} from './visible-text.ts';

/** One word of a command that a person will paste into a POSIX shell: quoted unless it is plainly harmless. */
export const shellWord = (text: string): string => {
  if (/^[A-Za-z0-9_./:=@%+,][A-Za-z0-9_./:=@%+,-]*$/.test(text) || /^--?[A-Za-z][A-Za-z0-9-]*$/.test(text)) return text;
  // a control character cannot be typed back, so what is shown is its escape inside the quotes
  return `'${visibleLine(text).replaceAll("'", "'\\''")}'`;
};

export const shellCommand = (words: readonly string[]): string => words.map(shellWord).join(' ');
