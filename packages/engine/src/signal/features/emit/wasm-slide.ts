import binaryen from 'binaryen';
import type {DequePlace, Layout} from '../ir/layout.ts';

const {i32, f64, none} = binaryen;
/** t, octets of the symbol, the value; then what the function needs itself */
const T = 0, SYMBOL = 1, X = 2, END = 3, LOW = 4;

/** Access to one deque from octets of a symbol. */
export const dequeOctets = (m: binaryen.Module, {capacity, ticksAt, valuesAt}: DequePlace, {intsAt}: Layout, symbol: () => number) => {
  const entry = (place: number, shift: number): number => m.i32.add(symbol(), m.i32.shl(m.i32.and(place, m.i32.const(capacity - 1)), m.i32.const(shift)));
  return {
    int: (place: number): number => intsAt * 8 + place * 4,
    tick: (place: number): number => m.i32.load(intsAt * 8 + ticksAt * 4, 4, entry(place, 2)),
    value: (place: number): number => m.f64.load(valuesAt * 8, 8, entry(place, 3)),
    put: (place: () => number, value: number, tick: number): number[] => [m.f64.store(valuesAt * 8, 8, entry(place(), 3), value), m.i32.store(intsAt * 8 + ticksAt * 4, 4, entry(place(), 2), tick)],
  };
};

/** A function `slide<n>` for each deque that takes a finite value: the same steps as in the other languages. */
export const emitSlides = (m: binaryen.Module, layout: Layout): void => {
  layout.dequePlaces.forEach((deque, n) => {
    const get = (local: number): number => m.local.get(local, i32), symbol = (): number => get(SYMBOL);
    const {int, value, put} = dequeOctets(m, deque, layout, symbol);
    const compare = deque.side === 'max' ? m.f64.le : m.f64.ge;
    const head = (k: number): number => m.i32.load(int(deque.endAt + 1 + k), 4, symbol());
    const over = (k: number): number => m.i32.sub(head(k), get(END));
    const clamp = (k: number): number => m.i32.store(int(deque.endAt + 1 + k), 4, symbol(), m.i32.add(get(END), m.i32.and(over(k), m.i32.shr_s(over(k), m.i32.const(31)))));
    const keeps = (): number => m.if(m.i32.gt_s(get(END), get(LOW)), compare(value(m.i32.sub(get(END), m.i32.const(1))), m.local.get(X, f64)), m.i32.const(0));
    const pop = (): number => m.local.set(END, m.i32.sub(get(END), m.i32.const(1)));
    m.addFunction(`slide${n}`, binaryen.createType([i32, i32, f64]), none, [i32, i32], m.block(null, [
      m.local.set(END, m.i32.load(int(deque.endAt), 4, symbol())), m.local.set(LOW, m.i32.load(int(deque.oldestAt), 4, symbol())),
      m.if(keeps(), m.block(null, [m.loop('again', m.block(null, [pop(), m.br('again', keeps())])), ...Array.from({length: deque.heads}, (_, k) => clamp(k))])),
      ...put(() => get(END), m.local.get(X, f64), get(T)),
      m.i32.store(int(deque.endAt), 4, symbol(), m.i32.add(get(END), m.i32.const(1))),
    ]));
  });
};
