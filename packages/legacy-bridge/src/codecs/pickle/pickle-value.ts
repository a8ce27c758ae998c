/** A text: an object, so that two that are alike remain two places. */
export class PyText {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/** A number by its text; `whole` when Python holds it as int. */
export class PyNumber {
  readonly text: string;
  readonly whole: boolean;

  constructor(text: string, whole: boolean) {
    this.text = text;
    this.whole = whole;
  }
}

export class PyBytes {
  readonly octets: Uint8Array;
  /** a bytearray */
  readonly isMutable: boolean;

  constructor(octets: Uint8Array, isMutable = false) {
    this.octets = octets;
    this.isMutable = isMutable;
  }
}

/** A list, tuple or set. */
export class PySequence {
  readonly kind: 'list' | 'tuple' | 'set';
  readonly items: PyValue[];

  constructor(kind: PySequence['kind'], items: PyValue[]) {
    this.kind = kind;
    this.items = items;
  }
}

export class PyDict {
  readonly keys: PyValue[] = [];
  readonly values: PyValue[] = [];
}

/** A class or function by its name; never looked up, never called. */
export class PyGlobal {
  readonly name: string;
  /** module and name as they were written; null of what a call gave */
  readonly parts: readonly [string, string] | null;

  constructor(name: string, parts: PyGlobal['parts'] = null) {
    this.name = name;
    this.parts = parts;
  }
}

/** An instance: what the pickle says about it, as data. */
export class PyObject {
  readonly name: string;
  readonly args: readonly PyValue[];
  readonly kwargs: PyDict | null;
  state: PyValue | undefined = undefined;
  /** what was appended, of subclasses of list */
  readonly items: PyValue[] = [];
  /** what was set, of subclasses of dict */
  readonly entries = new PyDict();

  constructor(name: string, args: readonly PyValue[], kwargs: PyDict | null = null) {
    this.name = name;
    this.args = args;
    this.kwargs = kwargs;
  }
}

/** A well-known value under a key of its own, e.g. `$datetime`. */
export class PyTagged {
  readonly tag: string;
  readonly value: PyValue;
  /** what the tag leaves open, e.g. a time zone that is no fixed offset */
  readonly more: {readonly tag: string; readonly value: PyValue} | null;

  constructor(tag: string, value: PyValue, more: PyTagged['more'] = null) {
    this.tag = tag;
    this.value = value;
    this.more = more;
  }
}

export type PyValue = null | boolean | PyText | PyNumber | PyBytes | PySequence | PyDict | PyGlobal | PyObject | PyTagged;

export const isScalar = (value: PyValue): boolean => value === null || typeof value === 'boolean' || value instanceof PyText || value instanceof PyNumber;
