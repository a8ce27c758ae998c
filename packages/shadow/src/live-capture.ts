import type {InputSpec} from '@tandem/contract';
import {captureTaps, followed} from './capture-core.ts';
import type {CaptureEnd, LiveCapture, LiveCaptureOptions} from './capture-port.ts';
import {logInputs} from './log-inputs.ts';
import {loadRewriters} from './log/redact/load-rewriters.ts';
import {redactMessages, redactWords} from './log/redact/redact-messages.ts';
import {silenceNotice} from './tap/silence-notice.ts';
import {sequenceAtPointer} from './tap/source-sequence.ts';
import {startTap} from './tap/start-tap.ts';
import type {Tap, TapStats} from './tap/tap.ts';
import type {CaptureProof} from './tap/wire/wire-proof.ts';
import {startWireCapture} from './wire-capture.ts';

/** Starts the taps that suit the inputs; whatever ends them, the log keeps every whole message and is sealed. */
export const startLiveCapture = async (options: LiveCaptureOptions): Promise<LiveCapture> => {
  const {inputs, folder, codec = null, redaction} = options;
  if (inputs.some(({listen}) => listen !== undefined)) return await startWireCapture(options);
  const startedMs = performance.now();
  const redact = redaction === undefined ? undefined : redactMessages(redaction.plan, redaction.key, await loadRewriters(redaction.rewriters));
  const capture = await captureTaps({...options, ...(redact === undefined ? {} : {redact})}, async (sink) => {
    const taps: Tap[] = [];
    try {
      for (const input of inputs) taps.push(await startTap(input, {...sink, ...(input.sequence === undefined ? {} : {sourceSeq: sequenceAtPointer(input.sequence, codec)})}));
    } catch (error) {
      await Promise.all(taps.map((tap) => tap.stop()));
      throw error;
    }
    return taps;
  });
  const done = capture.done.then(({seal, stats, streams, lastWords}): CaptureEnd => {
    const [input] = inputs as readonly [InputSpec];
    const silence = stats.messages > 0 ? null : silenceNotice({...stats, endpoint: input.endpoint, topics: input.topics, silentMs: performance.now() - startedMs, lastFailure: ''}).detail;
    return {seal, stats, streams, silence: silence === null ? null : {...silence, ...lastWords}, proof: withWords(sequenceProof(inputs, streams), redact === undefined ? '' : redactWords(redact.counts())), wires: [], tapPid: null};
  });
  done.catch(() => undefined);
  return {ready: capture.ready, done, stats: capture.stats, stop: () => { capture.ending.stop(); }, inputs: async () => followed(await logInputs(folder, {follow: true, ranked: inputs.length > 1}), capture.ending)};
};

/** What was hidden otherwise than asked for stands beside what is missing. */
const withWords = (proof: CaptureProof, words: string): CaptureProof => (words === '' ? proof : {...proof, text: `${proof.text}; ${words}`});

const sequenceProof = (inputs: readonly InputSpec[], streams: readonly TapStats[]): CaptureProof => {
  const unknown = inputs.filter(({sequence}) => sequence === undefined).map(({stream}) => stream);
  const unread = streams.reduce((sum, {withoutSourceSeq}) => sum + withoutSourceSeq, 0);
  const [lost, holes, gaps] = (['gapMessages', 'gapUnknown', 'gaps'] as const).map((field) => streams.reduce((sum, stream) => sum + stream[field], 0)) as [number, number, number];
  if (lost > 0 || holes > 0) return {complete: false, text: `${lost} messages lost in ${gaps} gaps${holes > 0 ? `, ${holes} of them of unknown size` : ''}`};
  if (unknown.length > 0) return {complete: false, text: `completeness unproven: the publisher numbers nothing that this tap knows${inputs.length > 1 ? ` (${unknown.join(', ')})` : ''}`};
  if (unread > 0) return {complete: false, text: `completeness unproven: ${unread} messages have no number that can be read`};
  return {complete: true, text: 'complete: no gap in the publisher\'s sequence'};
};
