import {encodeTerminal, encodeTerminalLine} from './terminal.ts';

/** Message of a workflow command: `%`, CR and LF are the only characters that the runner decodes. */
export const encodeAnnotationMessage = (text: string): string => encodeTerminal(text)
  .replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');

/** Property value of a workflow command: `:` and `,` would end it. */
export const encodeAnnotationProperty = (text: string): string => encodeTerminalLine(text)
  .replaceAll('%', '%25').replaceAll(':', '%3A').replaceAll(',', '%2C');

/**
 * Untrusted lines for a CI log. `::` counts at the start of a line, so such a line gets a prefix; `##[` and `##name[` are obeyed
 * anywhere in a line by some runners, so they are pulled apart.
 */
export const guardCiLog = (text: string): string => encodeTerminal(text).split('\n')
  .map((line) => line.replace(/##(?=[a-z]*\[)/gi, '# #')).map((line) => (/^\s*::/.test(line) ? `| ${line}` : line)).join('\n');
