import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {EXIT_CODE, TandemError} from '@tandem/contract';
import {startLiveCapture} from '@tandem/shadow';
import {planMigration} from '../session-plan.ts';
import {migrationToRun} from './default-migration.ts';
import {liveRedaction} from './live-redaction.ts';
import {inputNames, liveInputs, withTopicAdvice} from './live-inputs.ts';
import {tapLines} from './record-live.ts';
import {runVersions, today} from './run-versions.ts';
import {sessionWork} from './session-work.ts';
import {numberFlag, switchFlag, textFlag, type WorkContext} from './work-context.ts';

const KEEP_BYTES = 1024 * 1024 * 1024;
const FIRST_MESSAGE_MS = 60_000;

/** `tandem shadow`: live traffic into a log, every lane a reader of that log, until it is told to stop. */
export const shadowWork = async (context: WorkContext): Promise<number> => {
  const migration = await planMigration(await migrationToRun(textFlag(context, 'config')), {twin: switchFlag(context, 'twin'), say: (line) => { context.progress.say(line); }});
  const {inputs, codec} = await liveInputs(context);
  const isLimited = (numberFlag(context, 'for') ?? numberFlag(context, 'messages')) !== null;
  const folder = mkdtempSync(join(tmpdir(), 'tandem-live-'));
  try {
    const capture = await startLiveCapture({inputs, codec, detachMs: numberFlag(context, 'detach'), ...await liveRedaction(context, folder), folder: join(folder, 'log'), messages: numberFlag(context, 'messages'), durationMs: numberFlag(context, 'for'), signal: context.signal,
      onNotice: (line) => { context.progress.say(`? ${line}`); }});
    const first = await firstMessage(capture.ready, inputNames(inputs), context.signal).catch(async (error: unknown) => {
      capture.stop();
      const {silence} = await capture.done;
      if (silence === null || context.signal.aborted || !(error instanceof TandemError) || error.detail.kind !== 'cancel') throw error;
      return silence;
    });
    if ('kind' in first) {
      const detail = withTopicAdvice(first, inputs);
      context.complain(detail);
      context.printJson({formatVersion: '1.0', error: detail});
      return EXIT_CODE.inconclusive;
    }
    context.progress.say(`tap ready at sequence ${first.sourceSeq ?? first.seq}; comparing from there`);
    // the session ends when the log is sealed, so a stop drains what was captured instead of cutting it off
    const exitCode = await sessionWork({...context, signal: new AbortController().signal}, {
      kind: 'shadow', migration, inputs: await capture.inputs(), schedule: {kind: 'recorded', speed: 1}, historyInputs: 0, turns: null, runsRoot: textFlag(context, 'runs') ?? 'reports/runs',
      seed: numberFlag(context, 'seed') ?? 7, command: context.command, versions: runVersions(), keep: (textFlag(context, 'keep') ?? 'all') as 'all' | 'differing' | 'none', keepBytesMax: KEEP_BYTES,
      today: today(), spinMs: 500, notes: inputs.map(({stream, endpoint, listen}) => (listen === undefined ? `tapped ${stream} at ${endpoint} as one more subscriber` : `tapped ${stream} on the wire, between ${listen} and ${endpoint}`) + (stream === first.stream ? `, from sequence ${first.sourceSeq ?? first.seq}` : '')),
      // without a limit Ctrl-C is how a shadow ends; with one it is a run that was cut short
      endedEarly: () => (context.signal.aborted && isLimited ? `stopped by ${String(context.signal.reason)}` : null),
      endNotes: () => (context.signal.aborted && !isLimited ? [`stopped by hand (${String(context.signal.reason)}); no end was asked for, so the verdict is about what came until then`] : []),
    });
    // what stopped the capture is said after what was compared until then
    const end = await capture.done.catch((error: unknown) => { throw inTemporaryFolder(error, folder); });
    for (const line of [`tap      ${end.proof.text}`, ...tapLines(end)]) context.print(line);
    return exitCode;
  } finally {
    rmSync(folder, {recursive: true, force: true});
  }
};

/** The live log lies in the temporary folder and goes with it, so the advice of a capture does not fit. */
const inTemporaryFolder = (error: unknown, folder: string): unknown => (!(error instanceof TandemError) || !(error.detail.where ?? '').startsWith(folder) ? error
  : new TandemError({...error.detail, what: 'The live log had to stop; everything whole up to there was compared.', where: tmpdir(), fix: 'make room there, or let TMPDIR name a larger disk; for a capture that stays: tandem record'}, {cause: error}));

const firstMessage = async <T>(ready: Promise<T>, endpoint: string, signal: AbortSignal): Promise<T> => {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, failed) => {
    const nothing = (kind: 'environment' | 'cancel'): void => {
      failed(new TandemError({id: 'TDM-E138', kind, what: 'no message came from the live publisher', where: endpoint, seen: kind === 'cancel' ? 'stopped before the first one' : `nothing within ${FIRST_MESSAGE_MS / 1000} s`,
        likely: 'nothing is published now, or the topic prefix matches nothing', fix: 'tandem record --endpoint ... --topic "" to see all that is published'}));
    };
    timer = setTimeout(() => { nothing('environment'); }, FIRST_MESSAGE_MS);
    signal.addEventListener('abort', () => { nothing('cancel'); }, {once: true});
    if (signal.aborted) nothing('cancel');
  });
  try {
    return await Promise.race([ready, late]);
  } finally {
    clearTimeout(timer);
  }
};
