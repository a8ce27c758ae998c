import {createJsonDecoder} from './decode-json.ts';
import type {JsonDecoder} from './decode-json.ts';
import {FlatObjectScan} from './flat-object-scan.ts';
import type {JsonFault} from './json-fault.ts';
import {JSON_LIMITS} from './json-limits.ts';
import type {JsonLimits} from './json-limits.ts';
import {parsePointer, scalarText, valueAt} from './json-pointer.ts';
import type {JsonValue} from './json-value.ts';
import {TextCache} from './text-cache.ts';

/**
 * Reads a few scalars out of messages, by JSON pointer. A flat ASCII object costs one pass over its bytes at most; everything else is
 * decoded. `find` stops as soon as it has all of them; `check` reads to the end and says whether a decoder would accept the message.
 */
export class TopLevelScanner {
  /** why the last message is malformed, else null; what stood before the fault can still be asked for */
  fault: JsonFault | null = null;
  /** the last message was a flat object read in one pass: `members` and `shapeHash` hold */
  flat = false;
  readonly #pointers: readonly (readonly string[])[];
  readonly #scan: FlatObjectScan | null;
  readonly #decoder: JsonDecoder;
  readonly #cache = new TextCache();
  readonly #limits: JsonLimits;
  #bytes: Uint8Array = new Uint8Array(0);
  #root: JsonValue | undefined = undefined;

  /** Throws RangeError on a pointer that is none: the caller has checked its own configuration. */
  constructor(pointers: readonly string[], limits: JsonLimits = JSON_LIMITS) {
    this.#pointers = pointers.map((pointer) => {
      const segments = parsePointer(pointer);
      if (segments === null) throw new RangeError(`not a JSON pointer: ${pointer}`);
      return segments;
    });
    this.#scan = this.#pointers.every((segments) => segments.length === 1)
      ? new FlatObjectScan(this.#pointers.map((segments) => segments[0] as string))
      : null;
    this.#limits = limits;
    this.#decoder = createJsonDecoder(limits);
  }

  get members(): number {
    return this.#scan?.members ?? 0;
  }

  get shapeHash(): number {
    return this.#scan?.shapeHash ?? 0;
  }

  /** The tree of the last message that was not `flat`. */
  get root(): JsonValue | undefined {
    return this.#root;
  }

  /** The tree of any message; undefined when it is malformed. */
  decode(bytes: Uint8Array): JsonValue | undefined {
    const result = this.#decoder.decode(bytes);
    return result.ok ? result.json.root : undefined;
  }

  /** Reads one message; true when it is well formed. The answers below are about this message until the next one. */
  check(bytes: Uint8Array): boolean {
    return this.#read(bytes, false);
  }

  /** Reads one message as far as needed; false when it is malformed up to there. */
  find(bytes: Uint8Array): boolean {
    return this.#read(bytes, true);
  }

  /** Text of the value at pointer number `index`: strings decoded, numbers as written; null for null, absent and containers. */
  text(index: number): string | null {
    if (!this.flat || this.#scan === null) return scalarText(valueAt(this.#root, this.#pointers[index] as readonly string[]));
    const from = this.#scan.starts[index] as number;
    if (from < 0) return null;
    const text = this.#cache.text(this.#bytes, from, this.#scan.ends[index] as number);
    return text === 'null' && this.#scan.isString[index] === 0 ? null : text;
  }

  /** The value as an integer 0..2^53-1, also when it is such an integer as a string; -1 for everything else. */
  integer(index: number): number {
    if (!this.flat || this.#scan === null) return integerOf(scalarText(valueAt(this.#root, this.#pointers[index] as readonly string[])));
    const from = this.#scan.starts[index] as number;
    const to = this.#scan.ends[index] as number;
    if (from < 0 || to === from || to - from > 15) return to - from === 16 ? integerOf(this.text(index)) : -1;
    let value = 0;
    for (let at = from; at < to; at += 1) {
      const digit = (this.#bytes[at] as number) - 0x30;
      if (digit < 0 || digit > 9) return -1;
      value = value * 10 + digit;
    }
    return value;
  }

  #read(bytes: Uint8Array, untilFound: boolean): boolean {
    this.fault = null;
    this.#bytes = bytes;
    this.flat = this.#scan !== null && bytes.length <= this.#limits.messageBytesMax && this.#scan.scan(bytes, untilFound);
    if (this.flat) return true;
    const result = this.#decoder.decode(bytes);
    this.#root = result.ok ? result.json.root : result.partial;
    if (!result.ok) this.fault = result.fault;
    return result.ok;
  }
}

/** One-off form, message checked to its end: the texts at the pointers, or null when the message is malformed. */
export function scanTopLevel(bytes: Uint8Array, pointers: readonly string[]): readonly (string | null)[] | null {
  const scanner = new TopLevelScanner(pointers);
  return scanner.check(bytes) ? pointers.map((_, index) => scanner.text(index)) : null;
}

/** A decimal integer 0..2^53-1 without sign, -1 for any other text. */
export function integerOf(text: string | null): number {
  if (text === null || !/^\d{1,16}$/u.test(text)) return -1;
  const value = Number(text);
  return Number.isSafeInteger(value) ? value : -1;
}
