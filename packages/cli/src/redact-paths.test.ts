import type {BinaryField, CodecSpec} from '@tandem/contract';
import {describe, expect, it} from 'vitest';
import {BenchFolder} from './bad-input/fixtures/bench-folder.ts';
import {loadConfig} from './config/load-config.ts';
import {redactPlanOf} from './redact-plan.ts';
import {unreachable} from './redact-paths.ts';

const field = (name: string): BinaryField => ({name, kind: 'u8', offset: null, length: null, scale: 0, endian: null});
const binary: CodecSpec = {name: 'binary', endian: 'little', sizeBytes: null, fields: [field('account'), field('$px')]};
const delimited = (columns: readonly string[] | null): CodecSpec => ({name: 'delimited', delimiter: ',', columns, header: false, pairs: columns === null ? '=' : null, quote: null});
const named: CodecSpec = {name: 'multipart', parts: [{key: 'topic', codec: {name: 'text'}}, {key: 'body', codec: {name: 'zlib', inner: binary, bytesMax: 1e6}}]};

describe('paths that a codec cannot have', () => {
  it.each([
    ['/acount', binary, true], ['/account', binary, false], ['/$$px', binary, false], ['/$px', binary, true], ['/*', binary, false], ['/**/x', binary, false], ['/account', delimited(['account']), false],
    ['/0/account', delimited(['account']), false], ['/0/acount', delimited(['account']), true], ['/448', delimited(null), false], ['/x', {name: 'text'}, true], ['/**', {name: 'text'}, false], ['/$bytes', {name: 'raw'}, false],
    ['/topic', named, false], ['/body/account', named, false], ['/body/acount', named, true], ['/boddy', named, true], ['frame:1', named, false], ['frame:2', named, true], ['/anything', {name: 'pickle', keys: 'strict'}, false],
  ] as const)('%s', (path, spec, is) => {
    expect(unreachable(path, spec as CodecSpec)).toBe(is);
  });

  it('end a command before anything is captured', async () => {
    const bench = new BenchFolder();
    try {
      const file = bench.migration({edit: (text) => text.replace('python, sub}', 'binary, python, sub, u8}').replace('  match:', "  codec: binary([u8('account')]),\n  redact: ['/acount'],\n  match:")});
      const {config} = await loadConfig(file);
      expect(() => redactPlanOf(config, 'here')).toThrow(expect.objectContaining({detail: expect.objectContaining({id: 'TDM-E110', what: 'redact names /acount, which these payloads cannot have'}) as unknown}));
    } finally {
      bench.remove();
    }
  });
});
