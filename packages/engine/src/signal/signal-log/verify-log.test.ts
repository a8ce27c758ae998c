import {mkdtempSync, readFileSync, rmSync, statSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterAll, describe, expect, it} from 'vitest';
import {fileSource, memorySource} from './byte-source.ts';
import {openHeadsFile, readHeadsFile} from './heads-file.ts';
import {decodeHeader, headerLength, type SignalLogHeader} from './log-header.ts';
import {FRAME_BYTES, HEAD_BYTES, RECORD_BYTES, SEAL_BYTES} from './log-layout.ts';
import {SignalLogWriter, type PublishedHead} from './log-writer.ts';
import {LogVerifier, type LogVerdict, type SignalRecord} from './verify-log.ts';

const folder = mkdtempSync(join(tmpdir(), 'tandem-signal-log-'));
afterAll(() => { rmSync(folder, {recursive: true, force: true}); });

const hash = (letter: string): string => letter.repeat(64);
const header: SignalLogHeader = {formatVersion: '1.0', kind: 'live', modelHash: hash('a'), featureHash: hash('b'), codeHash: hash('c'), symbols: ['IBM', 'EURUSD'], blockRecords: 64, firstSeq: 1, previous: null, arrivalDelayUs: null};
let files = 0;
/** A log of its own, sealed unless asked otherwise. */
const written = (records: number, options: {header?: Partial<SignalLogHeader>; seal?: boolean; salt?: number} = {}): {file: string; octets: Buffer; heads: PublishedHead[]} => {
  const file = join(folder, `${files++}.signals`);
  const heads: PublishedHead[] = [];
  let clockUs = 1_700_000_000_000_000;
  const writer = new SignalLogWriter(file, {...header, ...options.header}, {nowUs: () => (clockUs += 3.5), onHead: (head) => heads.push(head), syncEachBlock: false});
  for (let i = 0; i < records; i++) writer.append(1_600_000_000_000_000 + i * 1000, i % 2, Math.sin(i + (options.salt ?? 0)), 100 + i / 8);
  if (options.seal === false) writer.flush();
  else writer.close();
  return {file, octets: readFileSync(file), heads};
};
const verdict = (octets: Uint8Array, heads: readonly PublishedHead[] = []): LogVerdict => new LogVerifier(memorySource(octets), heads).verify();
const BLOCK = FRAME_BYTES + 64 * RECORD_BYTES + HEAD_BYTES;
const startOf = (octets: Uint8Array): number => headerLength(octets.subarray(0, 16), 'test');

describe('a signal log', () => {
  it('gives back what was appended, and passes when it is sealed', () => {
    const {file, octets} = written(200);
    const seen: SignalRecord[] = [];
    const result = new LogVerifier(fileSource(file), [], (record) => seen.push({...record})).verify();
    expect(result).toMatchObject({outcome: 'pass', records: 200, blocks: 4, isSealed: true, problems: []});
    expect(seen[199]).toEqual({eventUs: 1_600_000_000_199_000, generatedUs: seen[199]?.generatedUs, symbol: 1, seq: 200, value: Math.sin(199), price: 100 + 199 / 8});
    expect(decodeHeader(octets.subarray(0, startOf(octets)), 'test').header).toEqual(header);
    expect(octets.length).toBe(startOf(octets) + 3 * BLOCK + FRAME_BYTES + 8 * RECORD_BYTES + HEAD_BYTES + SEAL_BYTES);
  });

  it('is inconclusive while its end is neither sealed nor witnessed', () => {
    const {octets, heads} = written(130, {seal: false});
    expect(verdict(octets).outcome).toBe('inconclusive');
    expect(verdict(octets, heads)).toMatchObject({outcome: 'pass', witnessed: 3});
  });

  it('never lets a generation time fall, and tells a signal that is older than its event', () => {
    const file = join(folder, 'clock.signals');
    const times = [1000, 900, 1100];
    const writer = new SignalLogWriter(file, header, {nowUs: () => times.shift() ?? 0, onHead: null, syncEachBlock: true});
    expect([writer.append(1, 0, 1, 1), writer.append(2, 0, 1, 1), writer.append(1100, 0, 1, 1)]).toEqual([1000, 1000, 1100]);
    writer.close();
    expect(verdict(readFileSync(file))).toMatchObject({outcome: 'fail', problems: [{kind: 'time'}]});
  });

  it('states a simulated generation time as event time plus delay', () => {
    const seen: number[] = [];
    const {octets} = written(3, {header: {kind: 'simulated', arrivalDelayUs: 250}});
    new LogVerifier(memorySource(octets), [], ({eventUs, generatedUs}) => seen.push(generatedUs - eventUs)).verify();
    expect(seen).toEqual([250, 250, 250]);
  });

  it('refuses to touch a file that exists, and a file that is none', () => {
    const {file} = written(1);
    const before = statSync(file).size;
    expect(() => new SignalLogWriter(file, header, {nowUs: () => 1, onHead: null, syncEachBlock: false})).toThrow(/cannot be written/);
    expect(statSync(file).size).toBe(before);
    expect(() => verdict(Buffer.from('not a log at all, not even close'))).toThrow(/no signal log/);
  });
});

