/** Small decoders: each takes a parsed JSON value and a path, and gives a value of its type or throws `path: what was expected`. */
export type Decode<T> = (value: unknown, path: string) => T;

const fail = (path: string, expected: string): never => {
  throw new Error(`${path === '' ? 'the document' : path.slice(0, 120)} is not ${expected}`);
};

/** Text of at most `charactersMax`; the rest is cut, and the cut says how long it was. */
export const text = (charactersMax = 400): Decode<string> => (value, path) => {
  if (typeof value !== 'string') return fail(path, 'text');
  return value.length <= charactersMax ? value : `${value.slice(0, charactersMax)}… (${value.length - charactersMax} more)`;
};

/** Text that must be complete to mean anything (ids, hashes, encoded histograms): longer is refused, not cut. */
export const wholeText = (charactersMax: number): Decode<string> => (value, path) =>
  (typeof value === 'string' && value.length <= charactersMax ? value : fail(path, `text of at most ${charactersMax} characters`));

export const finite: Decode<number> = (value, path) => (typeof value === 'number' && Number.isFinite(value) ? value : fail(path, 'a finite number'));

export const countOf: Decode<number> = (value, path) =>
  (typeof value === 'number' && Number.isFinite(value) && value >= 0 ? value : fail(path, 'a number >= 0'));

export const flag: Decode<boolean> = (value, path) => (typeof value === 'boolean' ? value : fail(path, 'true or false'));

export const nullable = <T>(inner: Decode<T>): Decode<T | null> => (value, path) => (value === null || value === undefined ? null : inner(value, path));

export const oneOf = <T extends string>(...names: readonly T[]): Decode<T> => (value, path) =>
  names.find((name) => name === value) ?? fail(path, `one of ${names.join(', ')}`);

/** At most `lengthMax` entries are decoded; the rest is left out, and `onCut` is told how many. */
export const listOf = <T>(inner: Decode<T>, lengthMax: number, onCut?: (left: number, path: string) => void): Decode<readonly T[]> => (value, path) => {
  if (!Array.isArray(value)) return fail(path, 'a list');
  if (value.length > lengthMax) onCut?.(value.length - lengthMax, path);
  return value.slice(0, lengthMax).map((entry, index) => inner(entry, `${path}/${index}`));
};

/** Entries sorted by name, in an object without prototype, so that `__proto__` is a name like any other. */
export const recordOf = <T>(inner: Decode<T>, entriesMax: number): Decode<Readonly<Record<string, T>>> => (value, path) => {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return fail(path, 'an object');
  const decoded = Object.create(null) as Record<string, T>;
  const entries = Object.entries(value as Record<string, unknown>).sort(([a], [b]) => (a < b ? -1 : 1));
  for (const [name, entry] of entries.slice(0, entriesMax)) decoded[text(200)(name, path)] = inner(entry, `${path}/${name}`);
  return decoded;
};

/** Exactly the named fields; others are ignored, because a minor version may add some. */
export const shape = <T>(fields: {readonly [K in keyof T]: Decode<T[K]>}): Decode<T> => (value, path) => {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return fail(path, 'an object');
  const source = value as Record<string, unknown>;
  const decoded: Partial<T> = {};
  for (const name of Object.keys(fields) as (keyof T & string)[]) {
    decoded[name] = fields[name](Object.hasOwn(source, name) ? source[name] : undefined, `${path}/${name}`);
  }
  return decoded as T;
};
