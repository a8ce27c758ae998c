import type {KeyShape} from './key-shape.ts';

/** A number as it was written. `NaN`, `Infinity` and `-Infinity` are Python's additions and are marked `special`. */
export class JsonNumber {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
  get special(): boolean {
    const last = this.text.charCodeAt(this.text.length - 1);
    return last === 0x4e || last === 0x79;
  }
}

/** A string whose source had escapes; a string without any is a plain string. */
export class EscapedString {
  readonly value: string;
  /** the source between the quotes */
  readonly text: string;
  constructor(value: string, text: string) {
    this.value = value;
    this.text = text;
  }
}

/** An object as written: keys in order, each once. Not a JavaScript object, so no key can mean anything. */
export class JsonObject {
  /** the same instance in two objects of one decoder means: the same keys in the same order */
  shape: KeyShape;
  readonly values: JsonValue[] = [];
  /** keys beyond what a shape may hold, null for ordinary objects */
  loose: Map<string, number> | null = null;
  constructor(shape: KeyShape) {
    this.shape = shape;
  }
  get size(): number {
    return this.values.length;
  }
  keys(): readonly string[] {
    return this.loose === null ? this.shape.keys() : [...this.loose.keys()];
  }
  get(key: string): JsonValue | undefined {
    const index = this.loose === null ? this.shape.indexOf(key) : (this.loose.get(key) ?? -1);
    return index < 0 ? undefined : this.values[index];
  }
}

export type JsonValue = null | boolean | string | EscapedString | JsonNumber | JsonObject | readonly JsonValue[];

/** A decoded message. */
export interface DecodedJson {
  readonly root: JsonValue;
  /** white space between tokens */
  readonly whitespaceChars: number;
  /** keys whose source had escapes */
  readonly escapedKeys: number;
}

export type JsonKind = 'null' | 'boolean' | 'string' | 'number' | 'object' | 'array';

export function kindOf(value: JsonValue): JsonKind {
  if (value === null) return 'null';
  if (typeof value === 'string' || value instanceof EscapedString) return 'string';
  if (value instanceof JsonNumber) return 'number';
  if (typeof value === 'boolean') return 'boolean';
  return value instanceof JsonObject ? 'object' : 'array';
}

/** The string that a string node means, null for any other node. */
export function stringOf(value: JsonValue | undefined): string | null {
  if (typeof value === 'string') return value;
  return value instanceof EscapedString ? value.value : null;
}
