// Writes src/signal/model/stream/stream-kernel-octets.ts: the WebAssembly that follows the rows of a stream, as text of base64.
//   node packages/engine/emit/stream-kernel.ts
import {writeFileSync} from 'node:fs';
import {join} from 'node:path';
import binaryen from 'binaryen';
import {COLUMN, ENTRY_BYTES, HEADER, LANES, NODE_BYTES, SEARCH_STEPS_MAX, STREAM_SUM_ADDRESS} from '../src/signal/model/stream/stream-layout.ts';
import {octetsSource} from './tree-kernel.ts';

const lanes = Array.from({length: LANES}, (_, u) => u);
const each = (line: (u: number) => string): string => lanes.map(line).join('\n');
const head = (name: keyof typeof HEADER): string => `(i32.load (i32.const ${HEADER[name]}))`;
const takeHead = (...names: (keyof typeof HEADER)[]): string => names.map((name) => `(local.set $${name} ${head(name)})`).join('\n');
const headLocals = (...names: (keyof typeof HEADER)[]): string => names.map((name) => `(local $${name} i32)`).join(' ');

/** Lists the columns whose value is not in (lo, hi] any more, two at a time and without a branch on data; a missing value is in no interval. @returns the list's end */
const findMoved = `
(func $findMoved (param $state i32) (result i32)
  (local $at i32) (local $bounds i32) (local $column i32) (local $x v128) (local $in i32) (local $end i32) ${headLocals('columnsEnd')}
  ${takeHead('columnsEnd')}
  (local.set $at ${head('columns')})
  (local.set $bounds (i32.add (local.get $state) ${head('boundsOffset')}))
  (local.set $end ${head('moved')})
  (loop $pair
    (local.set $x (v128.load64_lane 1 (i32.load offset=${COLUMN.bytes} (local.get $at)) (v128.load64_zero (i32.load (local.get $at)))))
    (local.set $in (i64x2.bitmask (v128.and (f64x2.gt (local.get $x) (v128.load (local.get $bounds))) (f64x2.le (local.get $x) (v128.load offset=16 (local.get $bounds))))))
    (i32.store (local.get $end) (local.get $column))
    (local.set $end (i32.sub (i32.add (local.get $end) (i32.const 4)) (i32.shl (i32.and (local.get $in) (i32.const 1)) (i32.const 2))))
    (i32.store (local.get $end) (i32.add (local.get $column) (i32.const 1)))
    (local.set $end (i32.sub (i32.add (local.get $end) (i32.const 4)) (i32.shl (i32.shr_u (local.get $in) (i32.const 1)) (i32.const 2))))
    (local.set $column (i32.add (local.get $column) (i32.const 2)))
    (local.set $bounds (i32.add (local.get $bounds) (i32.const 32)))
    (br_if $pair (i32.lt_u (local.tee $at (i32.add (local.get $at) (i32.const ${2 * COLUMN.bytes}))) (local.get $columnsEnd))))
  (local.get $end))`;

/** From the first threshold of a column to the first that x is not above; enters as many halvings as the column's thresholds need. */
const search = (): string => {
  const step = (left: number): string => `(local.set $p (i32.add (local.get $p) (i32.shl (f64.gt (local.get $x) (f64.load offset=${((1 << left) - 1) * 8} (local.get $p))) (i32.const ${3 + left}))))`;
  let body = `(br_table ${Array.from({length: SEARCH_STEPS_MAX + 1}, (_, steps) => `$s${steps}`).join(' ')} (i32.load offset=${COLUMN.steps} (local.get $at)))`;
  for (let left = SEARCH_STEPS_MAX; left >= 1; left--) body = `(block $s${left} ${body}) ${step(left - 1)}`;
  return `(block $s0 ${body})`;
};

