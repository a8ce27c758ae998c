import {CodecError} from './codec-error.ts';
import {TEXT_LIMITS} from './json-text.ts';

const SCALAR = /"[^"\\\u0000-\u001f]*(?:\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})[^"\\\u0000-\u001f]*)*"|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][-+]?\d+)?|true|false|null|NaN|-?Infinity/y;

/**
 * Proves that a text is one JSON value (with Python's NaN and Infinity), so that it can stand inside another without changing what is
 * around it. Iterative; throws CodecError.
 */
export function checkJson(text: string): void {
  /** what closes each open container */
  const open: string[] = [];
  let at = skipSpace(text, 0);
  for (;;) {
    const mark = text[at];
    if (mark === '{' || mark === '[') {
      if (open.length >= TEXT_LIMITS.depthMax) throw new CodecError('depth', at);
      open.push(mark === '{' ? '}' : ']');
      at = skipSpace(text, at + 1);
      if (text[at] !== open.at(-1)) {
        if (mark === '{') at = skipKey(text, at);
        continue;
      }
    } else at = skipSpace(text, skipScalar(text, at));
    at = closeAll(text, at, open);
    if (open.length === 0) break;
    if (text[at] !== ',') throw new CodecError('json', at);
    at = skipSpace(text, at + 1);
    if (open.at(-1) === '}') at = skipKey(text, at);
  }
  if (at < text.length) throw new CodecError('trailing', at);
}

/** Passes over everything that closes here. */
function closeAll(text: string, from: number, open: string[]): number {
  let at = from;
  while (open.length > 0 && text[at] === open.at(-1)) {
    open.pop();
    at = skipSpace(text, at + 1);
  }
  return at;
}

function skipKey(text: string, at: number): number {
  if (text[at] !== '"') throw new CodecError('json', at);
  const colon = skipSpace(text, skipScalar(text, at));
  if (text[colon] !== ':') throw new CodecError('json', colon);
  return skipSpace(text, colon + 1);
}

function skipScalar(text: string, at: number): number {
  SCALAR.lastIndex = at;
  if (!SCALAR.test(text)) throw new CodecError(at >= text.length ? 'truncated' : 'json', at);
  return SCALAR.lastIndex;
}

function skipSpace(text: string, at: number): number {
  let end = at;
  for (let code = text.charCodeAt(end); code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09; code = text.charCodeAt(end)) end += 1;
  return end;
}
