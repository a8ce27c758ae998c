const DEPTH_MAX = 64;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/** Deepest nesting of brackets outside strings; stops counting at `limit`. */
const nestingOf = (bytes: Uint8Array, limit: number): number => {
  let depth = 0;
  let deepest = 0;
  let inString = false;
  for (let at = 0; at < bytes.length && deepest <= limit; at++) {
    const byte = bytes[at];
    if (inString) {
      if (byte === BACKSLASH) at++;
      else if (byte === QUOTE) inString = false;
    } else if (byte === QUOTE) inString = true;
    else if (byte === 0x7b || byte === 0x5b) deepest = Math.max(deepest, ++depth);
    else if (byte === 0x7d || byte === 0x5d) depth--;
  }
  return deepest;
};

/** Parses UTF-8 JSON of at most 64 levels. Throws plain errors with one sentence. */
export const parseBoundedJson = (bytes: Uint8Array): unknown => {
  if (nestingOf(bytes, DEPTH_MAX) > DEPTH_MAX) throw new Error(`is nested deeper than ${DEPTH_MAX} levels`);
  let text: string;
  try {
    text = new TextDecoder('utf-8', {fatal: true}).decode(bytes);
  } catch {
    throw new Error('is not UTF-8');
  }
  try {
    return JSON.parse(text);
  } catch {
    throw new Error('is not complete JSON');
  }
};
