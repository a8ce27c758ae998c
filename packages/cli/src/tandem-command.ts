import {Command, Flags} from '@oclif/core';
import {EXIT_CODE, TandemError, type ErrorDetail, type ErrorKind} from '@tandem/contract';
import {systemRefusal} from './system-refusal.ts';
import {argumentWords} from './terminal/argument-words.ts';
import {inCallersWords} from './terminal/callers-words.ts';
import {errorText} from './terminal/error-text.ts';
import {refuseUnfinishedExit} from './unfinished-exit.ts';
import {Progress} from './terminal/progress.ts';
import {terminalStyle, visibleLines, type TerminalStyle} from './terminal/style.ts';
import type {WorkContext} from './work/work-context.ts';

const EXIT_BY_KIND: Readonly<Record<ErrorKind, number>> = {
  usage: EXIT_CODE.usage, environment: EXIT_CODE.environment, lane: EXIT_CODE.inconclusive, invariant: EXIT_CODE.bug, cancel: EXIT_CODE.interrupted,
};

/** What every command shares: `--json`, `--quiet`, the error form, exit codes and a signal that stops long work in order. */
export abstract class TandemCommand extends Command {
  static override baseFlags = {
    json: Flags.boolean({description: 'print one JSON document on stdout and nothing else', helpGroup: 'GLOBAL'}),
    quiet: Flags.boolean({char: 'q', description: 'only failures and the next step', helpGroup: 'GLOBAL'}),
  };

  readonly #stop = new AbortController();
  #parsed: {flags: Record<string, unknown>; args: Record<string, unknown>} = {flags: {}, args: {}};
  #asJson = false;
  #unfinished: {done: () => void} | null = null;
  #quiet = false;

  /** aborted by SIGINT or SIGTERM; a second signal ends the process */
  protected get stopSignal(): AbortSignal {
    return this.#stop.signal;
  }

  protected get style(): TerminalStyle {
    return terminalStyle(process.stdout, process.env);
  }

  protected get progress(): Progress {
    return new Progress((text) => process.stderr.write(text), terminalStyle(process.stderr, process.env), !this.#quiet, () => process.stderr.columns);
  }

  /** The parsed flags and arguments; `F` and `A` are those that the command declares. */
  protected given<F, A = Record<string, never>>(): {flags: F; args: A} {
    return this.#parsed as {flags: F; args: A};
  }

  /** The command's work; gives the exit code. */
  protected abstract work(): Promise<number>;

  override async run(): Promise<void> {
    this.#asJson = this.argv.includes('--json');
    this.#quiet = this.argv.includes('--quiet') || this.argv.includes('-q') || this.#asJson;
    let code: number = EXIT_CODE.bug;
    this.#unfinished = refuseUnfinishedExit((detail) => { this.complain(detail); });
    this.#parsed = await this.parse(this.constructor as typeof TandemCommand & {new (): TandemCommand}) as never;
    const stop = (signal: NodeJS.Signals): void => {
      if (this.#stop.signal.aborted) {
        this.#unfinished?.done();
        process.exit(signal === 'SIGINT' ? EXIT_CODE.interrupted : EXIT_CODE.terminated);
      }
      this.#stop.abort(signal);
    };
    process.on('SIGINT', stop).on('SIGTERM', stop);
    try {
      code = await this.work();
      if (this.#stop.signal.aborted) code = this.#stoppedCode();
    } finally {
      process.off('SIGINT', stop).off('SIGTERM', stop);
    }
    this.#unfinished?.done();
    process.exitCode = code;
  }

  #stoppedCode(): number {
    return this.#stop.signal.reason === 'SIGTERM' ? EXIT_CODE.terminated : EXIT_CODE.interrupted;
  }

  /** Everything that the command's work needs, so that the work itself knows no oclif. */
  protected workContext(): WorkContext {
    return {
      flags: this.#parsed.flags, style: this.style, progress: this.progress, signal: this.stopSignal, command: ['tandem', ...(this.id?.split(':') ?? []), ...this.argv],
      print: (line) => { this.print(line); }, note: (line) => { if (!this.#quiet) this.print(line); }, complain: (detail) => { this.complain(detail); }, printJson: (document) => { if (this.#asJson) this.printJson(document); },
    };
  }

  /** One document on stdout; keys in the order given. */
  protected printJson(document: unknown): void {
    process.stdout.write(`${JSON.stringify(document, null, 2)}\n`);
  }

  protected print(line: string): void {
    if (!this.#asJson) process.stdout.write(`${inCallersWords(line, process.env)}\n`);
  }

  /** An error that does not end the command: on stderr, in the form of all errors. */
  protected complain(detail: ErrorDetail): void {
    process.stderr.write(`${errorText(detail, terminalStyle(process.stderr, process.env))}\n`);
  }

  override async catch(error: Error & {exitCode?: number; oclif?: {exit?: number}}): Promise<void> {
    this.#unfinished?.done();
    const known = error instanceof TandemError ? error : systemRefusal(error);
    if (known !== null) {
      this.#refuse(known.detail, known.detail.kind === 'cancel' && this.#stop.signal.aborted ? this.#stoppedCode() : EXIT_BY_KIND[known.detail.kind]);
    } else if (error.oclif !== undefined) {
      this.#refuse({id: 'TDM-E100', kind: 'usage', what: argumentWords(error.message), fix: `tandem ${this.id?.replaceAll(':', ' ') ?? ''} --help`}, error.oclif.exit ?? EXIT_CODE.usage);
    } else {
      this.#refuse({id: 'TDM-E001', kind: 'invariant', what: 'tandem has a defect here', seen: error.message, fix: 'report it with the lines below'}, EXIT_CODE.bug);
      process.stderr.write(`${visibleLines(error.stack ?? '')}\n`);
    }
    // what a lane that is still starting holds open must not keep a stopped program alive
    if (this.#stop.signal.aborted) process.exit();
  }

  #refuse(detail: ErrorDetail, code: number): void {
    if (this.#asJson) this.printJson({formatVersion: '1.0', error: detail});
    this.complain(detail);
    process.exitCode = code;
  }
}
