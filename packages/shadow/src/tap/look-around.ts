import type {OpenOptions} from '../endpoint/open-socket.ts';
import {greeterWords, probeGreeting} from './greeting-probe.ts';
import {lookAtTopics} from './topic-look.ts';

/** What was found where nothing comes; in words of a person. */
export interface Found {
  readonly seen: string;
  readonly likely: string;
  readonly fix: string;
}

/** Who answers there when no handshake was done; what is published when one was and no topic fits. Null: nothing more is known. */
export const lookAround = async (place: {readonly endpoint: string; readonly isLinked: boolean; readonly hasTopics: boolean; readonly curve?: OpenOptions['curve']; readonly limits: NonNullable<OpenOptions['limits']>}): Promise<Found | null> => {
  const {endpoint, isLinked, hasTopics, curve, limits} = place;
  if (!isLinked) return greeterWords(await probeGreeting(endpoint), curve !== undefined);
  if (!hasTopics) return null;
  const topics = await lookAtTopics({connect: endpoint, limits, ...(curve === undefined ? {} : {curve})});
  return topics === '' ? null : {seen: `subscribed to everything for a second: ${topics}`, likely: 'messages begin with other topics than those that were asked for', fix: 'subscribe to one of these'};
};
