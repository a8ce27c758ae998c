import type {TapNotice, TapStats} from './tap.ts';

/** What is known about a tap through which nothing comes. */
export type Silence = Pick<TapStats, 'stream' | 'messages' | 'connected' | 'ready' | 'handshakeFailed' | 'disconnected' | 'retries'> & {
  readonly endpoint: string;
  readonly topics: readonly string[];
  readonly silentMs: number;
  /** code of the last failed handshake, else empty */
  readonly lastFailure: string;
  /** what a look around showed; absent or null: nothing more than the counts */
  readonly found?: {readonly seen: string; readonly likely: string; readonly fix: string} | null | undefined;
};

/** Says how far the link got and what that usually means. Pure: the same facts give the same words. */
export function silenceNotice(silence: Silence): TapNotice {
  const {stream, endpoint} = silence;
  const seconds = Math.round(silence.silentMs / 100) / 10;
  const what = silence.messages === 0 ? `Nothing has come through the tap of "${stream}" for ${seconds} s.` : `The tap of "${stream}" fell silent ${seconds} s ago.`;
  const known = cause(silence);
  const {found = null} = silence;
  const {seen, likely, fix} = found === null ? known : {...found, seen: `${known.seen}; ${found.seen}`};
  return {kind: 'silent', detail: {id: 'TDM-E282', kind: 'environment', what, where: endpoint, seen, likely, fix}};
}

function cause(silence: Silence): {seen: string; likely: string; fix: string} {
  const {connected, ready, handshakeFailed, messages, topics, lastFailure, disconnected, retries} = silence;
  if (ready > disconnected && messages > 0) {
    return {
      seen: `connected, handshake done, ${messages} messages so far`, likely: 'the publisher has nothing to say, or its process hangs',
      fix: 'look at the publisher; the tap goes on by itself',
    };
  }
  if (ready > disconnected) {
    const shown = topics.map((topic) => JSON.stringify(topic)).slice(0, 5).join(', ');
    return {
      seen: `connected, handshake done, 0 messages for topics ${shown}`,
      likely: 'no message starts with these topics, or the publisher is silent at this time of day',
      fix: 'subscribe to one empty text to see everything, and compare with what a live subscriber gets',
    };
  }
  if (connected > 0) {
    // libzmq tells a refused handshake as a failure or only as a disconnect, depending on which side refuses.
    const how = handshakeFailed > 0 ? `the ZeroMQ handshake failed (${lastFailure === '' ? 'no reason given' : lastFailure})` : 'disconnected without a handshake';
    return {
      seen: `connected ${connected === 1 ? 'once' : `${connected} times`}, then ${how}`,
      likely: 'the other side is no PUB socket (a PUSH looks alike), wants CURVE or PLAIN, or does not speak ZeroMQ 3',
      fix: 'check which socket is bound there, then start the tap again: libzmq does not always dial again after this',
    };
  }
  return {
    seen: `no connection after ${retries} attempts`, likely: 'nothing listens there: wrong address, or the publisher is not running',
    fix: 'start the publisher or correct the endpoint; the tap connects by itself as soon as somebody listens',
  };
}
