import {looksLikeCredential} from './credentials.ts';
import type {PathNode, PathRules} from './path-rules.ts';
import type {TagMaker} from './tag-maker.ts';

const SCALAR = /"[^"\\\u0000-\u001f]*(?:\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})[^"\\\u0000-\u001f]*)*"|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][-+]?\d+)?|true|false|null|NaN|-?Infinity/y;
const DEPTH_MAX = 64;

/** Where the walk stands inside an open container. */
interface Level {
  readonly isObject: boolean;
  readonly node: PathNode;
  count: number;
}

/**
 * Rewrites the texts and numbers of one JSON document by their paths; everything else stays octet for octet. Null when the text is
 * no JSON within the limits: then nobody knows what stands in it.
 */
export function redactJson(text: string, rules: PathRules, tags: TagMaker): string | null {
  return new Walk(text, rules, tags).run();
}

class Walk {
  readonly #text: string;
  readonly #tags: TagMaker;
  readonly #levels: Level[] = [];
  /** the place of the value that comes next */
  #node: PathNode;
  #at = 0;
  /** up to here the text is in the result */
  #copied = 0;
  #result = '';

  constructor(text: string, rules: PathRules, tags: TagMaker) {
    this.#text = text;
    this.#node = rules.root;
    this.#tags = tags;
  }

  run(): string | null {
    this.#space();
    for (;;) {
      if (!this.#value()) return null;
      // close what ends here; the next value, if any, is a member of what stays open
      for (;;) {
        this.#space();
        const level = this.#levels.at(-1);
        if (level === undefined) return this.#at === this.#text.length ? this.#result + this.#text.slice(this.#copied) : null;
        const mark = this.#text[this.#at];
        if (mark === (level.isObject ? '}' : ']')) {
          this.#at += 1;
          this.#levels.pop();
          continue;
        }
        if (mark !== ',') return null;
        this.#at += 1;
        if (!this.#member(level)) return null;
        break;
      }
    }
  }

  /** Passes over one scalar, or opens containers down to the first scalar or empty container. */
  #value(): boolean {
    for (;;) {
      const mark = this.#text[this.#at];
      if (mark !== '{' && mark !== '[') return this.#scalar();
      if (this.#levels.length >= DEPTH_MAX) return false;
      const level: Level = {isObject: mark === '{', node: this.#node, count: 0};
      this.#levels.push(level);
      this.#at += 1;
      this.#space();
      if (this.#text[this.#at] === (level.isObject ? '}' : ']')) {
        this.#at += 1;
        this.#levels.pop();
        return true;
      }
      if (!this.#member(level)) return false;
    }
  }

  /** Comes to the value of the next member: its key or index is the last segment of the path. */
  #member(level: Level): boolean {
    this.#space();
    if (!level.isObject) {
      this.#node = level.node.element(level.count);
      level.count += 1;
      return true;
    }
    const start = this.#at;
    if (this.#text[start] !== '"' || !this.#token()) return false;
    const key = stringOf(this.#text.slice(start, this.#at));
    this.#node = level.node.member(key);
    if (looksLikeCredential(key)) this.#replace(start, JSON.stringify(this.#tags.tag('key', key)));
    this.#space();
    if (this.#text[this.#at] !== ':') return false;
    this.#at += 1;
    this.#space();
    return true;
  }

  #scalar(): boolean {
    const start = this.#at;
    if (!this.#token()) return false;
    const first = this.#text.charCodeAt(start);
    // true, false, null, NaN and Infinity say nothing about anybody
    if (first !== 0x22 && first !== 0x2d && !(first >= 0x30 && first <= 0x39)) return true;
    const source = this.#text.slice(start, this.#at);
    const canonical = first === 0x22 ? stringOf(source) : canonicalNumber(source);
    const {decision} = this.#node;
    if (decision !== null) this.#replace(start, JSON.stringify(this.#tags.tag(decision.group, canonical)));
    else if (first === 0x22 && looksLikeCredential(canonical)) this.#replace(start, JSON.stringify(this.#tags.tag('credential', canonical)));
    return true;
  }

  #replace(start: number, by: string): void {
    this.#result += this.#text.slice(this.#copied, start) + by;
    this.#copied = this.#at;
  }

  #token(): boolean {
    SCALAR.lastIndex = this.#at;
    if (!SCALAR.test(this.#text)) return false;
    this.#at = SCALAR.lastIndex;
    return true;
  }

  #space(): void {
    for (let code = this.#text.charCodeAt(this.#at); code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09; code = this.#text.charCodeAt(this.#at)) this.#at += 1;
  }
}

/** The value of a string token. */
function stringOf(token: string): string {
  return token.includes('\\') ? JSON.parse(token) as string : token.slice(1, -1);
}

/** One text for all ways to write a number, so that 1.50 and 1.5 have one tag; exponents stay cheap. */
function canonicalNumber(source: string): string {
  const match = /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([-+]?\d+))?$/u.exec(source);
  if (match === null) return source;
  const [, sign = '', whole = '', fraction = '', exponent = '0'] = match;
  const digits = (whole + fraction).replace(/^0+/u, '');
  const short = digits.replace(/0+$/u, '');
  if (short === '') return '0';
  const scale = Number(exponent) - fraction.length + (digits.length - short.length);
  if (scale > 30 || scale < -30) return `${sign}${short}e${scale}`;
  if (scale >= 0) return sign + short + '0'.repeat(scale);
  const padded = short.padStart(1 - scale, '0');
  return `${sign}${padded.slice(0, scale)}.${padded.slice(scale)}`;
}
