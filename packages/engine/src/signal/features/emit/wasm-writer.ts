import binaryen from 'binaryen';
import type {Expression, Test} from '../ir/expression.ts';
import {INT_LAST_MISSING} from '../ir/layout.ts';
import type {Statement} from '../ir/statement.ts';
import type {Program} from './program.ts';
import {rankParts, sortedParts} from './wasm-sorted.ts';
import {dequeOctets} from './wasm-slide.ts';

const {i32, f64, v128, none} = binaryen;
const T = 0, SYMBOL = 1, FIRST_LOCAL = 2;

/** Where a variable lives: a local, and which of its lanes. */
interface Home {readonly local: number; readonly lane: 0 | 1; readonly isWide: boolean}

/** Writes one function: statements of one lane, or of two lanes of the same shape at once. */
export class WasmWriter {
  readonly m: binaryen.Module;
  readonly program: Program;
  /** pairs of numbers that the function loads, as texts of their bits, and their places */
  readonly pairs = new Map<string, number>();
  readonly localTypes: number[] = [];
  body: number[] = [];
  #homes = new Map<number, Home>();
  #records = new Map<number, number>();
  #lag = -1;
  #labels = 0;

  constructor(m: binaryen.Module, program: Program) { this.m = m; this.program = program; }

  local(type: number): number { return FIRST_LOCAL + this.localTypes.push(type) - 1; }
  label(): string { return `l${this.#labels++}`; }
  get t(): number { return this.m.local.get(T, i32); }
  get symbol(): number { return this.m.local.get(SYMBOL, i32); }

  /** Octets of the record that a place in time has. */
  recordAt(tick: number): number {
    const {m, program: {layout}} = this;
    return m.i32.add(this.symbol, m.i32.mul(m.i32.and(tick, m.i32.const(layout.ringRecords - 1)), m.i32.const(layout.recordDoubles * 8)));
  }
  setRecord(lag: number): void {
    const local = this.local(i32);
    this.#records.set(lag, local);
    this.body.push(this.m.local.set(local, this.recordAt(lag === 0 ? this.t : this.m.i32.sub(this.t, this.m.i32.const(lag)))));
  }
  #record(lag: number): number { return this.m.local.get(this.#records.get(lag)!, i32); }
  #slotOctets(slot: number): number { return (this.program.layout.slotsAt + this.program.layout.slotPlaces[slot]!) * 8; }
  #intOctets(place: number): number { return this.program.layout.intsAt * 8 + place * 4; }

