import {encodeTerminal, encodeTerminalLine} from './terminal.ts';

/** Message of a workflow command: `%`, CR and LF are the only characters that the runner decodes. */
export const encodeAnnotationMessage = (text: string): string => encodeTerminal(text)
  .replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');

/** Property value of a workflow command: `:` and `,` would end it. */
export const encodeAnnotationProperty = (text: string): string => encodeTerminalLine(text)
  .replaceAll('%', '%25').replaceAll(':', '%3A').replaceAll(',', '%2C');

/** Untrusted lines for a CI log: a line that a runner would obey gets a prefix that takes its meaning away. */
export const guardCiLog = (text: string): string => encodeTerminal(text).split('\n')
  .map((line) => (/^\s*(?:::|##\[|##vso\[|##teamcity\[)/i.test(line) ? `| ${line}` : line)).join('\n');
