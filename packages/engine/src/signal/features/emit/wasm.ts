import binaryen from 'binaryen';
import {INT_LAST_BAD, INT_LAST_MISSING} from '../ir/layout.ts';
import type {Statement} from '../ir/statement.ts';
import {lagsOf} from '../ir/visit.ts';
import type {Program} from './program.ts';
import {emitTouch} from './wasm-touch.ts';
import {emitSlides} from './wasm-slide.ts';
import {WasmWriter} from './wasm-writer.ts';

const {i32, none, f64} = binaryen;

/** One version of the program as a function `(t, symbol's octets)`. */
const addVersion = (m: binaryen.Module, program: Program, name: string, write: (w: WasmWriter) => void): WasmWriter => {
  const w = new WasmWriter(m, program);
  write(w);
  m.addFunction(name, binaryen.createType([i32, i32]), none, w.localTypes, m.block(null, w.body));
  return w;
};

const scalars = (w: WasmWriter, statements: readonly Statement[]): void => {
  for (const lag of [...new Set([0, ...lagsOf(statements)])]) w.setRecord(lag);
  for (const s of statements) w.statement([s]);
};

const addTurns = (m: binaryen.Module, program: Program): void => {
  for (const turn of program.builder.turns.values()) addVersion(m, program, `turn${turn.ticks}`, (w) => { scalars(w, turn.statements); });
};

/** Marks a tick whose values sums must not carry on; the same text as in the other languages. */
const badParts = (m: binaryen.Module, program: Program): binaryen.ExpressionRef[] => {
  const {builder, layout} = program, used = [...builder.inputs].sort((a, b) => a - b);
  const base = (): number => m.local.get(2, i32), t = (): number => m.local.get(1, i32), sum = (): number => m.local.get(4, f64);
  const input = (field: number): number => m.f64.load(field * 8, 8, m.i32.const(0));
  const total = used.slice(1).reduce((left, field) => m.f64.add(left, input(field)), input(used[0]!));
  const ints = layout.intsAt * 8, missing = (x: () => number): number => m.f64.ne(m.f64.sub(x(), x()), m.f64.const(0));
  const jump = builder.jumps.map(({input: field, slot}) => m.i32.eqz(m.f64.lt(m.f64.abs(m.f64.sub(m.f64.div(input(field), m.f64.load((layout.slotsAt + layout.slotPlaces[slot]!) * 8, 8, base())), m.f64.const(1))), m.f64.const(0.5))));
  const jumped = jump.length === 0 ? m.i32.const(0) : m.i32.and(m.i32.gt_s(t(), m.i32.const(0)), jump.reduce((a, b) => m.i32.or(a, b)));
  const record = m.i32.add(base(), m.i32.mul(m.i32.and(t(), m.i32.const(layout.ringRecords - 1)), m.i32.const(layout.recordDoubles * 8)));
  return [
    m.local.set(4, total), m.local.set(3, m.i32.or(missing(sum), jumped)),
    m.f64.store((layout.recordFields - 1) * 8, 8, record, m.f64.convert_s.i32(m.local.get(3, i32))),
    m.if(m.local.get(3, i32), m.block(null, [
      m.i32.store(ints + INT_LAST_BAD * 4, 4, base(), t()),
      ...used.map((field) => m.if(missing(() => input(field)), m.i32.store(ints + (INT_LAST_MISSING + field) * 4, 4, base(), t()))),
    ])),
  ];
};

