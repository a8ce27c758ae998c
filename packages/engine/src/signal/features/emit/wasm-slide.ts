import binaryen from 'binaryen';
import type {Layout} from '../ir/layout.ts';

const {i32, f64} = binaryen;
/** octets of a deque's places, mask, ticks, octets of the field, t, octets of the symbol */
const Q = 0, MASK = 1, TICKS = 2, FIELD = 3, T = 4, SYMBOL = 5, HEAD = 6, END = 7, X = 8;
export const NO_TICK = -(2 ** 31) + 1;

/** The functions `slidemax` and `slidemin` of all deques. */
export const emitSlides = (m: binaryen.Module, layout: Layout): void => {
  for (const side of ['max', 'min'] as const) {
    const get = (local: number): number => m.local.get(local, i32);
    const value = (tick: number): number => m.f64.load(0, 8, m.i32.add(m.i32.add(get(SYMBOL), get(FIELD)), m.i32.mul(m.i32.and(tick, m.i32.const(layout.ringRecords - 1)), m.i32.const(layout.recordDoubles * 8))));
    const place = (i: number): number => m.i32.add(get(Q), m.i32.shl(m.i32.and(i, get(MASK)), m.i32.const(2)));
    const entry = (i: number): number => m.i32.load(8, 4, place(i));
    const x = (): number => m.local.get(X, f64), one = (): number => m.i32.const(1);
    const compare = side === 'max' ? m.f64.le : m.f64.ge;
    const pop = m.block('done', [m.loop('again', m.block(null, [
      m.br('done', m.i32.le_s(get(END), get(HEAD))),
      m.br('done', m.i32.eqz(compare(value(entry(m.i32.sub(get(END), one()))), x()))),
      m.local.set(END, m.i32.sub(get(END), one())),
      m.br('again'),
    ]))]);
    const body = m.block(null, [
      m.local.set(X, value(get(T))), m.local.set(HEAD, m.i32.load(0, 4, get(Q))), m.local.set(END, m.i32.load(4, 4, get(Q))),
      m.if(m.f64.eq(m.f64.sub(x(), x()), m.f64.const(0)), m.block(null, [pop, m.i32.store(8, 4, place(get(END)), get(T)), m.local.set(END, m.i32.add(get(END), one()))])),
      m.if(m.i32.lt_s(get(HEAD), get(END)), m.if(m.i32.le_s(entry(get(HEAD)), m.i32.sub(get(T), get(TICKS))), m.local.set(HEAD, m.i32.add(get(HEAD), one())))),
      m.i32.store(0, 4, get(Q), get(HEAD)), m.i32.store(4, 4, get(Q), get(END)),
      m.if(m.i32.lt_s(get(HEAD), get(END)), m.return(entry(get(HEAD)))),
      m.return(m.i32.const(NO_TICK)),
    ], i32);
    m.addFunction(`slide${side}`, binaryen.createType([i32, i32, i32, i32, i32, i32]), i32, [i32, i32, f64], body);
  }
};
