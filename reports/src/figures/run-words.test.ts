import {expect, it} from 'vitest';
import {carriedWords, explainWords} from './run-words.ts';

it('carries the migration file of a run into the commands about it', () => {
  expect(carriedWords({command: ['tandem', 'replay', 'x', '-c', 'a b.ts', '--runs', '/r']})).toEqual(['-c', 'a b.ts', '--runs', '/r']);
  expect(carriedWords({command: ['tandem', 'replay', '--config=a=b.ts', '--seed=3']})).toEqual(['-c', 'a=b.ts']);
  expect(carriedWords({command: ['tandem', 'demo', '-c']})).toEqual([]);
});

it('explains by the fingerprint what names no cause', () => {
  const manifest = {runId: 'r1', command: ['tandem', 'demo']};
  expect(explainWords(manifest, {cause: '42'}, {fingerprint: 'abc'})).toEqual(['tandem', 'explain', '42', '--run', 'r1']);
  expect(explainWords(manifest, {cause: ''}, {fingerprint: 'abc'})).toEqual(['tandem', 'explain', 'abc', '--run', 'r1']);
});
