import {JsonNumber, type JsonObject, type JsonValue} from './json/strict-json.ts';
import {nearestName} from './nearest-name.ts';

/** What is wrong with a rulebook and where. */
export class RulebookError extends Error {
  /** path of the key, like `accounts[2].selfTrade` */
  declare readonly path: string;
  declare readonly seen: string;
  /** the closest thing that would be right, if any */
  declare readonly nearest: string | null;

  constructor(path: string, what: string, more: {seen?: string; nearest?: string | null} = {}) {
    super(`${path}: ${what}`);
    this.name = 'RulebookError';
    this.path = path;
    this.seen = more.seen ?? '';
    this.nearest = more.nearest ?? null;
  }
}

const DECIMAL = /^(?:0|[1-9][0-9]{0,14})(?:\.[0-9]{1,9})?$/;
const NAME = /^[\x21\x23-\x5b\x5d-\x7e]{1,36}$/;

const show = (value: JsonValue): string => {
  if (value instanceof JsonNumber) return value.text.slice(0, 40);
  if (typeof value === 'string') return JSON.stringify(value.slice(0, 40));
  if (value instanceof Map) return 'an object';
  return Array.isArray(value) ? 'an array' : String(value);
};

/** A decimal text: digits as one integer, and how many stand behind the point. */
export interface Decimal {
  readonly digits: bigint;
  readonly decimals: number;
}

/** One object of the rulebook with its path: every key is read once, by type, or refused with the key's path. */
export class RulebookSection {
  declare readonly path: string;
  private declare readonly members: JsonObject;

  constructor(value: JsonValue, path: string, keys: readonly string[]) {
    if (!(value instanceof Map)) throw new RulebookError(path === '' ? '(the whole file)' : path, 'is not an object', {seen: show(value)});
    this.path = path;
    this.members = value as JsonObject;
    for (const key of this.members.keys()) {
      if (!keys.includes(key)) throw new RulebookError(this.at(JSON.stringify(key.slice(0, 64)).slice(1, -1)), 'unknown key', {nearest: nearestName(key, keys)});
    }
    for (const key of keys) {
      if (!this.members.has(key)) throw new RulebookError(this.at(key), 'missing');
    }
  }

  at(key: string): string {
    return this.path === '' ? key : `${this.path}.${key}`;
  }

  private wrong(key: string, what: string): RulebookError {
    return new RulebookError(this.at(key), what, {seen: show(this.members.get(key)!)});
  }

  value(key: string): JsonValue {
    return this.members.get(key)!;
  }

  list(key: string): readonly JsonValue[] {
    const value = this.value(key);
    if (!Array.isArray(value)) throw this.wrong(key, 'is not an array');
    return value as readonly JsonValue[];
  }

  text(key: string): string {
    const value = this.value(key);
    if (typeof value !== 'string') throw this.wrong(key, 'is not a text');
    return value;
  }

  name(key: string): string {
    const text = this.text(key);
    if (!NAME.test(text)) throw this.wrong(key, 'is not a name (1 to 36 printable ASCII characters without quote, backslash or space)');
    return text;
  }

  choice<C extends string>(key: string, choices: readonly C[]): C {
    const text = this.text(key);
    const found = choices.find((choice) => choice === text);
    if (found === undefined) throw new RulebookError(this.at(key), `is none of ${choices.join(', ')}`, {seen: show(text), nearest: nearestName(text, choices)});
    return found;
  }

  flag(key: string): boolean {
    const value = this.value(key);
    if (typeof value !== 'boolean') throw this.wrong(key, 'is neither true nor false');
    return value;
  }

  integer(key: string, min: number, max: number): number {
    const value = this.value(key);
    if (!(value instanceof JsonNumber) || !/^(?:0|[1-9][0-9]{0,15})$/.test(value.text)) throw this.wrong(key, 'is not an integer');
    const number = Number(value.text);
    if (number < min || number > max) throw this.wrong(key, `is not in ${min}..${max}`);
    return number;
  }

  decimal(key: string): Decimal {
    const value = this.value(key);
    if (typeof value !== 'string' || !DECIMAL.test(value)) throw this.wrong(key, 'is not a decimal text');
    const point = value.indexOf('.');
    return {digits: BigInt(value.replace('.', '')), decimals: point < 0 ? 0 : value.length - point - 1};
  }

  /** The decimal as an integer of 10^-decimals, which must be exact and below 2^52. */
  scaled(key: string, decimals: number): number {
    const {digits, decimals: written} = this.decimal(key);
    const scaled = written <= decimals ? digits * 10n ** BigInt(decimals - written) : digits / 10n ** BigInt(written - decimals);
    if (written > decimals && scaled * 10n ** BigInt(written - decimals) !== digits) throw this.wrong(key, `has more than ${decimals} decimals`);
    if (scaled >= 2n ** 52n) throw this.wrong(key, `is not below 2^52 in units of 10^-${decimals}`);
    return Number(scaled);
  }
}