/** Finds the new interval of each moved column, and the list of what was crossed on the way: from and to in the list of entries. @returns octets of entries that were crossed */
const settleMoved = `
(func $settleMoved (param $state i32) (param $end i32) (result i32)
  (local $next i32) (local $column i32) (local $at i32) (local $x f64) (local $p i32) (local $first i32) (local $cell i32) (local $bounds i32) (local $treat i32)
  (local $old i32) (local $new i32) (local $starts i32) (local $from i32) (local $to i32) (local $isUp i32) (local $range i32) (local $total i32) ${headLocals('columns', 'boundsOffset')}
  ${takeHead('columns', 'boundsOffset')}
  (local.set $next ${head('moved')})
  (local.set $range ${head('ranges')})
  (block $done (br_if $done (i32.ge_u (local.get $next) (local.get $end))) (loop $moved
    (local.set $column (i32.load (local.get $next)))
    (local.set $at (i32.add (local.get $columns) (i32.mul (local.get $column) (i32.const ${COLUMN.bytes}))))
    (local.set $x (f64.load (i32.load (local.get $at))))
    (local.set $treat (i32.load offset=${COLUMN.treat} (local.get $at)))
    (local.set $x (select (f64.load (local.get $treat))
      (select (f64.const ${Number.MAX_VALUE}) (local.get $x) (f64.gt (local.get $x) (f64.const ${Number.MAX_VALUE})))
      (i32.or (f64.ne (local.get $x) (local.get $x)) (f64.le (f64.abs (local.get $x)) (f64.load offset=8 (local.get $treat))))))
    (local.set $first (local.tee $p (i32.load offset=${COLUMN.thresholds} (local.get $at))))
    ${search()}
    (local.set $bounds (i32.add (i32.add (local.get $state) (local.get $boundsOffset)) (i32.add (i32.shl (i32.shr_u (local.get $column) (i32.const 1)) (i32.const 5)) (i32.shl (i32.and (local.get $column) (i32.const 1)) (i32.const 3)))))
    (f64.store (local.get $bounds) (select (f64.const inf) (f64.load (i32.sub (local.get $p) (i32.const 8))) (f64.ge (f64.load offset=8 (local.get $treat)) (f64.const 0))))
    (f64.store offset=16 (local.get $bounds) (f64.load (local.get $p)))
    (local.set $cell (i32.add (local.get $state) (i32.shl (i32.add (local.get $column) (i32.const 1)) (i32.const 1))))
    (local.set $old (i32.load16_u (local.get $cell)))
    (local.set $new (i32.shr_u (i32.sub (local.get $p) (local.get $first)) (i32.const 3)))
    (i32.store16 (local.get $cell) (local.get $new))
    (local.set $starts (i32.load offset=${COLUMN.starts} (local.get $at)))
    (local.set $from (i32.load (i32.add (local.get $starts) (i32.shl (local.get $old) (i32.const 2)))))
    (local.set $to (i32.load (i32.add (local.get $starts) (i32.shl (local.get $new) (i32.const 2)))))
    (local.set $isUp (i32.gt_u (local.get $to) (local.get $from)))
    (i32.store (local.get $range) (select (local.get $from) (local.get $to) (local.get $isUp)))
    (i32.store offset=4 (local.get $range) (select (local.get $to) (local.get $from) (local.get $isUp)))
    (local.set $total (i32.add (local.get $total) (i32.sub (i32.load offset=4 (local.get $range)) (i32.load (local.get $range)))))
    (local.set $range (i32.add (local.get $range) (i32.const 8)))
    (br_if $moved (i32.lt_u (local.tee $next (i32.add (local.get $next) (i32.const 4))) (local.get $end)))))
  (i32.store (i32.const ${HEADER.rangesEnd}) (local.get $range))
  (local.get $total))`;

/** Lists each tree that has a crossed node above the leaf where it stands, once for each such node: the leaves under a node are a run of numbers, so that nothing branches on data. @returns the list's end */
const listCrossed = `
(func $listCrossed (param $state i32) (result i32)
  (local $range i32) (local $at i32) (local $end i32) (local $tree i32) (local $leaves i32) (local $last i32) ${headLocals('rangesEnd')}
  ${takeHead('rangesEnd')}
  (local.set $range ${head('ranges')})
  (local.set $last ${head('list')})
  (local.set $leaves (i32.add (local.get $state) ${head('leavesOffset')}))
  (block $done (loop $ranges
    (br_if $done (i32.ge_u (local.get $range) (local.get $rangesEnd)))
    (local.set $at (i32.load (local.get $range)))
    (local.set $end (i32.load offset=4 (local.get $range)))
    (local.set $range (i32.add (local.get $range) (i32.const 8)))
    (br_if $ranges (i32.ge_u (local.get $at) (local.get $end)))
    (loop $entries
      (local.set $tree (i32.load16_u (local.get $at)))
      (i32.store (local.get $last) (local.get $tree))
      (local.set $last (i32.add (local.get $last) (i32.shl
        (i32.lt_u (i32.sub (i32.load16_u (i32.add (local.get $leaves) (i32.shl (local.get $tree) (i32.const 1)))) (i32.load16_u offset=2 (local.get $at))) (i32.load16_u offset=4 (local.get $at))) (i32.const 2))))
      (br_if $entries (i32.lt_u (local.tee $at (i32.add (local.get $at) (i32.const ${ENTRY_BYTES}))) (local.get $end))))
    (br $ranges)))
  (local.get $last))`;

