import {realpathSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {expect, it} from 'vitest';
import {processState, traces} from './leave-no-trace.ts';

it('a folder or a variable that stays changed is named', () => {
  const before = processState();
  const folder = process.cwd(), other = realpathSync(tmpdir());
  process.chdir(other);
  process.env['TANDEM_LEFT'] = 'behind';
  const left = traces(before, processState());
  process.chdir(folder);
  delete process.env['TANDEM_LEFT'];
  expect(left).toEqual([`+ folder=${other}`, '+ TANDEM_LEFT=behind', `- folder=${folder}`]);
  expect(traces(before, processState())).toEqual([]);
});
