import {existsSync} from 'node:fs';
import {EXIT_CODE, TandemError} from '@tandem/contract';
import {shellCommand} from '@tandem/reports';
import {startLiveCapture, type CaptureEnd} from '@tandem/shadow';
import {configWords} from './default-migration.ts';
import {inputNames, liveInputs, withTopicAdvice} from './live-inputs.ts';
import {liveRedaction} from './live-redaction.ts';
import {logLimits} from './log-limits.ts';
import {numberFlag, type WorkContext} from './work-context.ts';

/** `tandem record` from live traffic, until --messages, --for or a signal. */
export const recordLive = async (context: WorkContext, out: string): Promise<number> => {
  const {inputs, codec} = await liveInputs(context);
  if (existsSync(out)) throw new TandemError({id: 'TDM-E107', kind: 'usage', what: 'the folder of the capture exists', where: out, fix: 'give another one with --out; a capture is never overwritten'});
  const capture = await startLiveCapture({inputs, folder: out, ...await liveRedaction(context, out), log: logLimits(context), codec, messages: numberFlag(context, 'messages'), durationMs: numberFlag(context, 'for'),
    detachMs: numberFlag(context, 'detach'), signal: context.signal, onNotice: (line) => { context.progress.say(`? ${line}`); }});
  capture.ready.then(({stream, seq, sourceSeq}) => { context.progress.say(`tap ready at sequence ${sourceSeq ?? seq}${inputs.length > 1 ? ` of ${stream}` : ''}`); }, () => undefined);
  const timer = setInterval(() => {
    context.progress.offer(performance.now(), () => {
      const {messages, bytes, gapMessages} = capture.stats();
      return [`recording ${inputNames(inputs)}  ${messages.toLocaleString('en-US')} messages  ${(bytes / 1024 ** 2).toFixed(1)} MiB  lost ${gapMessages}`];
    });
  }, 100);
  try {
    const end = await capture.done;
    context.progress.done();
    return sayEnd(context, out, {end, silence: end.silence === null ? null : withTopicAdvice(end.silence, inputs)});
  } finally {
    clearInterval(timer);
    context.progress.done();
  }
};

const sayEnd = (context: WorkContext, out: string, {end, silence}: {readonly end: CaptureEnd; readonly silence: CaptureEnd['silence']}): number => {
  const {seal, stats, streams, proof, wires, tapPid} = end;
  const more = {stats, ...(streams.length > 1 ? {streams} : {}), complete: proof.complete, proof: proof.text, ...(tapPid === null ? {} : {tapPid, wires})};
  if (silence !== null && seal.messages === 0) {
    context.complain(silence);
    context.print('recorded nothing, so no capture is kept');
    context.printJson({formatVersion: '1.0', capture: null, messages: 0, gaps: 0, ...more, error: silence});
    return EXIT_CODE.inconclusive;
  }
  context.print(`recorded ${seal.messages.toLocaleString('en-US')} messages to ${out}; ${proof.text}`);
  for (const line of tapLines(end)) context.print(line);
  context.print(`next     npm run tandem -- replay ${shellCommand([out])}${configWords(context)}`);
  context.printJson({formatVersion: '1.0', capture: out, messages: seal.messages, gaps: seal.gaps, ...more});
  return EXIT_CODE.pass;
};

/** Where live passes now. */
export const tapLines = ({wires, tapPid}: Pick<CaptureEnd, 'wires' | 'tapPid'>): string[] => (tapPid === null ? [] : wires.map(({listen, upstream, open}) => (listen.startsWith('ipc://') && upstream.startsWith('ipc://')
  ? `tap      ${listen} leads to ${upstream} from now on${open > 0 ? `; ${open} connections go on through pid ${tapPid} until they end` : ''}`
  : `tap      pid ${tapPid} goes on forwarding ${listen} to ${upstream} and looks at nothing; let live peers connect to the latter, then end it with: kill ${tapPid}`)));
