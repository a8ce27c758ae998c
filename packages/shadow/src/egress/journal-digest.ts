import {hash} from 'node:crypto';
import {crc32} from 'node:zlib';
import type {JournalDigest} from '../flow/journal-record.ts';

/** SHA-256 cut to 128 bits for the chain, CRC-32 for the quick check. */
export const JOURNAL_DIGEST: JournalDigest = {
  hash: (text) => hash('sha256', text, 'hex').slice(0, 32),
  crc: (text) => crc32(text).toString(16).padStart(8, '0'),
};

/** Digest of a payload as it stands in intents: 64 bits, enough to tell two answers apart, not to resist a forger. */
export function payloadHash(payload: Uint8Array): string {
  return hash('sha256', payload, 'hex').slice(0, 16);
}
