/** Why bytes are not an acceptable JSON text. */
export type JsonFaultKind =
  | 'empty' | 'message-size' | 'utf-8' | 'byte-order-mark' | 'depth' | 'keys' | 'string-size' | 'duplicate-key'
  | 'lone-surrogate' | 'control-character' | 'escape' | 'number' | 'literal' | 'syntax' | 'truncated' | 'trailing';

/** A decoder's only failure. `at` counts UTF-16 units of the decoded text, or bytes when the text could not be decoded. */
export interface JsonFault {
  readonly kind: JsonFaultKind;
  readonly at: number;
}

const SAID: Readonly<Record<JsonFaultKind, string>> = {
  'empty': 'no value',
  'message-size': 'message longer than the limit',
  'utf-8': 'not UTF-8',
  'byte-order-mark': 'starts with a byte order mark',
  'depth': 'nested deeper than the limit',
  'keys': 'more keys in one object than the limit',
  'string-size': 'string longer than the limit',
  'duplicate-key': 'a key twice in one object',
  'lone-surrogate': 'half of a surrogate pair',
  'control-character': 'control character in a string',
  'escape': 'unknown escape in a string',
  'number': 'not a JSON number',
  'literal': 'unknown literal',
  'syntax': 'unexpected character',
  'truncated': 'ends in the middle of a value',
  'trailing': 'bytes after the value',
};

/** One phrase for a person, e.g. `a key twice in one object at 17`. */
export function describeFault(fault: JsonFault): string {
  return `${SAID[fault.kind]} at ${String(fault.at)}`;
}