  test(test: Test): number {
    const {m, program: {layout}} = this;
    switch (test.k) {
      case 'before': return m.i32.lt_s(this.t, m.i32.const(test.ticks));
      case 'missing': return m.i32.lt_s(m.i32.sub(this.t, m.i32.load(this.#intOctets(INT_LAST_MISSING + test.input), 4, this.symbol)), m.i32.const(test.ticks));
      case 'bad': return m.f64.ne(m.f64.load((layout.recordFields - 1) * 8, 8, this.#record(test.lag)), m.f64.const(0));
      default: return {'<': m.f64.lt, '<=': m.f64.le, '==': m.f64.eq, '!=': m.f64.ne}[test.op](this.one(test.a), this.one(test.b));
    }
  }

  /** An expression as a scalar. */
  one(e: Expression): number {
    const {m} = this;
    switch (e.k) {
      case 'const': return m.f64.const(e.value);
      case 'input': return m.f64.load(e.field * 8, 8, m.i32.const(0));
      case 'age': return m.f64.convert_s.i32(this.t);
      case 'var': return this.#scalarOf(e.id);
      case 'load': case 'reload': return m.f64.load(this.#slotOctets(e.slot), 8, this.symbol);
      case 'past': return m.f64.load(e.field * 8, 8, this.#record(e.lag));
      case 'visited': return m.f64.load(e.field * 8, 8, m.local.get(this.#lag, i32));
      case 'unary': return e.op === 'log' ? m.call('log', [this.one(e.a)], f64) : m.f64[e.op](this.one(e.a));
      case 'select': return m.select(this.test(e.test), this.one(e.a), this.one(e.b));
      default: return this.#scalarBinary(e);
    }
  }
  #scalarBinary(e: Expression & {k: 'binary'}): number {
    const {m} = this;
    if (e.op === 'max') return m.select(m.f64.lt(this.one(e.a), this.one(e.b)), this.one(e.b), this.one(e.a));
    if (e.op === 'min') return m.select(m.f64.lt(this.one(e.b), this.one(e.a)), this.one(e.b), this.one(e.a));
    return {'+': m.f64.add, '-': m.f64.sub, '*': m.f64.mul, '/': m.f64.div}[e.op](this.one(e.a), this.one(e.b));
  }
  #scalarOf(id: number): number {
    const {local, lane, isWide} = this.#homes.get(id)!;
    return isWide ? this.m.f64x2.extract_lane(this.m.local.get(local, v128), lane) : this.m.local.get(local, f64);
  }

  /** The same expression of two lanes. */
  two(a: Expression, b: Expression): number {
    const {m} = this;
    if (a.k === 'const' && b.k === 'const') return this.#constants(a.value, b.value);
    if (a.k === 'var' && b.k === 'var') return this.#pairOf(a.id, b.id);
    if (a.k === 'load' && b.k === 'load') {
      const first = this.#slotOctets(a.slot), second = this.#slotOctets(b.slot);
      if (second === first + 8) return m.v128.load(first, 8, this.symbol);
    }
    if (a.k === 'past' && b.k === 'past') return m.v128.load64_lane(b.field * 8, 8, 1, this.#record(b.lag), m.v128.load64_zero(a.field * 8, 8, this.#record(a.lag)));
    if (a.k === 'binary' && b.k === 'binary') {
      const op = {'+': m.f64x2.add, '-': m.f64x2.sub, '*': m.f64x2.mul, '/': m.f64x2.div, max: m.f64x2.pmax, min: m.f64x2.pmin}[a.op];
      return op(this.two(a.a, b.a), this.two(a.b, b.b));
    }
    if (a.k === 'unary' && b.k === 'unary' && a.op !== 'log') return m.f64x2[a.op](this.two(a.a, b.a));
    if (a.k === 'select' && b.k === 'select' && a.test.k === 'compare' && b.test.k === 'compare') {
      const op = {'<': m.f64x2.lt, '<=': m.f64x2.le, '==': m.f64x2.eq, '!=': m.f64x2.ne}[a.test.op];
      return m.v128.bitselect(this.two(a.a, b.a), this.two(a.b, b.b), op(this.two(a.test.a, b.test.a), this.two(a.test.b, b.test.b)));
    }
    if (a.k === 'input' && b.k === 'input' && a.field === b.field) return m.v128.load64_splat(a.field * 8, 8, m.i32.const(0));
    return m.f64x2.replace_lane(m.f64x2.splat(this.one(a)), 1, this.one(b));
  }
  /** A pair of numbers written out is thirty octets of code and five operations, a load is nine and one; zero costs nothing anyway. */
  #constants(a: number, b: number): number {
    const {m, pairs} = this, both = new Float64Array([a, b]), key = new BigUint64Array(both.buffer).join(' ');
    if (a === 0 && b === 0) return m.v128.const([...new Uint8Array(both.buffer)]);
    const place = pairs.get(key) ?? pairs.size;
    pairs.set(key, place);
    return m.v128.load(this.program.layout.pairsAt * 8 + place * 16, 8, m.i32.const(0));
  }
  #pairOf(a: number, b: number): number {
    const {m} = this, x = this.#homes.get(a)!, y = this.#homes.get(b)!;
    if (x.isWide && y.local === x.local && x.lane === 0 && y.lane === 1) return m.local.get(x.local, v128);
    if (a === b) return m.f64x2.splat(this.#scalarOf(a));
    return m.f64x2.replace_lane(m.f64x2.splat(this.#scalarOf(a)), 1, this.#scalarOf(b));
  }

  store(octets: readonly number[], values: readonly Expression[], base: () => number): void {
    const {m} = this;
    const [a = 0, b = 0] = octets, [x, y] = values;
    if (y === undefined) { this.body.push(m.f64.store(a, 8, base(), this.one(x!))); return; }
    const pair = this.two(x!, y);
    if (b === a + 8) { this.body.push(m.v128.store(a, 8, base(), pair)); return; }
    const local = this.local(v128);
    this.body.push(m.local.set(local, pair), m.v128.store64_lane(a, 8, 0, base(), m.local.get(local, v128)), m.v128.store64_lane(b, 8, 1, base(), m.local.get(local, v128)));
  }

  /** One statement, of one lane or of two. */
  statement(lanes: readonly Statement[]): void {
    const {m, program: {layout}} = this, [s, other] = lanes;
    if (s === undefined) return;
    switch (s.k) {
      case 'let': {
        const isWide = other?.k === 'let', local = this.local(isWide ? v128 : f64);
        this.body.push(m.local.set(local, isWide ? this.two(s.value, other.value) : this.one(s.value)));
        this.#homes.set(s.id, {local, lane: 0, isWide});
        if (isWide) this.#homes.set(other.id, {local, lane: 1, isWide});
        return;
      }
      case 'set': this.store(lanes.map((l) => this.#slotOctets((l as typeof s).slot)), lanes.map((l) => (l as typeof s).value), () => this.symbol); return;
      case 'out': this.store(lanes.map((l) => (layout.rowAt + layout.outputPlaces[(l as typeof s).output]!) * 8), lanes.map((l) => (l as typeof s).value), () => m.i32.const(0)); return;
      case 'put': this.store([s.field * 8], [s.value], () => this.#record(0)); return;
      case 'careful': for (const inner of s.body) this.statement([inner]); return;
      case 'when': { const test = this.test(s.test); this.body.push(m.if(test, this.#inner(s.body))); return; }
      case 'loop': this.#loop(s); return;
      default: this.#special(s);
    }
  }
  #inner(statements: readonly Statement[]): number {
    const outer = this.body;
    this.body = [];
    for (const s of statements) this.statement([s]);
    const block = this.m.block(null, this.body);
    this.body = outer;
    return block;
  }
  #loop(s: Statement & {k: 'loop'}): void {
    const {m} = this, count = this.local(i32), again = this.label();
    this.#lag = this.local(i32);
    const inner = this.#inner(s.body);
    this.body.push(m.local.set(count, m.i32.const(s.ticks - 1)), m.loop(again, m.block(null, [
      m.local.set(this.#lag, this.recordAt(m.i32.sub(this.t, m.local.get(count, i32)))), inner,
      m.local.set(count, m.i32.sub(m.local.get(count, i32), m.i32.const(1))), m.br(again, m.i32.ge_s(m.local.get(count, i32), m.i32.const(0))),
    ])));
  }
  #special(s: Statement): void {
    const {m, program: {layout}} = this;
    if (s.k === 'slide') this.#slide(s);
    else if (s.k === 'extreme') this.#extreme(s);
    else if (s.k === 'at') this.define(s.id, m.f64.load((layout.areaPlaces[s.area]! + s.place) * 8, 8, this.symbol));
    else if (s.k === 'sorted') sortedParts(this, s);
    else if (s.k === 'rank') rankParts(this, s);
  }
  #slide(s: Statement & {k: 'slide'}): void {
    const {m} = this, x = this.local(f64), get = (): number => m.local.get(x, f64);
    const take = m.call(`slide${s.deque}`, [this.t, this.symbol, get()], none);
    this.body.push(m.local.set(x, this.one(s.value)), s.mayBeBad ? m.if(m.f64.eq(m.f64.sub(get(), get()), m.f64.const(0)), take) : take);
  }
  #extreme(s: Statement & {k: 'extreme'}): void {
    const {m, program: {layout}} = this, deque = layout.dequePlaces[s.deque]!, head = this.local(i32), get = (): number => m.local.get(head, i32);
    const {int, tick, value} = dequeOctets(m, deque, layout, () => this.symbol), headAt = int(deque.endAt + 1 + s.head);
    const isThere = (): number => m.i32.lt_s(get(), m.i32.load(int(deque.endAt), 4, this.symbol));
    const isOld = m.i32.le_s(tick(get()), m.i32.sub(this.t, m.i32.const(s.ticks)));
    this.body.push(
      m.local.set(head, m.i32.load(headAt, 4, this.symbol)),
      m.local.set(head, m.i32.add(get(), s.mayBeEmpty ? m.if(isThere(), isOld, m.i32.const(0)) : isOld)),
      m.i32.store(headAt, 4, this.symbol, get()),
    );
    const found = s.idAge === null ? value(get()) : m.f64.convert_s.i32(m.i32.sub(this.t, tick(get())));
    this.define(s.idAge ?? s.id, s.mayBeEmpty ? m.if(isThere(), found, m.f64.const(Number.NaN)) : found);
  }
  define(id: number, value: number): void {
    const local = this.local(f64);
    this.body.push(this.m.local.set(local, value));
    this.#homes.set(id, {local, lane: 0, isWide: false});
  }
}