const addTick = (m: binaryen.Module, program: Program): void => {
  const {layout, builder} = program, ints = layout.intsAt * 8;
  const base = (): number => m.local.get(2, i32), t = (): number => m.local.get(1, i32);
  const turns = [...builder.turns.keys()].flatMap((ticks) => {
    const at = ints + layout.turnPlaces.get(ticks)! * 4;
    return [
      m.local.set(3, m.i32.sub(m.i32.load(at, 4, base()), m.i32.const(1))),
      m.if(m.i32.le_s(m.local.get(3, i32), m.i32.const(0)), m.block(null, [m.call(`turn${ticks}`, [t(), base()], none), m.local.set(3, m.i32.const(ticks))])),
      m.i32.store(at, 4, base(), m.local.get(3, i32)),
    ];
  });
  const isSteady = m.i32.and(m.i32.ge_s(t(), m.i32.const(layout.horizon)), m.i32.gt_s(m.i32.sub(t(), m.i32.load(ints + INT_LAST_BAD * 4, 4, base())), m.i32.const(layout.reach)));
  const body = m.block(null, [
    m.local.set(2, m.i32.add(m.i32.const(layout.symbolsAt * 8), m.i32.mul(m.local.get(0, i32), m.i32.const(layout.symbolDoubles * 8)))),
    m.local.set(1, m.i32.load(ints, 4, base())),
    // the symbol of the tick before is in the cache, another one may be in memory
    m.if(m.i32.ne(m.local.get(0, i32), m.global.get('last', i32)), m.block(null, [m.call('touch', [t(), base()], none), m.global.set('last', m.local.get(0, i32))])),
    ...turns, ...badParts(m, program),
    m.if(isSteady, m.call('steady', [t(), base()], none), m.call('careful', [t(), base()], none)),
    m.i32.store(ints, 4, base(), m.i32.add(t(), m.i32.const(1))),
  ]);
  m.addFunction('tick', i32, none, [i32, i32, i32, f64], body);
  m.addFunctionExport('tick', 'tick');
};

/** Pairs of numbers come into the memory with the module: a segment of data, for which binaryen wants the memory described once more. */
const fillPairs = (m: binaryen.Module, {layout}: Program, pairs: ReadonlyMap<string, number>): void => {
  const data = new Uint8Array(BigUint64Array.from([...pairs.keys()].flatMap((key) => key.split(' ').map(BigInt))).buffer);
  m.setMemory(1, 65_536, null, [{offset: m.i32.const(layout.pairsAt * 8), data, passive: false}], false, false, '0');
  m.addMemoryImport('0', 'e', 'memory');
};

/**
 * The program as WebAssembly with two lanes where windows pair up. Memory is imported as `e.memory`, `Math.log` as `e.log`; `tick(symbol)` is exported.
 * binaryen is needed here alone, when the program is built.
 */
export const emitWasm = (program: Program): Uint8Array<ArrayBuffer> => {
  const m = new binaryen.Module();
  m.setFeatures(binaryen.Features.SIMD128 | binaryen.Features.BulkMemory | binaryen.Features.SignExt | binaryen.Features.MutableGlobals);
  m.addMemoryImport('0', 'e', 'memory');
  m.addFunctionImport('log', 'e', 'log', f64, f64);
  m.addGlobal('last', i32, true, m.i32.const(-1));
  emitTouch(m, program.layout, [...new Set([0, ...lagsOf(program.groups.flatMap(({lanes}) => lanes.flatMap(({steady}) => steady)))])]);
  emitSlides(m, program.layout);
  addTurns(m, program);
  const all = program.groups.flatMap(({lanes}) => lanes);
  addVersion(m, program, 'careful', (w) => { scalars(w, all.flatMap(({careful}) => careful)); });
  const {pairs} = addVersion(m, program, 'steady', (w) => {
    for (const lag of [...new Set([0, ...lagsOf(all.flatMap(({steady}) => steady))])]) w.setRecord(lag);
    for (const {lanes} of program.groups) lanes[0]!.steady.forEach((_, i) => { w.statement(lanes.map(({steady}) => steady[i]!)); });
  });
  addTick(m, program);
  fillPairs(m, program, pairs);
  if (!m.validate()) throw new Error('the emitted WebAssembly is not valid');
  const octets = m.emitBinary();
  m.dispose();
  return new Uint8Array(octets);
};
