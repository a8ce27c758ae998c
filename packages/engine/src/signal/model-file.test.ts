import {mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {gunzipSync, gzipSync} from 'node:zlib';
import {TandemError} from '@tandem/contract';
import {afterAll, describe, expect, it} from 'vitest';
import {openModel} from './model-file.ts';

const folder = mkdtempSync(join(tmpdir(), 'tandem-model-'));
afterAll(() => { rmSync(folder, {recursive: true, force: true}); });

const fixture = (file: string): Buffer => readFileSync(join(import.meta.dirname, 'model/fixtures', `${file}.gz`));
const columns = Array.from({length: 7}, (_, at) => `Column_${at}`);
const place = (name: string, from: string, more: Readonly<Record<string, Uint8Array | string>> = {}): string => {
  const file = join(folder, name);
  writeFileSync(file, name.endsWith('.gz') ? fixture(from) : gunzipSync(fixture(from)));
  const stem = file.replace(/\.gz$/, '').replace(/\.[a-z]+$/, '');
  writeFileSync(`${stem}.golden.json`, gunzipSync(fixture(`${from}.golden.json`)));
  for (const [ending, content] of Object.entries(more)) writeFileSync(`${stem}.${ending}`, content);
  return file;
};
const said = (file: string): string => {
  try {
    openModel(file, columns);
  } catch (error) {
    if (!(error instanceof TandemError)) throw error;
    return `${error.detail.id} ${error.detail.where ?? ''}: ${error.detail.seen ?? ''}`;
  }
  return 'opened';
};

describe('a model with what lies beside it', () => {
  it('is opened, packed or not, and says until when its training knew the world', () => {
    expect(openModel(place('one.txt', 'lightgbm-level.txt'), columns).fit?.trainEndUs).toBe(Infinity);
    expect(openModel(place('two.txt.gz', 'lightgbm-level.txt', {'fit.json': '{"trainEndUs": 5, "what": "two"}'}), columns).fit).toEqual({trainEndUs: 5, what: 'two'});
  });
  it.each([['{', 'no JSON'], ['null', 'null'], ['{"trainEndUs": "soon"}', 'a word']])('fit.json %s never becomes an error of ours', (text) => {
    const answer = said(place('fit.txt', 'lightgbm-level.txt', {'fit.json': text}));
    expect(answer).toMatch(text === '{' ? /TDM-E427 .*fit\.json/ : /opened/);
  });
  it('classes, targets and quantiles are no signal, so the first of them is never taken for one', () => {
    expect(said(place('classes.txt', 'lightgbm-multiclass.txt'))).toMatch(/TDM-E441 .*3 values for one row/);
  });
  it('what is not there, not packed, or has no golden rows', () => {
    expect(said(join(folder, 'none.txt'))).toMatch(/TDM-E427 .*ENOENT/);
    symlinkSync('/dev/zero', join(folder, 'zero.txt'));
    expect(said(join(folder, 'zero.txt'))).toMatch(/TDM-E427 .*device/);
    writeFileSync(join(folder, 'plain.txt.gz'), 'tree\n');
    expect(said(join(folder, 'plain.txt.gz'))).toMatch(/TDM-E427/);
    writeFileSync(join(folder, 'alone.txt'), gunzipSync(fixture('lightgbm-level.txt')));
    expect(said(join(folder, 'alone.txt'))).toMatch(/TDM-E444/);
  });
  // TANDEM_DEEP: it unpacks half a gigabyte
  it.skipIf(process.env['TANDEM_DEEP'] !== '1')('a little gzip that unpacks to more than a model may have', () => {
    const ten = gzipSync(new Uint8Array(10e6));
    writeFileSync(join(folder, 'bomb.txt.gz'), Buffer.concat(Array<Buffer>(60).fill(ten)));
    expect(said(join(folder, 'bomb.txt.gz'))).toMatch(/TDM-E427 .*larger/);
  });
});