describe('whatever is done to a log is found', () => {
  const log = written(64 * 20 + 17);
  const start = startOf(log.octets);
  const changed = (edit: (copy: Buffer) => Buffer): LogVerdict => verdict(edit(Buffer.from(log.octets)));

  it('a bit in each record, each block head, the seal and the header', () => {
    const missed: string[] = [];
    const flip = (at: number, bit: number): void => {
      const result = changed((copy) => { copy[at] = copy[at]! ^ (1 << bit); return copy; });
      if (result.outcome !== 'fail') missed.push(`octet ${at} bit ${bit}: ${result.outcome}`);
    };
    for (let block = 0, record = 0; record < 64 * 20 + 17; record++) {
      if (record > 0 && record % 64 === 0) block++;
      flip(start + block * BLOCK + FRAME_BYTES + (record % 64) * RECORD_BYTES + (record * 7) % RECORD_BYTES, record % 8);
    }
    for (let block = 0; block < 20; block++) {
      for (const at of [0, 4, 8, 12, BLOCK - HEAD_BYTES, BLOCK - 1]) flip(start + block * BLOCK + at, block % 8);
    }
    for (let at = log.octets.length - SEAL_BYTES; at < log.octets.length; at++) flip(at, at % 8);
    // a changed letter in a header value that still parses
    flip(log.octets.indexOf('aaaa') + 3, 1);
    expect(missed).toEqual([]);
  });

  it('every cut, at each block and inside each record', () => {
    const passed: number[] = [];
    for (let at = start; at < log.octets.length; at += 40) {
      if (verdict(log.octets.subarray(0, at)).outcome === 'pass') passed.push(at);
    }
    expect(passed).toEqual([]);
    // with published heads a cut is a failure, not only an open end
    for (let block = 0; block < 20; block++) expect(verdict(log.octets.subarray(0, start + block * BLOCK), log.heads).outcome).toBe('fail');
  });

  it('blocks and records that changed places, are missing or stand twice', () => {
    const block = (index: number): Buffer => log.octets.subarray(start + index * BLOCK, start + (index + 1) * BLOCK);
    const around = (index: number, ...middle: Buffer[]): Buffer => Buffer.concat([log.octets.subarray(0, start + index * BLOCK), ...middle]);
    const rest = (index: number): Buffer => log.octets.subarray(start + index * BLOCK);
    for (let index = 0; index < 19; index++) {
      expect(verdict(around(index, block(index + 1), block(index), rest(index + 2))).outcome).toBe('fail');
      expect(verdict(around(index, rest(index + 1))).outcome).toBe('fail');
      expect(verdict(around(index, block(index), block(index), rest(index + 1))).outcome).toBe('fail');
      const swapped = Buffer.from(log.octets);
      const at = start + index * BLOCK + FRAME_BYTES;
      log.octets.copy(swapped, at, at + RECORD_BYTES, at + 2 * RECORD_BYTES);
      log.octets.copy(swapped, at + RECORD_BYTES, at, at + RECORD_BYTES);
      expect(verdict(swapped).outcome).toBe('fail');
    }
    expect(verdict(Buffer.concat([log.octets, block(0)])).outcome).toBe('fail');
  });

  it('a block of another log of the same kind, and a log written anew with hashes that fit', () => {
    const other = written(64 * 20 + 17, {salt: 1});
    for (let index = 0; index < 20; index++) {
      const from = start + index * BLOCK;
      const spliced = Buffer.concat([log.octets.subarray(0, from), other.octets.subarray(from, from + BLOCK), log.octets.subarray(from + BLOCK)]);
      expect(verdict(spliced).outcome).toBe('fail');
      const tail = Buffer.concat([log.octets.subarray(0, from), other.octets.subarray(from)]);
      expect(verdict(tail).outcome).toBe(index === 0 ? 'pass' : 'fail');
      expect(verdict(tail, log.heads).outcome).toBe('fail');
    }
    // only what was published elsewhere can tell that
    expect(verdict(other.octets).outcome).toBe('pass');
    expect(verdict(other.octets, log.heads)).toMatchObject({outcome: 'fail', problems: [{kind: 'witness'}]});
  });
});

describe('published heads', () => {
  it('come back from their file; a half line does not count, a wrong one is refused', () => {
    const file = join(folder, 'heads.jsonl');
    const heads = openHeadsFile(file);
    heads.publish({blocks: 1, records: 64, head: hash('d')});
    heads.close();
    expect(readHeadsFile(file)).toEqual([{blocks: 1, records: 64, head: hash('d')}]);
    writeFileSync(file, '{"blocks":2', {flag: 'a'});
    expect(readHeadsFile(file)).toHaveLength(1);
    writeFileSync(file, '\n', {flag: 'a'});
    expect(() => readHeadsFile(file)).toThrow(/published heads/);
  });
});
