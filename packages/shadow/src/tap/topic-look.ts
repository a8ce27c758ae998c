import {setTimeout as delay} from 'node:timers/promises';
import type {OpenOptions} from '../endpoint/open-socket.ts';
import {openSub} from '../endpoint/open-socket.ts';
import {receiveBurst} from '../endpoint/receive-burst.ts';

const LOOK_MS = 1200;
const MESSAGES_MAX = 2000;
const TOPICS_SHOWN = 5;
const TOPIC_CHARS = 32;
const TOPICS_KEPT = 1000;

/** What is published when nothing that was asked for comes: one more subscriber to everything, for about a second. Empty: nothing. */
export const lookAtTopics = async (options: Pick<OpenOptions, 'connect' | 'curve' | 'limits'>): Promise<string> => {
  const socket = await openSub({...options, topics: ['']});
  const seen = new Map<string, number>();
  let messages = 0;
  const loop = receiveBurst(socket, (burst) => {
    for (const parts of burst.messages) {
      messages += 1;
      const topic = topicOf(parts);
      if (seen.size < TOPICS_KEPT || seen.has(topic)) seen.set(topic, (seen.get(topic) ?? 0) + 1);
    }
    if (messages >= MESSAGES_MAX) socket.close();
  });
  await Promise.race([delay(LOOK_MS), loop.done.catch(() => undefined)]);
  socket.close();
  await loop.done.catch(() => undefined);
  const most = [...seen].sort(([, a], [, b]) => b - a).slice(0, TOPICS_SHOWN).map(([topic, count]) => `${JSON.stringify(topic)} x ${count}`);
  return most.length === 0 ? '' : `${most.join(', ')}${seen.size > TOPICS_SHOWN ? ` and ${seen.size - TOPICS_SHOWN} more` : ''}`;
};

/** The first part when it stands alone before others, else how the message begins; only what can be shown. */
const topicOf = (parts: readonly Uint8Array[]): string => {
  const text = Buffer.from(parts[0] ?? []).subarray(0, TOPIC_CHARS).toString('latin1');
  const head = parts.length > 1 ? text : (/^[\w.:/-]+/.exec(text)?.[0] ?? text.slice(0, 8));
  return head.replace(/[^\x20-\x7e]/g, '?');
};
