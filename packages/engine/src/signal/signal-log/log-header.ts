import {Buffer} from 'node:buffer';
import {createHash} from 'node:crypto';
import {TandemError} from '@tandem/contract';
import {BLOCK_RECORDS_MAX, HEADER_BYTES_MAX, MAGIC, PREAMBLE_BYTES, RECORD_BYTES} from './log-layout.ts';

/** What a log says about itself before its first record. */
export interface SignalLogHeader {
  readonly formatVersion: '1.0';
  /** `live`: generation times are a clock's. `simulated`: event time plus the stated delay, never a faked clock */
  readonly kind: 'live' | 'simulated';
  /** SHA-256 in hex of the model, of the feature descriptors and of the code that ran */
  readonly modelHash: string;
  readonly featureHash: string;
  readonly codeHash: string;
  /** names by symbol number */
  readonly symbols: readonly string[];
  /** records in a full block, 64..256; a flushed one holds fewer */
  readonly blockRecords: number;
  /** seq of the first record */
  readonly firstSeq: number;
  /** the file before this one and the head that it ended with; null for the first */
  readonly previous: {readonly file: string; readonly head: string} | null;
  /** only simulated: delay between event and generation, µs */
  readonly arrivalDelayUs: number | null;
}

const HASH = /^[0-9a-f]{64}$/;

const refuse = (what: string, where: string): TandemError => new TandemError({id: 'TDM-E430', kind: 'usage', what: 'this is no signal log that can be read', where, seen: what, fix: 'name a file that a signal lane or a simulation wrote'});

const isHeader = (value: SignalLogHeader | null): value is SignalLogHeader => value !== null && typeof value === 'object' && value.formatVersion === '1.0'
  && (value.kind === 'live' || value.kind === 'simulated') && [value.modelHash, value.featureHash, value.codeHash].every((hash) => typeof hash === 'string' && HASH.test(hash))
  && Array.isArray(value.symbols) && value.symbols.every((name) => typeof name === 'string') && Number.isInteger(value.blockRecords) && value.blockRecords >= 1
  && value.blockRecords <= BLOCK_RECORDS_MAX && Number.isSafeInteger(value.firstSeq) && value.firstSeq >= 1;

/** Preamble and header as they stand in the file, and head 0. */
export const encodeHeader = (header: SignalLogHeader): {octets: Uint8Array; head: Uint8Array} => {
  const text = Buffer.from(JSON.stringify(header));
  const whole = Math.ceil((PREAMBLE_BYTES + text.length) / RECORD_BYTES) * RECORD_BYTES;
  const octets = Buffer.alloc(whole, ' ');
  octets.write(MAGIC, 0, 'latin1');
  octets.writeUInt32LE(whole - PREAMBLE_BYTES, 8);
  octets.writeUInt32LE(0, 12);
  text.copy(octets, PREAMBLE_BYTES);
  return {octets, head: createHash('sha256').update(octets).digest()};
};

/** Length of preamble and header, octets. @throws TandemError TDM-E430 */
export const headerLength = (preamble: Uint8Array, where: string): number => {
  const octets = Buffer.from(preamble.buffer, preamble.byteOffset, preamble.byteLength);
  if (octets.length < PREAMBLE_BYTES || octets.toString('latin1', 0, 8) !== MAGIC) throw refuse('its first octets are not those of a signal log', where);
  const length = octets.readUInt32LE(8);
  if (length > HEADER_BYTES_MAX || (length + PREAMBLE_BYTES) % RECORD_BYTES !== 0 || octets.readUInt32LE(12) !== 0) throw refuse('its preamble is damaged', where);
  return PREAMBLE_BYTES + length;
};

/** Reads what {@link encodeHeader} wrote. @throws TandemError TDM-E430 */
export const decodeHeader = (octets: Uint8Array, where: string): {header: SignalLogHeader; head: Uint8Array} => {
  const text = Buffer.from(octets.buffer, octets.byteOffset + PREAMBLE_BYTES, octets.byteLength - PREAMBLE_BYTES).toString('utf8');
  let value: SignalLogHeader | null = null;
  try {
    value = JSON.parse(text) as SignalLogHeader;
  } catch {
    // said below
  }
  if (!isHeader(value)) throw refuse('its header is damaged', where);
  return {header: value, head: createHash('sha256').update(octets).digest()};
};
