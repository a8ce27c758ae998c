import type {ErrorDetail} from '@tandem/contract';
import type {Progress} from '../terminal/progress.ts';
import type {TerminalStyle} from '../terminal/style.ts';

/** What a command hands to its work: flags, a way to speak, and the signal to stop. */
export interface WorkContext {
  /** parsed flags by name */
  readonly flags: Readonly<Record<string, unknown>>;
  readonly style: TerminalStyle;
  readonly progress: Progress;
  readonly signal: AbortSignal;
  /** the arguments as typed, for the manifest */
  readonly command: readonly string[];
  /** to stdout unless --json */
  readonly print: (line: string) => void;
  /** the same, but not with --quiet: what is neither a failure nor the next step */
  readonly note: (line: string) => void;
  /** to stderr: an error that does not end the command */
  readonly complain: (detail: ErrorDetail) => void;
  /** the one document of --json; ignored without it */
  readonly printJson: (document: unknown) => void;
}

/** A flag's value by its type; flags are checked by their declaration, so this only narrows. */
export const textFlag = (context: WorkContext, name: string): string | null => (typeof context.flags[name] === 'string' ? context.flags[name] : null);
export const numberFlag = (context: WorkContext, name: string): number | null => (typeof context.flags[name] === 'number' ? context.flags[name] : null);
export const switchFlag = (context: WorkContext, name: string): boolean => context.flags[name] === true;
