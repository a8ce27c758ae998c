import {Buffer} from 'node:buffer';
import {createHash} from 'node:crypto';
import {closeSync, fstatSync, openSync, readSync, renameSync, rmSync, statSync, writeFileSync} from 'node:fs';
import {TandemError} from '@tandem/contract';
import {columnBytes, columnsOver, TICK_FIELDS, type TickColumns} from './tick-columns.ts';

/**
 * A tick store: "TDMTICK1", header length u32, 0, a JSON header padded to 64 octets, then each column as little-endian doubles. The header holds
 * the SHA-256 of names, symbols, count and columns, so a store that was cut or changed is never simulated on. Up to version 1.0 it was of the columns
 * alone: ticks of one symbol could be called another's.
 */
const FORMAT_VERSION = '2.0';
const MAGIC = 'TDMTICK1';
const PREAMBLE_BYTES = 16;
const ALIGN_BYTES = 64;
const HEADER_BYTES_MAX = 16 * 1024 * 1024;
const TICKS_MAX = 2 ** 31;
const CHUNK_BYTES = 16 * 1024 * 1024;

interface StoreHeader {
  readonly formatVersion: typeof FORMAT_VERSION;
  readonly count: number;
  readonly columns: readonly string[];
  readonly symbols: readonly string[];
  readonly sha256: string;
  /** where the ticks are from, for people */
  readonly source: string;
}

export interface TickStore extends TickColumns {
  /** see {@link hashColumns}: the data of a result */
  readonly dataHash: string;
  readonly source: string;
}

const COLUMN_NAMES = ['timeUs', 'symbol', ...TICK_FIELDS];

const refuse = (file: string, seen: string, cause?: unknown): TandemError =>
  new TandemError({id: 'TDM-E435', kind: 'usage', what: 'the tick store cannot be used', where: file, seen, fix: `make it again: tandem simulate <recordings> --import ${file}`}, {cause});

/** SHA-256 in hex of what the ticks are called, how many they are, and their columns. */
export const hashColumns = (columns: TickColumns): string => {
  const hash = createHash('sha256').update(`${JSON.stringify({columns: COLUMN_NAMES, symbols: columns.symbols, count: columns.count})}\n`);
  const octets = new Uint8Array(columns.buffer, 0, columnBytes(columns.count));
  for (let at = 0; at < octets.length; at += CHUNK_BYTES) hash.update(octets.subarray(at, at + CHUNK_BYTES));
  return hash.digest('hex');
};

/** Writes a store beside its place and puts it there whole. @returns its data hash */
export const writeTickStore = (file: string, columns: TickColumns, source: string): string => {
  const sha256 = hashColumns(columns);
  const header: StoreHeader = {formatVersion: FORMAT_VERSION, count: columns.count, columns: COLUMN_NAMES, symbols: columns.symbols, sha256, source};
  const text = Buffer.from(JSON.stringify(header));
  const whole = Math.ceil((PREAMBLE_BYTES + text.length) / ALIGN_BYTES) * ALIGN_BYTES;
  const head = Buffer.alloc(whole, ' ');
  head.write(MAGIC, 0, 'latin1');
  head.writeUInt32LE(whole - PREAMBLE_BYTES, 8);
  head.writeUInt32LE(0, 12);
  text.copy(head, PREAMBLE_BYTES);
  const part = `${file}.part-${process.pid}`;
  try {
    writeFileSync(part, head);
    writeFileSync(part, new Uint8Array(columns.buffer, 0, columnBytes(columns.count)), {flag: 'a'});
    renameSync(part, file);
  } catch (error) {
    rmSync(part, {force: true});
    // who asked for the store knows nothing of its part
    throw Object.assign(error as Error, {path: file});
  }
  return sha256;
};

const readHeader = (fd: number, file: string): {header: StoreHeader; length: number} => {
  const preamble = Buffer.alloc(PREAMBLE_BYTES);
  if (readSync(fd, preamble, 0, PREAMBLE_BYTES, 0) < PREAMBLE_BYTES || preamble.toString('latin1', 0, 8) !== MAGIC) throw refuse(file, 'its first octets are not those of a tick store');
  const size = preamble.readUInt32LE(8);
  if (size > HEADER_BYTES_MAX) throw refuse(file, `a header of ${size} octets`);
  const text = Buffer.alloc(size);
  readSync(fd, text, 0, size, PREAMBLE_BYTES);
  let header: StoreHeader;
  try {
    header = JSON.parse(text.toString('utf8')) as StoreHeader;
  } catch (cause) {
    throw refuse(file, 'its header is no JSON', cause);
  }
  if (header === null || typeof header !== 'object') throw refuse(file, 'its header is no object');
  const isNamed = Array.isArray(header.symbols) && header.symbols.every((symbol) => typeof symbol === 'string') && typeof header.source === 'string';
  const isKnown = isNamed && header.formatVersion === FORMAT_VERSION && Number.isSafeInteger(header.count) && header.count >= 0 && header.count <= TICKS_MAX && JSON.stringify(header.columns) === JSON.stringify(COLUMN_NAMES);
  if (!isKnown) throw refuse(file, `version ${header.formatVersion}, where ${FORMAT_VERSION} is read; columns ${String(header.columns)}`);
  return {header, length: PREAMBLE_BYTES + size};
};

/** What the rest relies on and a hash cannot promise: whole times that never fall, and symbols that there are. */
const checkOrder = (file: string, {count, timeUs, symbol, symbols}: TickColumns): void => {
  for (let at = 0; at < count; at++) {
    const isPlaced = Number.isInteger(symbol[at]) && symbol[at]! >= 0 && symbol[at]! < symbols.length;
    if (!isPlaced || !Number.isFinite(timeUs[at]) || (at > 0 && timeUs[at]! < timeUs[at - 1]!)) throw refuse(file, `tick ${at + 1} is of symbol ${symbol[at]} at ${timeUs[at]} µs, after ${timeUs[at - 1] ?? 'none'}`);
  }
};

/**
 * Reads a store into memory that threads can share.
 * @throws TandemError TDM-E435 when it is none, or not as it was written
 */
export const readTickStore = (file: string): TickStore => {
  let fd: number;
  try {
    // a folder has no octets, a pipe none before somebody writes
    if (!statSync(file).isFile()) throw new Error('it is no file');
    fd = openSync(file, 'r');
  } catch (cause) {
    throw refuse(file, cause instanceof Error ? cause.message : String(cause), cause);
  }
  try {
    const {header, length} = readHeader(fd, file);
    const bytes = columnBytes(header.count);
    if (fstatSync(fd).size !== length + bytes) throw refuse(file, `${fstatSync(fd).size} octets instead of ${length + bytes}`);
    const buffer = new SharedArrayBuffer(bytes);
    const octets = new Uint8Array(buffer);
    for (let at = 0; at < bytes;) {
      const got = readSync(fd, octets, at, Math.min(CHUNK_BYTES, bytes - at), length + at);
      if (got === 0) throw refuse(file, `it ended after ${at} of ${bytes} octets`);
      at += got;
    }
    const columns = columnsOver(buffer, header.count, header.symbols);
    const dataHash = hashColumns(columns);
    if (dataHash !== header.sha256) throw refuse(file, 'its ticks or their symbols are not those that were written');
    checkOrder(file, columns);
    return {...columns, dataHash, source: header.source};
  } finally {
    closeSync(fd);
  }
};
