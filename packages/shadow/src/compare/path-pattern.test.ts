import {describe, expect, test} from 'vitest';
import {matchesPath, moreSpecific, parsePattern} from './path-pattern.ts';
import type {PathPattern} from './path-pattern.ts';

const pattern = (path: string): PathPattern => parsePattern(path) as PathPattern;
const segments = (path: string): string[] => (path === '' ? [] : path.slice(1).split('/'));

describe('patterns', () => {
  test.each([
    ['/a', '/a', true], ['/a', '/b', false], ['/a', '', false], ['/a', '/a/b', false], ['', '', true], ['', '/a', false],
    ['/*', '/a', true], ['/*', '', false], ['/*', '/a/b', false], ['/a/*/c', '/a/0/c', true], ['/a/*/c', '/a/0/d', false], ['/a/*/c', '/a/c', false],
    ['/**', '', true], ['/**', '/a', true], ['/**', '/a/b/c', true], ['/**/c', '/c', true], ['/**/c', '/a/b/c', true], ['/**/c', '/a/b/d', false], ['/**/c', '/c/d', false],
    ['/a/**', '/a', true], ['/a/**', '/a/b/c', true], ['/a/**', '/b', false], ['/a/**/z', '/a/z', true], ['/a/**/z', '/a/x/y/z', true], ['/a/**/z', '/a/z/y', false],
    ['/**/**/b', '/b', true], ['/**/x/**', '/a/x', true], ['/**/x/**', '/a/x/b/c', true], ['/**/x/**', '/a/y', false], ['/**/*', '', false], ['/**/*', '/a', true], ['/*/**', '/a', true],
  ])('%j on %j: %s', (path, on, covered) => {
    expect(matchesPath(pattern(path), segments(on))).toBe(covered);
  });

  test('many stars on a long path are no work', () => {
    const started = '/**/a'.repeat(60);
    expect(matchesPath(pattern(started), segments('/a'.repeat(2000)))).toBe(true);
    expect(matchesPath(pattern(`${started}/b`), segments('/a'.repeat(2000)))).toBe(false);
  });

  test('names beat stars, one star beats any number of them', () => {
    const ordered = ['/**', '/*', '/**/b', '/a/**', '/*/b', '/a/b'];
    for (const [low, high] of [['/**', '/*'], ['/**', '/**/b'], ['/*', '/**/b'], ['/**/b', '/*/b'], ['/a/**', '/a/*'], ['/*/b', '/a/b']] as const) {
      expect(moreSpecific(pattern(high), pattern(low)), `${high} over ${low}`).toBeGreaterThan(0);
      expect(moreSpecific(pattern(low), pattern(high))).toBeLessThan(0);
    }
    expect(ordered.map(pattern).toSorted(moreSpecific)).toHaveLength(6);
  });

  test('what is no pointer is no pattern', () => {
    expect([parsePattern('price'), parsePattern('/a~2')]).toEqual([null, null]);
  });
});
