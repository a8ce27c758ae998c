import type {JsonFault} from './json-fault.ts';
import {JSON_LIMITS} from './json-limits.ts';
import type {JsonLimits} from './json-limits.ts';
import {EscapedString, JsonObject} from './json-value.ts';
import type {DecodedJson, JsonValue} from './json-value.ts';
import {KeyShape} from './key-shape.ts';
import {readNumber, readWord} from './read-number.ts';
import {readString} from './read-string.ts';
import {TextReader} from './text-reader.ts';

/** A message, or the reason why it is malformed together with what had been read until then. */
export type DecodeResult =
  | {readonly ok: true; readonly json: DecodedJson}
  | {readonly ok: false; readonly fault: JsonFault; readonly partial: JsonValue | undefined};

/**
 * Decodes messages of one stream. Numbers keep their text; duplicate keys, invalid UTF-8, lone surrogates and whatever exceeds the
 * limits are faults; nothing is thrown, whatever the bytes. Iterative. Keeps the key sequences that it has seen (bounded).
 */
export interface JsonDecoder {
  decode(bytes: Uint8Array): DecodeResult;
}

export function createJsonDecoder(limits: JsonLimits = JSON_LIMITS): JsonDecoder {
  const utf8 = new TextDecoder('utf-8', {fatal: true, ignoreBOM: true});
  const rootShape = new KeyShape(null, '');
  return {
    decode: (bytes) => {
      if (bytes.length > limits.messageBytesMax) return refused({kind: 'message-size', at: bytes.length});
      let text;
      try {
        text = utf8.decode(bytes);
      } catch {
        return refused({kind: 'utf-8', at: 0});
      }
      return decodeText(new TextReader(text, limits), rootShape);
    },
  };
}

/** Decodes a single message; for a stream of them keep a decoder. */
export function decodeJson(bytes: Uint8Array, limits: JsonLimits = JSON_LIMITS): DecodeResult {
  return createJsonDecoder(limits).decode(bytes);
}

function refused(fault: JsonFault, partial?: JsonValue): DecodeResult {
  return {ok: false, fault, partial};
}

type Container = JsonObject | JsonValue[];

function decodeText(reader: TextReader, rootShape: KeyShape): DecodeResult {
  if (reader.text.charCodeAt(0) === 0xfeff) return refused({kind: 'byte-order-mark', at: 0});
  reader.skipSpace();
  if (reader.at >= reader.text.length) return refused({kind: 'empty', at: reader.at});
  const root = readValue(reader, rootShape);
  if (root === undefined) return refused(reader.fault ?? {kind: 'syntax', at: reader.at});
  if (typeof root === 'object' && root !== null && isContainer(root)) readNested(reader, root, rootShape);
  if (reader.fault === null) {
    reader.skipSpace();
    if (reader.at < reader.text.length) reader.fail('trailing');
  }
  if (reader.fault !== null) return refused(reader.fault, root);
  return {ok: true, json: {root, whitespaceChars: reader.whitespaceChars, escapedKeys: reader.escapedKeys}};
}

/** Fills the root container and everything in it; the stack is ours, so depth cannot overflow anything. */
function readNested(reader: TextReader, root: Container, rootShape: KeyShape): void {
  const stack: Container[] = [];
  let current: Container = root;
  let first = true;
  for (;;) {
    const step = nextMember(reader, current, first);
    if (step === 'fault') return;
    if (step === 'closed') {
      const outer = stack.pop();
      if (outer === undefined) return;
      current = outer;
      first = false;
      continue;
    }
    const value = readValue(reader, rootShape);
    if (value === undefined) return;
    if (current instanceof JsonObject) current.values.push(value);
    else current.push(value);
    first = false;
    if (typeof value !== 'object' || value === null || !isContainer(value)) continue;
    stack.push(current);
    if (stack.length >= reader.limits.depthMax) {
      reader.fail('depth', reader.at - 1);
      return;
    }
    current = value;
    first = true;
  }
}

/** Moves to the next value of the container (past comma and key), or past its end. */
function nextMember(reader: TextReader, current: Container, first: boolean): 'value' | 'closed' | 'fault' {
  const isObject = current instanceof JsonObject;
  reader.skipSpace();
  const code = reader.text.charCodeAt(reader.at);
  if (code === (isObject ? 0x7d : 0x5d)) {
    reader.at += 1;
    return 'closed';
  }
  if (!first) {
    if (code !== 0x2c) return fault(reader);
    reader.at += 1;
    reader.skipSpace();
  }
  return isObject ? readKey(reader, current) : 'value';
}

function readKey(reader: TextReader, object: JsonObject): 'value' | 'fault' {
  const {text} = reader;
  if (text.charCodeAt(reader.at) !== 0x22) return fault(reader);
  const keyAt = reader.at;
  if (object.values.length >= reader.limits.keysMax) {
    reader.fail('keys');
    return 'fault';
  }
  reader.at += 1;
  const {shape} = object;
  if (object.loose === null && shape.hint !== null && text.startsWith(shape.hintText, reader.at)) {
    reader.at += shape.hintText.length;
    object.shape = shape.hint;
  } else if (!addKey(reader, object, keyAt)) return 'fault';
  reader.skipSpace();
  if (text.charCodeAt(reader.at) !== 0x3a) return fault(reader);
  reader.at += 1;
  return 'value';
}

/** The first time that this key follows those before it, or an object with too many keys to share a shape. */
function addKey(reader: TextReader, object: JsonObject, keyAt: number): boolean {
  const token = readString(reader);
  if (token === undefined) return false;
  const escaped = token instanceof EscapedString;
  const key = escaped ? token.value : token;
  if (escaped) reader.escapedKeys += 1;
  if (object.loose === null) {
    const next = object.shape.child(key, !escaped);
    if (next === 'duplicate') return reader.fail('duplicate-key', keyAt) ?? false;
    if (next !== null) {
      object.shape = next;
      return true;
    }
    object.loose = new Map(object.shape.keys().map((name, index) => [name, index]));
  }
  if (object.loose.has(key)) return reader.fail('duplicate-key', keyAt) ?? false;
  object.loose.set(key, object.loose.size);
  return true;
}

/** A scalar, or an empty container whose members come next. */
function readValue(reader: TextReader, rootShape: KeyShape): JsonValue | undefined {
  reader.skipSpace();
  const code = reader.text.charCodeAt(reader.at);
  switch (code) {
    case 0x22: reader.at += 1; return readString(reader);
    case 0x7b: reader.at += 1; return new JsonObject(rootShape);
    case 0x5b: reader.at += 1; return [];
    case 0x74: return readLiteral(reader, 'true', true);
    case 0x66: return readLiteral(reader, 'false', false);
    case 0x6e: return readLiteral(reader, 'null', null);
    case 0x4e: return readWord(reader, 'NaN');
    case 0x49: return readWord(reader, 'Infinity');
    default: return code === 0x2d || (code >= 0x30 && code <= 0x39) ? readNumber(reader) : reader.fail('syntax');
  }
}

function readLiteral<Value extends boolean | null>(reader: TextReader, word: string, value: Value): Value | undefined {
  if (!reader.text.startsWith(word, reader.at)) {
    const cut = word.startsWith(reader.text.slice(reader.at));
    return reader.fail('literal', cut ? reader.text.length : reader.at);
  }
  reader.at += word.length;
  return value;
}

function isContainer(value: object): value is Container {
  return value instanceof JsonObject || Array.isArray(value);
}

function fault(reader: TextReader): 'fault' {
  reader.fail('syntax');
  return 'fault';
}

