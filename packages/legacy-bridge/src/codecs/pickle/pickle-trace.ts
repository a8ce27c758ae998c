import {CodecError} from '../codec-error.ts';
import {OctetCursor} from '../octet-cursor.ts';
import {stepOf} from './pickle-codec.ts';
import {PickleMachine} from './pickle-machine.ts';
import {PyBytes, PyGlobal, PyNumber, PyObject, PyTagged, PyText, type PyValue} from './pickle-value.ts';

/** Octets of a pickle, the end not included. */
export interface Span {
  readonly start: number;
  end: number;
}

/** An opcode that puts the top of the stack into the memo. */
export interface MemoPut extends Span {
  readonly value: PyValue;
}

/** An opcode that takes a value out of the memo, and the one that had put it there. */
export interface MemoGet extends Span {
  readonly put: MemoPut;
  /** what it pushed: of values that cannot change one of its own */
  readonly value: PyValue;
}

/** Where on the stack a value stands, and what has built it. */
interface Slot {
  readonly span: Span;
  readonly isRecalled: boolean;
}

const FRAME = 0x95;
/** drop, drop to the mark, double: no honest program needs them for data, and what they leave cannot be followed */
const TANGLING = new Set([0x30, 0x31, 0x32]);

/** A pickle with the octets of each of its values. */
export interface TracedPickle {
  readonly value: PyValue;
  readonly spans: ReadonlyMap<object, Span>;
  readonly puts: readonly MemoPut[];
  readonly gets: readonly MemoGet[];
  readonly frames: readonly Span[];
  /** a value taken from the memo by the value that was put there */
  readonly origins: ReadonlyMap<object, PyValue>;
}

/** Reads a pickle and keeps book. Throws CodecError, also for what cannot be followed. */
export function tracePickle(octets: Uint8Array): TracedPickle {
  const trace = new PickleTrace(new OctetCursor(octets));
  const {cursor} = trace;
  while (trace.result === undefined) {
    const opcode = octets[cursor.at] ?? 0;
    trace.begin();
    stepOf(cursor)(trace);
    trace.end();
    if (opcode === FRAME) trace.frames.push({start: cursor.at - 9, end: cursor.at});
    if (TANGLING.has(opcode)) throw new CodecError('memo', cursor.at);
  }
  if (cursor.left > 0) throw new CodecError('trailing', cursor.at);
  const {result: value, spans, puts, gets, frames, origins} = trace;
  // what was taken from the memo as a call alone has become more since
  for (const origin of origins.values()) if (origin instanceof PyObject && !isCall(origin)) throw new CodecError('memo');
  return {value, spans, puts, gets, frames, origins};
}

class PickleTrace extends PickleMachine {
  readonly spans = new Map<object, Span>();
  readonly puts: MemoPut[] = [];
  readonly gets: MemoGet[] = [];
  readonly frames: Span[] = [];
  readonly origins = new Map<object, PyValue>();
  readonly #lastPut = new Map<number, MemoPut>();
  readonly #marks: {readonly slots: Slot[]; readonly at: number}[] = [];
  #slots: Slot[] = [];
  #at = 0;
  /** where the first of the values begins that this step took */
  #low = 0;
  #isPushed = false;
  #isPopped = false;
  #recalledFrom: MemoPut | null = null;

  begin(): void {
    this.#at = this.cursor.at;
    this.#low = this.#at;
    this.#isPushed = false;
    this.#isPopped = false;
  }

  end(): void {
    const {at} = this.cursor;
    for (const list of [this.puts, this.gets]) {
      const last = list.at(-1);
      if (last?.start === this.#at) last.end = at;
    }
    const top = this.#slots.at(-1);
    if (top === undefined || !(this.#isPushed || this.#isPopped)) return;
    // what is shared was changed from elsewhere than where it stands
    if (!this.#isPushed && top.isRecalled) throw new CodecError('memo', at);
    top.span.end = at;
  }

  override push(value: PyValue): void {
    super.push(value);
    const span = {start: this.#low, end: this.cursor.at};
    this.#slots.push({span, isRecalled: this.#recalledFrom !== null});
    this.#isPushed = true;
    if (typeof value === 'object' && value !== null && !this.spans.has(value)) this.spans.set(value, span);
    if (this.#recalledFrom !== null) this.gets.push({start: this.#at, end: this.cursor.at, put: this.#recalledFrom, value});
    this.#recalledFrom = null;
  }

  override pop(): PyValue {
    const value = super.pop();
    this.#take(this.#slots.splice(-1));
    return value;
  }

  override popMany(count: number): PyValue[] {
    const values = super.popMany(count);
    this.#take(this.#slots.splice(this.#slots.length - count));
    return values;
  }

  override mark(): void {
    super.mark();
    this.#marks.push({slots: this.#slots, at: this.#at});
    this.#slots = [];
  }

  override popMark(): PyValue[] {
    const values = super.popMark();
    const {slots, at} = this.#marks.pop() as {slots: Slot[]; at: number};
    this.#slots = slots;
    this.#low = Math.min(this.#low, at);
    this.#isPopped = true;
    return values;
  }

  override put(index: number): void {
    super.put(index);
    const put = {start: this.#at, end: this.cursor.at, value: this.top()};
    this.puts.push(put);
    this.#lastPut.set(index, put);
  }

  override get(index: number): void {
    this.#recalledFrom = this.#lastPut.get(index) ?? null;
    super.get(index);
  }

  /** What cannot change is another place each time it is used. */
  protected override recalled(value: PyValue): PyValue {
    const copy = copyOf(value);
    if (copy !== value) this.origins.set(copy as object, this.origins.get(value as object) ?? value);
    return copy;
  }

  #take(slots: readonly Slot[]): void {
    this.#isPopped = true;
    for (const {span} of slots) this.#low = Math.min(this.#low, span.start);
  }
}

function copyOf(value: PyValue): PyValue {
  if (value instanceof PyText) return new PyText(value.text);
  if (value instanceof PyNumber) return new PyNumber(value.text, value.whole);
  if (value instanceof PyBytes && !value.isMutable) return new PyBytes(value.octets);
  if (value instanceof PyGlobal) return new PyGlobal(value.name, value.parts);
  if (value instanceof PyTagged) return new PyTagged(value.tag, value.value, value.more);
  // a call and nothing more, as enums are pickled: each use can be looked at apart
  if (value instanceof PyObject && isCall(value)) return new PyObject(value.name, value.args, value.kwargs);
  return value;
}

function isCall({args, state, items, entries}: PyObject): boolean {
  return args.length > 0 && state === undefined && items.length === 0 && entries.keys.length === 0;
}
