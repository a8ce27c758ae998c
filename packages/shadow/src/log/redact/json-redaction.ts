import type {Hiding, HidingPlace} from '@tandem/contract';

const SCALAR = /"[^"\\\u0000-\u001f]*(?:\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})[^"\\\u0000-\u001f]*)*"|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][-+]?\d+)?|true|false|null|NaN|-?Infinity/y;
const DEPTH_MAX = 64;

/** Where the walk stands inside an open container. */
interface Level {
  readonly isObject: boolean;
  readonly node: HidingPlace;
  count: number;
}

/** What decides about the values of a document. */
export type JsonHiding = Pick<Hiding, 'text' | 'number' | 'key'>;

/**
 * Rewrites the texts and numbers of one JSON document by their paths; everything else stays octet for octet. Null when the text is
 * no JSON within the limits: then nobody knows what stands in it.
 */
export function redactJson(text: string, place: HidingPlace, hiding: JsonHiding): string | null {
  return new Walk(text, place, hiding).run();
}

class Walk {
  readonly #text: string;
  readonly #hiding: JsonHiding;
  readonly #levels: Level[] = [];
  /** the place of the value that comes next */
  #node: HidingPlace;
  #at = 0;
  /** up to here the text is in the result */
  #copied = 0;
  #result = '';

  constructor(text: string, place: HidingPlace, hiding: JsonHiding) {
    this.#text = text;
    this.#node = place;
    this.#hiding = hiding;
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
    const tag = this.#hiding.key(key);
    if (tag !== null) this.#replace(start, JSON.stringify(tag));
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
    const tag = first === 0x22 ? this.#hiding.text(this.#node, stringOf(source)) : this.#hiding.number(this.#node, source);
    if (tag !== null) this.#replace(start, JSON.stringify(tag));
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
