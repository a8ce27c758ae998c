import {CodecError} from '../codec-error.ts';
import type {OctetCursor} from '../octet-cursor.ts';
import type {PyValue} from './pickle-value.ts';

/** A text within the limits holds fewer; what is thrown away again counts too. */
const MEMO_MAX = 300_000;
const PUSHES_MAX = 300_000;
const MARKS_MAX = 1000;

/** The stack, the marks and the memo of one pickle. It only ever builds data: nothing named in a pickle is looked up or called. */
export class PickleMachine {
  readonly cursor: OctetCursor;
  #stack: PyValue[] = [];
  readonly #marks: PyValue[][] = [];
  readonly #memo = new Map<number, PyValue>();
  #pushes = 0;
  result: PyValue | undefined = undefined;

  constructor(cursor: OctetCursor) {
    this.cursor = cursor;
  }

  push(value: PyValue): void {
    this.#pushes += 1;
    if (this.#pushes > PUSHES_MAX) throw new CodecError('size', this.cursor.at);
    this.#stack.push(value);
  }

  pop(): PyValue {
    const value = this.#stack.pop();
    if (value === undefined) throw new CodecError('stack', this.cursor.at);
    return value;
  }

  top(): PyValue {
    const value = this.#stack.at(-1);
    if (value === undefined) throw new CodecError('stack', this.cursor.at);
    return value;
  }

  /** The last `count` values, in the order in which they were pushed. */
  popMany(count: number): PyValue[] {
    if (this.#stack.length < count) throw new CodecError('stack', this.cursor.at);
    return this.#stack.splice(this.#stack.length - count, count);
  }

  mark(): void {
    if (this.#marks.length >= MARKS_MAX) throw new CodecError('depth', this.cursor.at);
    this.#marks.push(this.#stack);
    this.#stack = [];
  }

  /** Everything since the last mark. */
  popMark(): PyValue[] {
    const values = this.#stack;
    const below = this.#marks.pop();
    if (below === undefined) throw new CodecError('stack', this.cursor.at);
    this.#stack = below;
    return values;
  }

  /** Drops the top value, or the last mark when nothing stands on it. */
  discard(): void {
    if (this.#stack.length > 0) this.#stack.pop();
    else this.popMark();
  }

  put(index: number): void {
    if (this.#memo.size >= MEMO_MAX) throw new CodecError('memo', this.cursor.at);
    this.#memo.set(index, this.top());
  }

  memoize(): void {
    this.put(this.#memo.size);
  }

  get(index: number): void {
    const value = this.#memo.get(index);
    if (value === undefined) throw new CodecError('memo', this.cursor.at);
    this.push(this.recalled(value));
  }

  /** What stands on the stack when the memo is asked for a value. */
  protected recalled(value: PyValue): PyValue {
    return value;
  }

  /** Text up to the next newline, which is passed over. */
  line(): string {
    const {octets, at} = this.cursor;
    const end = octets.indexOf(0x0a, at);
    if (end < 0) throw new CodecError('truncated', octets.length);
    const text = this.cursor.text(end - at);
    this.cursor.at = end + 1;
    return text;
  }

  /** Ends the reading: one value, nothing below it. */
  stop(): void {
    this.result = this.pop();
    if (this.#stack.length > 0 || this.#marks.length > 0) throw new CodecError('stack', this.cursor.at);
  }
}

export type PickleStep = (machine: PickleMachine) => void;
/** Steps by opcode. */
export type PickleSteps = Readonly<Record<number, PickleStep>>;
