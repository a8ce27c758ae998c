import {execFileSync} from 'node:child_process';
import {existsSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import {gunzipSync} from 'node:zlib';
import {describe, expect, test} from 'vitest';
import {findProgram} from '../../python-probe.ts';
import {codecOf} from '../codec-of.ts';

interface Made {
  readonly name: string;
  readonly protocol?: number;
  readonly codec?: string;
  readonly octets: string;
  readonly text: string;
}

const FIXTURES = join(import.meta.dirname, '..', 'fixtures');
const pickle = codecOf({name: 'pickle', keys: 'strict'});
const packed = codecOf({name: 'zlib', inner: {name: 'pickle', keys: 'strict'}, bytesMax: 1e6});
const python = findProgram('python3', process.env['PATH']);
const SEED = Number(process.env['TANDEM_SEED'] ?? 20_261_128);
const COUNT = process.env['TANDEM_DEEP'] === '1' ? 60_000 : 600;

const linesOf = (text: string): Made[] => text.trim().split('\n').map((line) => JSON.parse(line) as Made);
const readBy = (one: Made): string => {
  const {text, fault} = (one.codec === undefined ? pickle : packed).decode([Buffer.from(one.octets, 'base64')]);
  return text === null ? `fault ${fault.kind} at ${fault.at}` : Buffer.from(text).toString('utf8');
};

function expectAll(made: readonly Made[], least: number): void {
  expect(made.length).toBeGreaterThanOrEqual(least);
  const wrong = made.filter((one) => readBy(one) !== one.text);
  expect(wrong.slice(0, 3).map((one) => ({name: one.name, protocol: one.protocol, expected: one.text.slice(0, 500), read: readBy(one).slice(0, 500)}))).toEqual([]);
}

describe('pickles that Python made', () => {
  test('of an earlier day, all protocols', () => {
    expectAll(linesOf(gunzipSync(readFileSync(join(FIXTURES, 'python-values.jsonl.gz'))).toString('utf8')), 100);
  });

  test('with numpy 1.26 and 2.4 in them: numbers, arrays and texts', () => {
    expectAll(linesOf(gunzipSync(readFileSync(join(FIXTURES, 'numpy-values.jsonl.gz'))).toString('utf8')), 200);
  });

  test.skipIf(python === null)(`now, all protocols, with random values (seed ${SEED})`, () => {
    const output = execFileSync(python ?? '', ['-I', join(FIXTURES, 'python_values.py'), String(SEED), String(COUNT)], {encoding: 'utf8', maxBuffer: 1e9});
    expectAll(linesOf(output), COUNT);
  }, 120_000);
});

const frames = [process.env['TANDEM_SHARED'] ?? '', join(import.meta.dirname, '../../../../../../shared')]
  .map((folder) => join(folder, 'data/zmq-frames/vnpy_rpc_ethusdt.jsonl.gz')).find((path) => existsSync(path));

type Tagged = null | boolean | number | string | readonly Tagged[] | {readonly [key: string]: Tagged};

/** What the recording says Python read, in our words. */
function inOurWords(value: Tagged): unknown {
  if (Array.isArray(value)) return value.map(inOurWords);
  if (typeof value !== 'object' || value === null) return value;
  const {__class__, __enum__, __datetime__, ...rest} = value as Record<string, Tagged>;
  if (__enum__ !== undefined) return {$class: __enum__, $value: rest['value']};
  if (__datetime__ !== undefined) return {$datetime: __datetime__};
  const state = Object.fromEntries(Object.entries(rest).map(([key, one]) => [key, inOurWords(one)]));
  return __class__ === undefined ? state : {$class: __class__, $state: state};
}

describe('frames of a real trading service', () => {
  test.skipIf(frames === undefined)('are read as Python reads them (skipped without the recording zmq-frames)', () => {
    const messages = gunzipSync(readFileSync(frames ?? '')).toString('utf8').trim().split('\n').map((line) => JSON.parse(line) as {frames_b64: string[]; decoded: Tagged[]});
    expect(messages.length).toBe(382);
    for (const {frames_b64: texts, decoded} of messages) {
      const {text} = pickle.decode(texts.map((one) => Buffer.from(one, 'base64')));
      expect(text === null ? null : JSON.parse(Buffer.from(text).toString('utf8'))).toEqual(inOurWords(decoded[0] as Tagged));
    }
  });
});
