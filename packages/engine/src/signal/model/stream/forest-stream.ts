import type {PlaceOf} from '../build-tables.ts';
import type {Forest} from '../forest.ts';
import {buildWalk, walkValue, type WalkTree} from '../walk-segment.ts';
import {wasmHost} from '../wasm-host.ts';
import {streamKernel} from './stream-kernel.ts';
import {STREAM_LIMITS, STREAM_SUM_ADDRESS} from './stream-layout.ts';
import {planStream} from './stream-plan.ts';
import {layoutStream, writeStream} from './stream-tables.ts';

const PAGE_BYTES = 65_536;
const WALKED_BYTES = 4;
/** beyond this share of columns nearly every tree has one of them on its way */
const MOVED_SHARE = 0.75;

/** Follows rows of symbols through a forest: each row costs what has changed since the last one of its symbol, and gives the same sums to the bit. */
export interface ForestStream {
  readonly tableBytes: number;
  readonly stateBytesPerSymbol: number;
  /** walks of a tree since the beginning, of {@link trees} with each row */
  readonly treesWalked: number;
  readonly trees: number;
  readonly rows: number;
  /** Writes the raw sums of the next row of a symbol, 0 <= symbol < symbols. False, and nothing done, where the row is so far from the last one that the whole forest is cheaper. */
  raw(symbol: number, row: Float64Array, sums: Float64Array): boolean;
  /** The same, however far the row is. */
  follow(symbol: number, row: Float64Array, sums: Float64Array): void;
}

/**
 * A stream for so many symbols over rows of one layout, with memory of its own. Null where it would not help or need too much: no tree that tables hold,
 * more than 16-bit numbers of trees or thresholds, or more than 256 MB of tables or of state (about 5 KB a symbol for 300 trees of depth 6 over 84 features).
 */
export const openForestStream = (forest: Forest, {placeOf, rowLength, symbols}: {placeOf: PlaceOf; rowLength: number; symbols: number}): ForestStream | null => {
  const plan = planStream(forest, placeOf);
  if (plan === null) return null;
  const layout = layoutStream(plan, rowLength), {stateBytes, states, header} = layout, end = states + symbols * stateBytes;
  if (states > STREAM_LIMITS.tableBytes || symbols * stateBytes > STREAM_LIMITS.stateBytes) return null;
  const memory = new wasmHost.Memory({initial: Math.ceil(end / PAGE_BYTES), maximum: Math.ceil(end / PAGE_BYTES)});
  writeStream({view: new DataView(memory.buffer), forest, placeOf, plan, layout}, rowLength);
  const kernel = streamKernel(memory, forest.precision), input = new Float64Array(memory.buffer, layout.row, rowLength), cell = new Float64Array(memory.buffer, STREAM_SUM_ADDRESS, 1);
  const values = new Float64Array(memory.buffer), walks = plan.walked.map(({slot, tree}): {slot: number; walk: WalkTree} => ({slot, walk: buildWalk(forest, tree, placeOf)}));
  const {base, baseLast, rawCount} = forest, isSingle = forest.precision === 'single';
  const firsts = plan.outputs.map(({first}) => header.valuesOffset + first * 8), ends = plan.outputs.map((output) => header.valuesOffset + output.end * 8);
  // fields that change on every row are doubles in place, not properties that a box would hang on
  const counts = new Float64Array(2);
  const advance = (symbol: number, movedMax: number, row: Float64Array, sums: Float64Array): boolean => {
    const state = states + symbol * stateBytes;
    input.set(row);
    const walkedBytes = kernel.advance(state, movedMax);
    if (walkedBytes < 0) return false;
    counts[0]! += walkedBytes;
    counts[1]!++;
    for (let i = 0; i < walks.length; i++) {
      const {slot, walk} = walks[i]!;
      values[(state + header.valuesOffset) / 8 + slot] = walkValue(walk, row);
    }
    for (let output = 0; output < rawCount; output++) {
      cell[0] = baseLast ? 0 : base[output] as number;
      kernel.sum(state + (firsts[output] as number), state + (ends[output] as number));
      const sum = cell[0] as number;
      sums[output] = baseLast ? isSingle ? Math.fround(sum + (base[output] as number)) : sum + (base[output] as number) : sum;
    }
    return true;
  };
  const {length} = plan.columns, movedMax = Math.ceil(length * MOVED_SHARE);
  return {
    tableBytes: states, stateBytesPerSymbol: stateBytes, trees: forest.trees.length,
    get treesWalked() { return (counts[0] as number) / WALKED_BYTES + walks.length * (counts[1] as number); },
    get rows() { return counts[1] as number; },
    raw: (symbol, row, sums) => advance(symbol, movedMax, row, sums),
    follow: (symbol, row, sums) => { advance(symbol, length + 1, row, sums); },
  };
};
