/** A number as it was written: what it is worth is the reader's business. */
export class JsonNumber {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}
export type JsonValue = null | boolean | string | JsonNumber | readonly JsonValue[] | JsonObject;
export type JsonObject = ReadonlyMap<string, JsonValue>;

/** Not JSON; `at` is the offset in UTF-16 units. */
export class JsonSyntaxError extends Error {
  readonly at: number;
  constructor(what: string, at: number) {
    super(`${what} at offset ${at}`);
    this.name = 'JsonSyntaxError';
    this.at = at;
  }
}

const NUMBER = /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/y;
const ESCAPED: Readonly<Record<string, string>> = {'"': '"', '\\': '\\', '/': '/', b: '\b', f: '\f', n: '\n', r: '\r', t: '\t'};
const utf8 = new TextDecoder('utf-8', {fatal: true, ignoreBOM: true});

/** RFC 8259 and nothing else: duplicate keys, a byte order mark, NaN, trailing bytes and depth beyond the limit are errors. */
class StrictJson {
  private at = 0;
  private readonly text: string;
  private readonly depthMax: number;

  constructor(text: string, depthMax: number) {
    this.text = text;
    this.depthMax = depthMax;
  }

  document(): JsonValue {
    const value = this.value(0);
    this.space();
    if (this.at !== this.text.length) throw new JsonSyntaxError('something follows the value', this.at);
    return value;
  }

  private value(depth: number): JsonValue {
    this.space();
    switch (this.text[this.at]) {
      case '{': return this.object(depth + 1);
      case '[': return this.array(depth + 1);
      case '"': return this.string();
      case 't': return this.word('true', true);
      case 'f': return this.word('false', false);
      case 'n': return this.word('null', null);
      default: return this.number();
    }
  }

  private object(depth: number): JsonObject {
    this.enter(depth);
    const members = new Map<string, JsonValue>();
    if (this.isNext('}')) return members;
    do {
      this.space();
      const start = this.at;
      const key = this.string();
      if (members.has(key)) throw new JsonSyntaxError('duplicate key', start);
      this.expect(':');
      members.set(key, this.value(depth));
    } while (this.isNext(','));
    this.expect('}');
    return members;
  }

  private array(depth: number): readonly JsonValue[] {
    this.enter(depth);
    const items: JsonValue[] = [];
    if (this.isNext(']')) return items;
    do items.push(this.value(depth)); while (this.isNext(','));
    this.expect(']');
    return items;
  }

  private string(): string {
    if (this.text[this.at] !== '"') throw new JsonSyntaxError('a string is missing', this.at);
    let done = '';
    let from = this.at + 1;
    for (let at = from; at < this.text.length; at++) {
      const code = this.text.charCodeAt(at);
      if (code === 0x22) {
        this.at = at + 1;
        return done + this.text.slice(from, at);
      }
      if (code < 0x20) throw new JsonSyntaxError('a control character in a string', at);
      if (code !== 0x5c) continue;
      done += this.text.slice(from, at) + this.escape(at);
      at += this.text[at + 1] === 'u' ? 5 : 1;
      from = at + 1;
    }
    throw new JsonSyntaxError('a string does not end', this.at);
  }

  private escape(at: number): string {
    const letter = this.text[at + 1] ?? '';
    if (letter !== 'u') {
      const plain = ESCAPED[letter];
      if (plain === undefined) throw new JsonSyntaxError('an unknown escape', at);
      return plain;
    }
    const hex = this.text.slice(at + 2, at + 6);
    if (!/^[0-9a-fA-F]{4}$/.test(hex)) throw new JsonSyntaxError('a broken escape', at);
    return String.fromCharCode(Number.parseInt(hex, 16));
  }

  private number(): JsonNumber {
    NUMBER.lastIndex = this.at;
    const found = NUMBER.exec(this.text);
    if (found === null) throw new JsonSyntaxError('no value', this.at);
    this.at += found[0].length;
    return new JsonNumber(found[0]);
  }

  private word<V extends JsonValue>(word: string, value: V): V {
    if (!this.text.startsWith(word, this.at)) throw new JsonSyntaxError('no value', this.at);
    this.at += word.length;
    return value;
  }

  private space(): void {
    for (let code = this.text.charCodeAt(this.at); code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09; code = this.text.charCodeAt(this.at)) this.at++;
  }

  private enter(depth: number): void {
    if (depth > this.depthMax) throw new JsonSyntaxError('nested too deep', this.at);
    this.at++;
  }

  private isNext(mark: string): boolean {
    this.space();
    if (this.text[this.at] !== mark) return false;
    this.at++;
    return true;
  }

  private expect(mark: string): void {
    if (!this.isNext(mark)) throw new JsonSyntaxError(`"${mark}" is missing`, this.at);
  }
}

/**
 * Decodes UTF-8 octets that are exactly one JSON value. The caller bounds the length.
 * @throws JsonSyntaxError for everything that is not
 */
export const parseStrictJson = (bytes: Uint8Array, depthMax: number): JsonValue => {
  let text: string;
  try {
    text = utf8.decode(bytes);
  } catch {
    throw new JsonSyntaxError('not UTF-8', 0);
  }
  return new StrictJson(text, depthMax).document();
};
