import binaryen from 'binaryen';
import type {Statement} from '../ir/statement.ts';
import type {Expression} from '../ir/expression.ts';
import type {Program} from './program.ts';

const {i32, f64} = binaryen;

/** What writes the function around: see `WasmWriter`. */
interface WasmFunction {
  readonly m: binaryen.Module;
  readonly program: Program;
  readonly body: number[];
  readonly t: number;
  readonly symbol: number;
  local(type: number): number;
  label(): string;
  one(e: Expression): number;
  define(id: number, value: number): void;
}

/** Access to a sorted area by a local that counts. */
const areaOf = (w: WasmFunction, area: number) => {
  const {m} = w, octets = w.program.layout.areaPlaces[area]! * 8;
  const place = (local: number, off: number): number => m.i32.add(w.symbol, m.i32.shl(m.i32.add(m.local.get(local, i32), m.i32.const(off)), m.i32.const(3)));
  return {
    load: (local: number, off = 0): number => m.f64.load(octets, 8, place(local, off)),
    store: (local: number, value: number): number => m.f64.store(octets, 8, place(local, 0), value),
  };
};

/** `while (test) body` */
const loopWhile = (w: WasmFunction, tests: readonly number[], body: readonly number[]): number => {
  const {m} = w, out = w.label(), again = w.label();
  return m.block(out, [m.loop(again, m.block(null, [...tests.map((test) => m.br(out, m.i32.eqz(test))), ...body, m.br(again)]))]);
};

/** Takes one value out of a sorted area and puts another one in. */
export const sortedParts = (w: WasmFunction, s: Statement & {k: 'sorted'}): void => {
  const {m} = w, a = areaOf(w, s.area), [k, low, high] = [w.local(i32), w.local(i32), w.local(i32)], [x, old] = [w.local(f64), w.local(f64)];
  const int = (local: number): number => m.local.get(local, i32), value = (local: number): number => m.local.get(local, f64);
  const step = (by: number): number => m.local.set(k, m.i32.add(int(k), m.i32.const(by)));
  w.body.push(
    m.local.set(x, w.one(s.value)), m.local.set(old, w.one(s.leaving)), m.local.set(k, m.i32.const(0)),
    // an area of a new symbol holds zeros
    m.if(m.i32.lt_s(w.t, m.i32.const(1)), loopWhile(w, [m.i32.lt_s(int(k), m.i32.const(s.ticks))], [a.store(k, m.f64.const(Number.POSITIVE_INFINITY)), step(1)])),
    m.local.set(low, m.i32.const(0)), m.local.set(high, m.i32.const(s.ticks - 1)),
    loopWhile(w, [m.i32.lt_s(int(low), int(high))], [
      m.local.set(k, m.i32.shr_s(m.i32.add(int(low), int(high)), m.i32.const(1))),
      m.if(m.f64.lt(a.load(k), value(old)), m.local.set(low, m.i32.add(int(k), m.i32.const(1))), m.local.set(high, int(k))),
    ]),
    m.local.set(k, int(low)),
    loopWhile(w, [m.i32.gt_s(int(k), m.i32.const(0)), m.f64.gt(a.load(k, -1), value(x))], [a.store(k, a.load(k, -1)), step(-1)]),
    loopWhile(w, [m.i32.lt_s(int(k), m.i32.const(s.ticks - 1)), m.f64.lt(a.load(k, 1), value(x))], [a.store(k, a.load(k, 1)), step(1)]),
    a.store(k, value(x)),
  );
};

/** Counts the values of a sorted area below and equal to one. */
export const rankParts = (w: WasmFunction, s: Statement & {k: 'rank'}): void => {
  const {m} = w, a = areaOf(w, s.area), [k, below] = [w.local(i32), w.local(i32)], x = w.local(f64);
  const int = (local: number): number => m.local.get(local, i32), value = (): number => m.local.get(x, f64);
  const inside = (): number => m.i32.lt_s(int(k), m.i32.const(s.ticks)), next = (): number => m.local.set(k, m.i32.add(int(k), m.i32.const(1)));
  w.body.push(
    m.local.set(x, w.one(s.value)), m.local.set(k, m.i32.const(0)),
    loopWhile(w, [inside(), m.f64.lt(a.load(k), value())], [next()]), m.local.set(below, int(k)),
    loopWhile(w, [inside(), m.f64.eq(a.load(k), value())], [next()]),
  );
  w.define(s.id, m.f64.convert_s.i32(int(below)));
  w.define(s.idEqual, m.f64.convert_s.i32(m.i32.sub(int(k), int(below))));
};
