import {TandemError, type ErrorDetail} from '@tandem/contract';
import {likelyCause} from './stderr-tail.ts';

/** Why a lane can no longer be trusted to answer. The lane stays as it is until it is stopped; other lanes go on. */
export type LaneFaultKind = 'exited' | 'hung' | 'closed' | 'output-oversized' | 'protocol';

export interface LaneFault {
  readonly kind: LaneFaultKind;
  readonly error: TandemError;
  readonly tMonoNs: number;
}

/** What an error message about a lane can show. */
export interface LaneEvidenceText {
  readonly label: string;
  readonly name: string;
  readonly command: string;
  readonly stderrTail: readonly string[];
}

type Told = Pick<ErrorDetail, 'id' | 'what' | 'seen' | 'fix'>;

function laneError(lane: LaneEvidenceText, told: Told, cause?: unknown): TandemError {
  const tail = lane.stderrTail.slice(-5).join(' | ');
  return new TandemError({
    ...told,
    kind: 'lane',
    where: `${lane.name} (${lane.label}): ${lane.command}`,
    seen: tail === '' ? `${told.seen ?? ''}; it wrote nothing to stderr` : `${told.seen ?? ''}; stderr ends with: ${tail}`,
    likely: likelyCause(lane.stderrTail),
  }, {cause});
}

/** How a process ended, in words: `exit code 1` or `killed by SIGKILL`. */
export function exitWords(exitCode: number | null, signal: string | null): string {
  if (signal !== null) return `it was ended by ${signal}`;
  return exitCode === null ? 'it ended' : `it ended with exit code ${exitCode}`;
}

export function notStarted(lane: LaneEvidenceText, cause: unknown): TandemError {
  return laneError(lane, {
    id: 'TDM-E220', what: `The ${lane.name} lane could not be started.`, seen: (cause as Error | undefined)?.message ?? 'no process',
    fix: 'check that the command is an absolute path to a program that may be run, and that the working folder exists',
  }, cause);
}

export function diedBeforeReady(lane: LaneEvidenceText, ended: string): TandemError {
  return laneError(lane, {
    id: 'TDM-E221', what: `The ${lane.name} lane ended before it was ready.`, seen: ended,
    fix: lane.stderrTail.some((line) => /ModuleNotFoundError|ImportError/.test(line)) ? "name the Python that has its modules: python('<script>', {interpreter: '.venv/bin/python'})"
      : lane.stderrTail.some((line) => /unrecognized arguments|unknown option/i.test(line)) ? "give it the arguments that it knows: {args: ['--requests', '{in}', '--answers', '{out}']}"
        : 'run the command by hand: it must bind a PULL at {in} and a PUSH at {out}, then print {"ready":true} as one line on stdout',
  });
}

export function notReady(lane: LaneEvidenceText, timeoutMs: number, ready: 'line' | 'listening'): TandemError {
  return laneError(lane, {
    id: 'TDM-E222', what: `The ${lane.name} lane was not ready within ${timeoutMs} ms.`,
    ...(ready === 'line' ? {seen: 'no line {"ready":true} on its stdout', fix: 'print {"ready":true} on stdout, flushed, when the sockets are bound; or leave the program as it is and give it {ready: \'listening\'}; or allow more time with readyWithin'}
      : {seen: 'not both of its sockets take connections', fix: 'let it bind a PULL at {in} and a PUSH at {out}; or allow more time with readyWithin'}),
  });
}

export function notConnected(lane: LaneEvidenceText, cause: unknown): TandemError {
  return laneError(lane, {
    id: 'TDM-E223', what: `The sockets of the ${lane.name} lane cannot be used.`, seen: (cause as Error).message,
    fix: 'bind a PULL at {in} and a PUSH at {out}, without security, before you print the ready line',
  }, cause);
}

export function faultError(lane: LaneEvidenceText, kind: LaneFaultKind, seen: string): TandemError {
  const told: Record<LaneFaultKind, Told> = {
    exited: {id: 'TDM-E225', what: `The ${lane.name} lane ended while it was fed.`, fix: 'run the same inputs again with `tandem replay`; the last inputs sent are in the run folder'},
    hung: {id: 'TDM-E226', what: `The ${lane.name} lane made no progress while inputs were waiting.`, fix: 'look at what the process is doing (py-spy, strace, --inspect); raise the time limit if it is only slow'},
    closed: {id: 'TDM-E227', what: `The ${lane.name} lane closed a socket while it was fed.`, fix: 'keep both sockets open until stdin ends'},
    'output-oversized': {id: 'TDM-E228', what: `The ${lane.name} lane sent an output above the size limit.`, fix: 'split the output, or raise the limit for both lanes'},
    protocol: {id: 'TDM-E229', what: `The ${lane.name} lane answered a test request in a way that cannot be used.`, fix: 'answer each {"msgType":"1"} once, in order, with {"msgType":"0"} and the same testReqId'},
  };
  return laneError(lane, {...told[kind], seen});
}
