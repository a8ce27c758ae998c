const SHAPES_MAX = 8192;
const SHAPE_KEYS_MAX = 64;
const SHAPE_KEY_CHARS_MAX = 128;

/** How many shapes one decoder has made; shared by all of them. */
interface Census {
  shapes: number;
}

/**
 * A sequence of distinct keys, shared by all objects that have it. Messages of a stream have few shapes, so after the first ones
 * a key costs one text comparison, and its uniqueness has been checked when the shape was made. Bounded: beyond 8,192 shapes,
 * 64 keys or 128 characters `child` answers null and the object keeps its own set.
 */
export class KeyShape {
  /** raw text to expect next, key and closing quote; `` for none */
  hintText = '';
  hint: KeyShape | null = null;
  readonly length: number;
  readonly #parent: KeyShape | null;
  readonly #key: string;
  readonly #census: Census;
  #children: Map<string, KeyShape> | null = null;
  #keys: readonly string[] | null = null;
  #index: Map<string, number> | null = null;

  constructor(parent: KeyShape | null, key: string) {
    this.#parent = parent;
    this.#key = key;
    this.length = parent === null ? 0 : parent.length + 1;
    this.#census = parent === null ? {shapes: 1} : parent.#census;
  }

  /** The shape with one key more; `duplicate` when it has the key already, null when there is no room. */
  child(key: string, plain: boolean): KeyShape | 'duplicate' | null {
    const known = this.#children?.get(key);
    const next = known ?? this.#grow(key);
    if (plain && next instanceof KeyShape) {
      this.hintText = `${next.#key}"`;
      this.hint = next;
    }
    return next;
  }

  keys(): readonly string[] {
    if (this.#keys === null) {
      const keys: string[] = [];
      for (let shape: KeyShape = this; shape.#parent !== null; shape = shape.#parent) keys.push(shape.#key);
      this.#keys = keys.reverse();
    }
    return this.#keys;
  }

  indexOf(key: string): number {
    this.#index ??= new Map(this.keys().map((name, index) => [name, index]));
    return this.#index.get(key) ?? -1;
  }

  #grow(key: string): KeyShape | 'duplicate' | null {
    for (let shape: KeyShape = this; shape.#parent !== null; shape = shape.#parent) {
      if (shape.#key === key) return 'duplicate';
    }
    if (this.length >= SHAPE_KEYS_MAX || key.length > SHAPE_KEY_CHARS_MAX || this.#census.shapes >= SHAPES_MAX) return null;
    this.#census.shapes += 1;
    // a copy, so that the key does not keep the whole message alive
    const next = new KeyShape(this, ` ${key}`.slice(1));
    this.#children ??= new Map();
    this.#children.set(key, next);
    return next;
  }
}
