import {expect, test} from 'vitest';
import {likelyCause, StderrTail, visibleText} from './stderr-tail.ts';

const tailOf = (...chunks: (string | Uint8Array)[]): readonly string[] => {
  const tail = new StderrTail();
  for (const chunk of chunks) tail.push(typeof chunk === 'string' ? Buffer.from(chunk) : chunk);
  return tail.lines();
};

test('joins lines over chunks, also in the middle of a character', () => {
  const bytes = Buffer.from('grün\nzwei\r\nrest');
  for (let cut = 0; cut <= bytes.length; cut++) expect(tailOf(bytes.subarray(0, cut), bytes.subarray(cut))).toEqual(['grün', 'zwei', 'rest']);
});

test('keeps the last 50 lines and 400 characters a line, whatever comes', () => {
  const tail = new StderrTail();
  for (let line = 0; line < 1000; line++) tail.push(Buffer.from(`${line}\n`));
  expect(tail.lines()).toHaveLength(50);
  expect(tail.lines().at(-1)).toBe('999');
  for (let chunk = 0; chunk < 100; chunk++) tail.push(Buffer.alloc(100_000, 0x61));
  expect(tail.lines().at(-1)).toBe(`${'a'.repeat(400)} …`);
  expect(tail.bytes).toBeGreaterThan(10_000_000);
});

test('control characters and direction marks are shown, never passed on', () => {
  expect(visibleText('\u001b]52;c;aGk=\u0007 \u009b31m a\u202eb \u0000\tx\r')).toBe('\\x1b]52;c;aGk=\\x07 \\x9b31m a\\x202eb \\x00\tx');
  expect(tailOf(Buffer.from([0xff, 0xfe, 0x0a]))).toEqual(['\ufffd\ufffd']);
});

test('names the error of the last traceback', () => {
  expect(likelyCause(['Traceback (most recent call last):', '  File "a.py", line 1, in <module>', 'KeyError: 1', 'Traceback (most recent call last):',
    '  File "b.py", line 2, in <module>', '    import zmq', "ModuleNotFoundError: No module named 'zmq'", 'Exception ignored in: x'])).toBe("ModuleNotFoundError: No module named 'zmq'");
  expect(likelyCause(['node:internal/x', 'TypeError: x is not a function', '    at f (a.ts:1:1)', '', 'Node.js v26.10.0'])).toBe('TypeError: x is not a function');
  expect(likelyCause(['starting', 'Killed'])).toBe('Killed');
  expect(likelyCause([])).toBeUndefined();
});