const goesRight = (u: number): string => `(i32.gt_u (i32.load16_u (i32.add (local.get $state) (i32.load16_u (local.get $a${u})))) (i32.load16_u offset=2 (local.get $a${u})))`;
/** Walks the listed trees, as many side by side as there are lanes, and keeps the leaf of each and its value; a leaf is its own left child and nothing is above it. */
const walk = `
(func $walk (param $state i32) (param $next i32) (param $end i32)
  (local $level i32) (local $depth i32) (local $leaves i32) (local $values i32) ${each((u) => `(local $a${u} i32) (local $t${u} i32)`)} ${headLocals('roots', 'valuesDistance')}
  ${takeHead('roots', 'valuesDistance')}
  (local.set $leaves (i32.add (local.get $state) ${head('leavesOffset')}))
  (local.set $values (i32.add (local.get $state) ${head('valuesOffset')}))
  ${each((u) => `(i32.store offset=${4 * u} (local.get $end) ${head('nobody')})`)}
  (block $done (loop $group
    (br_if $done (i32.ge_u (local.get $next) (local.get $end)))
    (local.set $depth (i32.const 1))
    ${each((u) => `(local.set $t${u} (i32.load offset=${4 * u} (local.get $next)))
    (local.set $a${u} (i32.add (local.get $roots) (i32.shl (local.get $t${u}) (i32.const 3))))
    (local.set $level (i32.load offset=4 (local.get $a${u})))
    (local.set $depth (select (local.get $level) (local.get $depth) (i32.gt_u (local.get $level) (local.get $depth))))
    (local.set $a${u} (i32.load (local.get $a${u})))`)}
    (loop $levels
      ${each((u) => `(local.set $a${u} (i32.add (i32.load offset=4 (local.get $a${u})) (i32.shl ${goesRight(u)} (i32.const ${Math.log2(NODE_BYTES)}))))`)}
      (br_if $levels (local.tee $depth (i32.sub (local.get $depth) (i32.const 1)))))
    ${each((u) => `(local.set $t${u} (i32.load offset=${4 * u} (local.get $next)))
    (i32.store16 (i32.add (local.get $leaves) (i32.shl (local.get $t${u}) (i32.const 1))) (i32.load16_u offset=2 (local.get $a${u})))
    (f64.store (i32.add (local.get $values) (i32.shl (local.get $t${u}) (i32.const 3))) (f64.load (i32.add (local.get $valuesDistance) (local.get $a${u}))))`)}
    (local.set $next (i32.add (local.get $next) (i32.const ${4 * LANES})))
    (br $group))))`;

/** Brings a symbol's state to the row that lies in memory. @returns octets of the list of trees that were walked, 4 a tree, twice where two nodes above its leaf were crossed; -1, with nothing changed, where more columns moved than `movedMax` */
const advance = `
(func (export "advance") (param $state i32) (param $movedMax i32) (result i32)
  (local $moved i32) (local $crossed i32) (local $list i32) (local $end i32) (local $known i32)
  (local.set $known (i32.add (local.get $state) ${head('knownOffset')}))
  (local.set $moved (call $findMoved (local.get $state)))
  (if (i32.and (i32.gt_u (i32.sub (local.get $moved) ${head('moved')}) (i32.shl (local.get $movedMax) (i32.const 2))) (i32.load16_u (local.get $known)))
    (then (return (i32.const -1))))
  (local.set $crossed (call $settleMoved (local.get $state) (local.get $moved)))
  (if (i32.and (i32.le_u (local.get $crossed) ${head('crossedMax')}) (i32.load16_u (local.get $known)))
    (then
      (local.set $list ${head('list')})
      (local.set $end (call $listCrossed (local.get $state))))
    (else
      (i32.store16 (local.get $known) (i32.const 1))
      (local.set $list ${head('all')})
      (local.set $end ${head('allEnd')})))
  (call $walk (local.get $state) (local.get $list) (local.get $end))
  (i32.sub (local.get $end) (local.get $list)))`;

const sum = (precision: 'Double' | 'Single'): string => {
  const add = (at: number): string => precision === 'Double' ? `(local.set $sum (f64.add (local.get $sum) (f64.load offset=${8 * at} (local.get $at))))` : `(local.set $single (f32.add (local.get $single) (f32.demote_f64 (f64.load offset=${8 * at} (local.get $at)))))`;
  return `
(func (export "sum${precision}") (param $at i32) (param $end i32)
  (local $sum f64) (local $single f32)
  (local.set $sum (f64.load (i32.const ${STREAM_SUM_ADDRESS})))
  (local.set $single (f32.demote_f64 (local.get $sum)))
  (block $done (loop $next
    (br_if $done (i32.ge_u (local.get $at) (local.get $end)))
    ${each(add)}
    (local.set $at (i32.add (local.get $at) (i32.const ${8 * LANES})))
    (br $next)))
  (f64.store (i32.const ${STREAM_SUM_ADDRESS}) ${precision === 'Double' ? '(local.get $sum)' : '(f64.promote_f32 (local.get $single))'}))`;
};

/** The module's octets; the same wherever they are made. */
export const emitStreamKernel = (): Uint8Array => {
  const text = [findMoved, settleMoved, listCrossed, walk, advance, sum('Double'), sum('Single')].join('\n');
  const module = binaryen.parseText(`(module (memory (import "host" "memory") 1 16384) ${text})`);
  module.setFeatures(binaryen.Features.SIMD128);
  if (module.validate() === 0) throw new Error('the kernel is no valid module');
  const octets = module.emitBinary();
  module.dispose();
  return octets;
};

if (process.argv[1] === import.meta.filename) writeFileSync(join(import.meta.dirname, '../src/signal/model/stream/stream-kernel-octets.ts'), octetsSource(emitStreamKernel()).replace('TREE_KERNEL', 'STREAM_KERNEL').replace('tree-kernel', 'stream-kernel'));
