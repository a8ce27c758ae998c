import {mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterAll, expect, it} from 'vitest';
import {tandem} from '../bad-input/fixtures/tandem-process.ts';

const folder = mkdtempSync(join(tmpdir(), 'tandem door '));
afterAll(() => { rmSync(folder, {recursive: true, force: true}); });

it('reads a migration of another folder, which has no package of ours beside it, and every builder that it names', async () => {
  writeFileSync(join(folder, 'tandem.config.ts'), `import {dealer, defineMigration, epsilon, node, pull, push, rep, req, router, sub} from '@tandem/cli';
void [dealer, pull, push, rep, req, router];
export default defineMigration({
  name: 'risk', input: {requests: sub('tcp://127.0.0.1:5602')}, legacy: node('risk.mjs'), candidate: node('risk.mjs'),
  match: {by: {input: '/correlation_id', output: '/reply_to'}, partition: '/desk'},
  compare: {'/price': epsilon({absolute: 1e-7, relative: 1e-9})},
  canary: {stages: ['100%'], bake: '1s', minMessages: 1},
});
`);
  writeFileSync(join(folder, 'risk.mjs'), '');
  const {code, err, json} = await tandem(['canary', 'plan', '-c', 'tandem.config.ts', '--json'], {cwd: folder});
  // everything was understood but that ids which are no numbers allow no canary
  expect(json().error, err).toMatchObject({id: 'TDM-E120', where: 'tandem.config.ts', seen: expect.stringContaining('/correlation_id') as string});
  expect(code).toBe(2);
});
