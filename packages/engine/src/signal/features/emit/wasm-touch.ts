import binaryen from 'binaryen';
import type {Layout} from '../ir/layout.ts';

const {i32, i64, none} = binaryen;
const T = 0, SYMBOL = 1, SUM = 2;
const LINE_BYTES = 64, LINE_DOUBLES = 8;

/**
 * A function `touch(t, octets of the symbol)` that reads one word of every line of memory that a tick of this symbol will need. Its loads do not wait for each other,
 * while the tick itself would come to each of them only after it has computed what stands before. Useful when the symbol is not the one of the tick before.
 */
export const emitTouch = (m: binaryen.Module, layout: Layout, lags: readonly number[]): void => {
  const symbol = (): number => m.local.get(SYMBOL, i32), t = (): number => m.local.get(T, i32);
  const read = (octets: number, base: number): number => m.local.set(SUM, m.i64.xor(m.local.get(SUM, i64), m.i64.load(octets, 8, base)));
  const record = (lag: number): number => m.i32.add(symbol(), m.i32.mul(m.i32.and(m.i32.sub(t(), m.i32.const(lag)), m.i32.const(layout.ringRecords - 1)), m.i32.const(layout.recordDoubles * 8)));
  const slotLines = Array.from({length: Math.ceil(layout.slotCount / LINE_DOUBLES)}, (_, line) => read(layout.slotsAt * 8 + line * LINE_BYTES, symbol()));
  const deques = layout.dequePlaces.flatMap(({endAt, heads, capacity, ticksAt, valuesAt}) => Array.from({length: heads + 1}, (_, k) => {
    const place = (): number => m.i32.and(m.i32.sub(m.i32.load(layout.intsAt * 8 + (endAt + k) * 4, 4, symbol()), m.i32.const(k === 0 ? 1 : 0)), m.i32.const(capacity - 1));
    return [
      read(valuesAt * 8, m.i32.add(symbol(), m.i32.shl(place(), m.i32.const(3)))),
      m.local.set(SUM, m.i64.xor(m.local.get(SUM, i64), m.i64.load32_u(layout.intsAt * 8 + ticksAt * 4, 4, m.i32.add(symbol(), m.i32.shl(place(), m.i32.const(2)))))),
    ];
  }).flat());
  m.addFunction('touch', binaryen.createType([i32, i32]), none, [i64], m.block(null, [
    // the slots first: whole pages one after the other, which the machine goes on fetching by itself
    ...slotLines, ...lags.map((lag) => read(0, record(lag))), ...deques,
    // so that no load is left out for being of no use
    m.i64.store(layout.scratchAt * 8, 8, m.i32.const(0), m.local.get(SUM, i64)),
  ]));
};
