import type {TapNotice} from './tap.ts';

/** What is known about an input socket to which nothing is pushed. */
export interface PullSilence {
  readonly stream: string;
  readonly endpoint: string;
  readonly messages: number;
  /** producers that shook hands, those of them that went, and connections that ended before */
  readonly joined: number;
  readonly gone: number;
  readonly refused: number;
  readonly silentMs: number;
}

/** Says how far producers got and what that usually means. Pure: the same facts give the same words. */
export const pullSilence = (facts: PullSilence): TapNotice => {
  const {stream, endpoint, messages, silentMs} = facts;
  const seconds = Math.round(silentMs / 100) / 10;
  const what = messages === 0 ? `Nothing has come to the input socket of "${stream}" for ${seconds} s.` : `The input socket of "${stream}" fell silent ${seconds} s ago.`;
  return {kind: 'silent', detail: {id: 'TDM-E282', kind: 'environment', what, where: endpoint, ...cause(facts)}};
};

const cause = ({messages, joined, gone, refused}: PullSilence): {seen: string; likely: string; fix: string} => {
  const here = joined - gone;
  const so = messages === 0 ? '0 messages' : `${messages} messages so far`;
  if (here > 0) return {seen: `${here} producers are connected, ${so}`, likely: 'they have nothing to say, or wait for something themselves', fix: 'look at the producers; the input goes on by itself'};
  if (joined > 0) return {seen: `${joined} producers came and went, ${so}`, likely: 'the producers ended; what they had not sent yet they took with them', fix: 'start them again; the input goes on by itself, and their numbers go on where they stood'};
  if (refused > 0) return {seen: `${refused} connections ended before a handshake was done`, likely: 'what connects there is no PUSH socket (a PUB, a DEALER), wants CURVE, or does not speak ZeroMQ 3', fix: 'check which socket connects there'};
  return {seen: 'no producer has connected', likely: 'producers connect to another endpoint, or are not running', fix: 'compare the endpoint with that of the producers; they connect by themselves as soon as they know it'};
};
