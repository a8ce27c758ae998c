import {existsSync} from 'node:fs';
import {EXIT_CODE, TandemError, type ErrorDetail, type InputSpec, type PayloadCodec} from '@tandem/contract';
import {startLiveCapture} from '@tandem/shadow';
import {migrationFile} from './default-migration.ts';
import {inputCodec} from '../session-plan.ts';
import {liveRedaction} from './live-redaction.ts';
import {logLimits} from './log-limits.ts';
import {numberFlag, textFlag, type WorkContext} from './work-context.ts';

/** What to tap: the endpoint that was given, or the one input of the migration file, with the pointer to its sequence numbers. */
export const liveInput = async (context: WorkContext): Promise<{input: InputSpec; sourceSequence: string | null; codec: PayloadCodec | null}> => {
  const endpoint = textFlag(context, 'endpoint');
  const topics = (context.flags['topic'] as string[] | undefined) ?? [''];
  if (endpoint !== null) return {input: {stream: 'input', pattern: 'pub-sub', endpoint, topics}, sourceSequence: null, codec: null};
  const {config, file} = await migrationFile(textFlag(context, 'config'));
  const entries = Object.entries(config.input);
  const [stream, spec] = entries[0] as (typeof entries)[number];
  if (entries.length > 1) throw new TandemError({id: 'TDM-E106', kind: 'usage', what: 'this version taps one input', where: file, seen: entries.map(([name]) => name).join(', '), fix: 'leave one input in the migration file, or name one with --endpoint'});
  return {input: {stream, pattern: spec.pattern, endpoint: spec.endpoint, topics: spec.topics}, sourceSequence: config.match.cause?.input ?? null, codec: inputCodec(config.codec)};
};

/** The notice of a silent tap with the flag that belongs to it here. */
export const withTopicAdvice = (silence: ErrorDetail, {endpoint, topics}: InputSpec): ErrorDetail => {
  if (!(silence.seen ?? '').includes('handshake done')) return silence;
  const all = topics.length === 0 || topics.includes('');
  return {...silence, likely: all ? 'nothing is published at this time' : 'no message starts with these topics, or nothing is published at this time',
    fix: all ? 'look at the publisher; to wait for it, leave out --for or give it more time' : `tandem record --endpoint ${endpoint} --topic "" shows all that is published`};
};

/** `tandem record` from a live publisher, until --messages, --for or a signal. */
export const recordLive = async (context: WorkContext, out: string): Promise<number> => {
  const {input, sourceSequence, codec} = await liveInput(context);
  if (existsSync(out)) throw new TandemError({id: 'TDM-E107', kind: 'usage', what: 'the folder of the capture exists', where: out, fix: 'give another one with --out; a capture is never overwritten'});
  const capture = await startLiveCapture({input, folder: out, ...await liveRedaction(context, out), log: logLimits(context), codec, sourceSequence, messages: numberFlag(context, 'messages'), durationMs: numberFlag(context, 'for'), signal: context.signal,
    onNotice: (line) => { context.progress.say(`? ${line}`); }});
  capture.ready.then(({seq, sourceSeq}) => { context.progress.say(`tap ready at sequence ${sourceSeq ?? seq}`); }, () => undefined);
  const timer = setInterval(() => {
    context.progress.offer(performance.now(), () => {
      const {messages, bytes, gapMessages} = capture.stats();
      return [`recording ${input.endpoint}  ${messages.toLocaleString('en-US')} messages  ${(bytes / 1024 ** 2).toFixed(1)} MiB  lost ${gapMessages}`];
    });
  }, 100);
  try {
    const {seal, stats, silence} = await capture.done;
    context.progress.done();
    if (silence !== null && seal.messages === 0) {
      const detail = withTopicAdvice(silence, input);
      context.complain(detail);
      context.print('recorded nothing, so no capture is kept');
      context.printJson({formatVersion: '1.0', capture: null, messages: 0, gaps: 0, stats, error: detail});
      return EXIT_CODE.inconclusive;
    }
    const complete = sourceSequence === null ? 'completeness unproven: the publisher numbers nothing that this tap knows' : stats.gapMessages === 0 && stats.gapUnknown === 0 ? 'complete: no gap in the publisher\'s sequence' : `${stats.gapMessages} messages lost in ${stats.gaps} gaps`;
    context.print(`recorded ${seal.messages.toLocaleString('en-US')} messages to ${out}; ${complete}`);
    context.print(`next     npm run tandem -- replay ${out}`);
    context.printJson({formatVersion: '1.0', capture: out, messages: seal.messages, gaps: seal.gaps, stats});
    return EXIT_CODE.pass;
  } finally {
    clearInterval(timer);
    context.progress.done();
  }
};
