import type {InputSpec} from '@tandem/contract';
import {readCertificate} from '../endpoint/curve-certificate.ts';
import {freshKeys} from '../endpoint/fresh-keys.ts';
import {startSubscribeTap, type SubscribeTapOptions} from './subscribe-tap.ts';
import {assertTappable} from './tap-refusal.ts';
import type {Tap} from './tap.ts';

/** Starts the tap that suits the traffic, or says why there is none. Further kinds of taps are added here. */
export async function startTap(input: InputSpec, options: Omit<SubscribeTapOptions, 'endpoint' | 'topics' | 'stream'>): Promise<Tap> {
  const publisherNoDrop = input.noDrop === true || options.publisherNoDrop === true;
  assertTappable(input, publisherNoDrop);
  const {curve} = input;
  return await startSubscribeTap({
    ...options, publisherNoDrop, ...(curve === undefined ? {} : {curve: {serverKey: curve.serverKey, keys: curve.keyFile === undefined ? freshKeys() : readCertificate(curve.keyFile, 'secret')}}),
    endpoint: input.endpoint, topics: input.topics, stream: input.stream,
  });
}
