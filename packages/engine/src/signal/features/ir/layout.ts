import type {Deque, ProgramBuilder} from './program-builder.ts';
import type {Group} from './schedule.ts';
import {constantsOf, walkStatements} from './visit.ts';

const DOUBLES_PER_LINE = 8;
const upToLine = (count: number): number => Math.ceil(count / DOUBLES_PER_LINE) * DOUBLES_PER_LINE;
const powerOfTwo = (least: number): number => 2 ** Math.ceil(Math.log2(Math.max(1, least)));

/**
 * Where everything lies, counted in doubles (integers in halves of one). One block of memory serves all symbols:
 * mailbox (8), row, scratch, slots at work, then for each symbol its ring of records, slots, sorted areas, and integers.
 */
export interface Layout {
  readonly rowAt: number;
  readonly rowLength: number;
  readonly scratchAt: number;
  /** where the TypeScript form keeps the slots of the symbol that it works on: a constant index needs no bounds check and a third of the code */
  readonly workAt: number;
  readonly slotCount: number;
  /** numbers of the program and where the TypeScript form keeps them: a load is half the code of a number written out, and code is what it waits for */
  readonly constants: ReadonlyMap<number, number>;
  /** where the WebAssembly form keeps pairs of numbers, for the same reason */
  readonly pairsAt: number;
  readonly symbolsAt: number;
  readonly symbolDoubles: number;
  readonly recordDoubles: number;
  readonly recordFields: number;
  readonly ringRecords: number;
  /** from the beginning of a symbol */
  readonly slotsAt: number;
  readonly slotPlaces: readonly number[];
  readonly areaPlaces: readonly number[];
  /** from the beginning of a symbol, in doubles; integers count from there */
  readonly intsAt: number;
  readonly intCount: number;
  /** place in the integers of each window's countdown */
  readonly turnPlaces: ReadonlyMap<number, number>;
  readonly dequePlaces: readonly DequePlace[];
  readonly outputPlaces: readonly number[];
  /** ticks after which nothing is young any more */
  readonly horizon: number;
  /** the largest window */
  readonly reach: number;
}

/** Where a deque lies. All but `valuesAt` count in the symbol's integers. */
export interface DequePlace {
  readonly side: 'max' | 'min';
  /** how many entries were ever put in and not taken off the end again; the heads, one for each window, stand behind it */
  readonly endAt: number;
  readonly heads: number;
  /** the head of the largest window */
  readonly oldestAt: number;
  /** a power of two: entry `n` lies at `n & (capacity - 1)` */
  readonly capacity: number;
  /** the tick of each entry */
  readonly ticksAt: number;
  /** the value of each entry, in doubles from the beginning of the symbol */
  readonly valuesAt: number;
}

/** Integers of a symbol before the countdowns: ticks, tick of the last bad value, tick of the last missing value of each input. */
export const INT_TICKS = 0;
export const INT_LAST_BAD = 1;
export const INT_LAST_MISSING = 2;
const TICK_INPUTS = 7;
/** Where the countdowns begin: seven inputs have their integers in every program, a bar's `open` only where it is read. */
export const firstCountdown = (inputs: Iterable<number>): number => INT_LAST_MISSING + Math.max(TICK_INPUTS, ...[...inputs].map((field) => field + 1));
/** "never": far enough before the first tick */
export const LONG_AGO = -(2 ** 30);

const capacityOf = ({windows}: Deque): number => powerOfTwo(Math.max(...windows) + 1);

/** As many pairs of numbers as two lanes could need if no two were alike. */
const pairsAtMost = (groups: readonly Group[]): number => {
  let pairs = 0;
  for (const {lanes: [lane, other]} of groups) if (lane !== undefined && other !== undefined) walkStatements(lane.steady, (e) => { if (e.k === 'const') pairs++; });
  return pairs;
};

/** Slots and outputs of a pair alternate, so that two lanes are one load or store. */
const interleave = (groups: readonly Group[], of: (lane: Group['lanes'][number]) => readonly number[], count: number): number[] => {
  const places = new Array<number>(count).fill(0);
  let next = 0;
  const wide: (readonly number[])[] = [], narrow: number[] = [];
  for (const {lanes} of groups) {
    const lists = lanes.map(of);
    if (lists.length === 2) lists[0]!.forEach((a, i) => { wide.push([a, lists[1]![i]!]); });
    else narrow.push(...lists.flat());
  }
  for (const id of [...wide.flat(), ...narrow]) places[id] = next++;
  return places;
};

export const layOut = (program: ProgramBuilder, groups: readonly Group[], span: {readonly horizon: number; readonly reach: number}): Layout => {
  const recordFields = program.fields.length + 1;
  const recordDoubles = Math.max(DOUBLES_PER_LINE, powerOfTwo(recordFields));
  const ringRecords = powerOfTwo(span.reach + 1);
  const slotsAt = ringRecords * recordDoubles;
  // the integers beside the slots: a page less that a tick touches
  const intsAt = slotsAt + upToLine(program.slotCount);
  let ints = firstCountdown(program.inputs);
  const turnPlaces = new Map([...program.turns.keys()].map((ticks) => [ticks, ints++]));
  // ends and heads of all deques together: they are read on every tick, the entries here and there
  const ends = program.deques.map(({windows}) => { const at = ints; ints += windows.length + 1; return at; });
  const tickPlaces = program.deques.map((deque) => { const at = upToLine(ints / 2) * 2; ints = at + capacityOf(deque); return at; });
  let next = intsAt + upToLine(ints / 2);
  const areaPlaces = program.areas.map(({doubles}) => { const at = next; next += upToLine(doubles); return at; });
  const dequePlaces = program.deques.map((deque, i): DequePlace => {
    const {side, windows} = deque, capacity = capacityOf(deque), endAt = ends[i]!, valuesAt = next;
    next += upToLine(capacity);
    return {side, endAt, heads: windows.length, oldestAt: endAt + 1 + windows.indexOf(Math.max(...windows)), capacity, ticksAt: tickPlaces[i]!, valuesAt};
  });
  const rowLength = program.outputs.length;
  const rowAt = DOUBLES_PER_LINE, scratchAt = rowAt + upToLine(rowLength), workAt = scratchAt + upToLine(program.variableCount);
  const constantsAt = workAt + upToLine(program.slotCount);
  const numbers = [...new Set(groups.flatMap(({lanes}) => lanes.flatMap(({careful, steady}) => [...constantsOf(steady), ...constantsOf(careful)])))];
  const constants = new Map(numbers.map((value, i) => [value, constantsAt + i]));
  const pairsAt = constantsAt + upToLine(numbers.length);
  const symbolsAt = pairsAt + upToLine(2 * pairsAtMost(groups));
  return {
    rowAt, rowLength, scratchAt, workAt, slotCount: program.slotCount, constants, pairsAt, symbolsAt, symbolDoubles: next, recordDoubles, recordFields, ringRecords, slotsAt,
    slotPlaces: interleave(groups, ({unit}) => unit.slots, program.slotCount), areaPlaces, intsAt, intCount: ints, turnPlaces, dequePlaces,
    outputPlaces: interleave(groups, ({unit}) => unit.outputs, rowLength), ...span,
  };
};
