import {writeHeader} from './frame-header.ts';

const TOPICS_MAX = 1024;
const TOPIC_BYTES_MAX = 254;

/** Subscriptions in the form of ZMTP 3.0, which is what we announce: messages of 01 and the prefix. */
export function subscription(topics: readonly (string | Uint8Array)[]): Buffer {
  if (topics.length > TOPICS_MAX) throw new RangeError(`${topics.length} topics, at most ${TOPICS_MAX}`);
  return Buffer.concat(topics.map((topic) => {
    const prefix = typeof topic === 'string' ? Buffer.from(topic) : topic;
    if (prefix.length > TOPIC_BYTES_MAX) throw new RangeError(`a topic of ${prefix.length} octets, at most ${TOPIC_BYTES_MAX}`);
    const frame = Buffer.alloc(3 + prefix.length);
    writeHeader(frame, 0, 1 + prefix.length, 0);
    frame[2] = 1;
    frame.set(prefix, 3);
    return frame;
  }));
}
