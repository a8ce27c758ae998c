import fc from 'fast-check';
import {describe, expect, it} from 'vitest';
import {brokenJsonLine, importLine} from './locate-error.ts';

describe('the line of an error in a migration file', () => {
  it('finds where JSON stops being JSON, also where the runtime names no position', () => {
    expect(brokenJsonLine('{"name": "x",\n "input": }')).toBe(2);
    expect(brokenJsonLine('{\n  "name": "x",\n  oops\n}')).toBe(3);
    expect(brokenJsonLine('{"a": 1}\n\n x')).toBe(3);
    expect(brokenJsonLine('{"a": [1,\n2')).toBe(2);
    expect(brokenJsonLine('{"a": 1,}')).toBe(1);
  });
  it('finds a letter that was put anywhere between values', () => {
    fc.assert(fc.property(fc.array(fc.jsonValue({maxDepth: 2}), {minLength: 1, maxLength: 20}), fc.nat(), (numbers, pick) => {
      const lines = JSON.stringify(numbers, null, 1).split('\n');
      const at = 1 + (pick % (lines.length - 2));
      lines[at] = `q${lines[at] ?? ''}`;
      expect(brokenJsonLine(lines.join('\n'))).toBe(at + 1);
    }), {seed: 20261120});
  });
  it('finds the import of a module that is not there', () => {
    expect(importLine("// first\nimport {x} from './indx.ts';\n", "Cannot find module '/a/b/indx.ts' imported from /a/c.ts")).toBe(2);
    expect(importLine('nothing', 'Cannot find the way')).toBeNull();
  });
});
