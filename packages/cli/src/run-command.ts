import {fileURLToPath} from 'node:url';
import {Errors, run} from '@oclif/core';
import type {ErrorDetail} from '@tandem/contract';
import {argumentWords} from './terminal/argument-words.ts';
import {errorText} from './terminal/error-text.ts';
import {terminalStyle} from './terminal/style.ts';
import {COMMAND_GROUPS} from './root-help.ts';
import {nearestName} from './config/nearest-name.ts';

/** Hands the arguments to oclif; what oclif itself refuses gets the project's error form. */
export const runCommand = async (argv: readonly string[]): Promise<void> => {
  try {
    await run([...argv], {root: fileURLToPath(new URL('..', import.meta.url))});
  } catch (error) {
    if (error instanceof Errors.ExitError) {
      process.exitCode = error.oclif.exit ?? 0;
      return;
    }
    const {message, oclif} = error as Error & {oclif?: {exit?: number}};
    const names = COMMAND_GROUPS.flatMap(({commands}) => commands.map(([name]) => name));
    const near = nearestName(argv.filter((arg) => !arg.startsWith('-')).slice(0, 2).join(' '), names) ?? nearestName(argv[0] ?? '', names);
    const detail: ErrorDetail = {id: 'TDM-E100', kind: 'usage', what: argumentWords(message), ...(near === null ? {} : {likely: `tandem ${near}`}), fix: 'tandem --help'};
    if (argv.includes('--json')) process.stdout.write(`${JSON.stringify({formatVersion: '1.0', error: detail}, null, 2)}\n`);
    process.stderr.write(`${errorText(detail, terminalStyle(process.stderr, process.env))}\n`);
    process.exitCode = oclif?.exit ?? 2;
  }
};
