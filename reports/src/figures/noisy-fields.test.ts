import {readFileSync} from 'node:fs';
import {join} from 'node:path';
import {afterAll, describe, expect, it} from 'vitest';
import {removeTemporaryRuns, rewrite, temporaryRun} from '../../test/temporary-run.ts';
import {renderReport} from '../render-report.ts';
import {readRun} from '../read-run.ts';
import {noisyFields} from './noisy-fields.ts';

afterAll(removeTemporaryRuns);

const counts = (path: string, onlyCandidate: number, onlyTwin: number, both: number) => ({outputKind: '8', path, compared: 20_000, onlyCandidate, onlyTwin, both, unpaired: 0});

describe('fields that the legacy does not repeat', () => {
  const folder = temporaryRun();
  const evidence = JSON.parse(readFileSync(join(folder, 'evidence.json'), 'utf8')) as object;
  rewrite(folder, 'evidence.json', JSON.stringify({...evidence, paired: [counts('/clean', 7, 0, 0), counts('/rare<b>', 3, 4, 0), counts('/often', 900, 880, 100)]}));
  const text = (format: 'html' | 'text'): string => new TextDecoder().decode(renderReport(folder, {format}).bytes);

  it('are those in which the twin differs, noisiest first', () => {
    expect(noisyFields(readRun(folder).evidence).map(({path}) => path)).toEqual(['/often', '/rare<b>']);
  });
  it('stand in the report and in the terminal with their counts', () => {
    expect(text('html')).toMatch(/What the legacy itself does not repeat[\s\S]*\/often of kind 8<\/code>[\s\S]*>900<[\s\S]*>880<[\s\S]*>100</u);
    expect(text('html')).not.toContain('/rare<b>');
    expect(text('text')).toContain('noisy    /often of kind 8: only the candidate differs 900 x, only the twin 880 x, both 100 x in 20,000');
  });
});
