import {runInNewContext, Script} from 'node:vm';
import {describe, expect, it} from 'vitest';
import {HOSTILE_STRINGS} from '../../../test/hostile-strings.ts';
import {encodeCsvCell} from '../../encode/csv.ts';
import {PAGE_SCRIPT} from './page-script.ts';

/** One constant of the page script, alone. */
const fromPage = (name: string, until: string): unknown => {
  const start = PAGE_SCRIPT.indexOf(`const ${name} =`);
  const end = PAGE_SCRIPT.indexOf(until, start);
  return runInNewContext(`${PAGE_SCRIPT.slice(start, end)};${name}`);
};

describe('the script of the page', () => {
  it('is a program', () => expect(() => new Script(PAGE_SCRIPT)).not.toThrow());
  it('writes no markup, evaluates nothing and asks nobody', () => {
    expect(PAGE_SCRIPT).not.toMatch(/innerHTML|outerHTML|insertAdjacent|document\.write|\beval\b|new Function|fetch\(|XMLHttpRequest|WebSocket|sendBeacon|import\(|https?:|\.style\b/);
  });
  it('cannot end its own element', () => expect(PAGE_SCRIPT).not.toMatch(/<\/script|<!--/i));
  it('guards CSV cells exactly as the encoder does', () => {
    const csvCell = fromPage('csvCell', 'const csv =') as (value: string) => string;
    const differing = HOSTILE_STRINGS.filter((text) => csvCell(text) !== encodeCsvCell(text));
    expect(differing).toEqual([]);
    expect(csvCell('-1.5')).toBe('-1.5');
  });
});
