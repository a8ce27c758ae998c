// Writes src/signal/model/tree-kernel-octets.ts: the WebAssembly that runs tables of trees, as text of base64.
//   node packages/engine/emit/tree-kernel.ts
import {Buffer} from 'node:buffer';
import {writeFileSync} from 'node:fs';
import {join} from 'node:path';
import binaryen from 'binaryen';

const LANES = 8;
/** where the sum lies: a double that crossed the border of the module as an argument would be put into a box */
const SUM = 16;
/** octets of one level of a perfect group, and of one linked node; shifts make a flag an offset */
const PERFECT_SHIFT = 7;
const LINKED_SHIFT = 5;
const FIELD = {plain: 8, extended: 12} as const;
type Reading = keyof typeof FIELD;
type Precision = 'Double' | 'Single';

const lanes = Array.from({length: LANES}, (_, u) => u);
const each = (line: (u: number) => string): string => lanes.map(line).join('\n');
const isRight = (u: number, reading: Reading, offset: number): string =>
  `(f64.gt (f64.load (i32.load offset=${offset + FIELD[reading]} (local.get $a${u}))) (f64.load offset=${offset} (local.get $a${u})))`;
const addLeaf = (leaf: string, precision: Precision): string => precision === 'Double'
  ? `(local.set $sum (f64.add (local.get $sum) ${leaf}))`
  : `(local.set $single (f32.add (local.get $single) (f32.demote_f64 ${leaf})))`;
const frame = (name: string, precision: Precision, body: string): string => `
(func (export "${name}${precision}") (param $nodes i32) (param $leaves i32) (param $groups i32) (param $depth i32)
  (local $sum f64) (local $level i32) (local $end i32) (local $single f32) ${lanes.map((u) => `(local $a${u} i32)`).join(' ')}
  (local.set $sum (f64.load (i32.const ${SUM})))
  (local.set $single (f32.demote_f64 (local.get $sum)))
  (loop $group
    ${body}
    (br_if $group (local.tee $groups (i32.sub (local.get $groups) (i32.const 1)))))
  (f64.store (i32.const ${SUM}) ${precision === 'Double' ? '(local.get $sum)' : '(f64.promote_f32 (local.get $single))'}))`;
const levels = (step: string): string => `
    (local.set $level (local.get $depth))
    (loop $next ${step} (br_if $next (local.tee $level (i32.sub (local.get $level) (i32.const 1)))))`;

/** Heap order from 1 on, eight trees side by side: node k of lane u lies at nodes + k * 128 + u * 16, so its children are at 2a - nodes and 128 further. */
const perfect = (reading: Reading, precision: Precision): string => frame(`perfect${reading === 'plain' ? 'Plain' : 'Extended'}`, precision, `
    ${each((u) => `(local.set $a${u} (i32.add (local.get $nodes) (i32.const ${1 << PERFECT_SHIFT})))`)}
    ${levels(each((u) => `(local.set $a${u} (i32.add (i32.sub (i32.shl (local.get $a${u}) (i32.const 1)) (local.get $nodes)) (i32.shl ${isRight(u, reading, u * 16)} (i32.const ${PERFECT_SHIFT}))))`))}
    (local.set $end (i32.sub (local.get $leaves) (i32.shr_u (i32.add (local.get $nodes) (i32.shl (i32.const ${1 << PERFECT_SHIFT}) (local.get $depth))) (i32.const 1))))
    ${each((u) => addLeaf(`(f64.load offset=${u * 8} (i32.add (local.get $end) (i32.shr_u (local.get $a${u}) (i32.const 1))))`, precision))}
    (local.set $leaves (i32.add (local.get $leaves) (i32.shl (i32.const ${LANES * 8}) (local.get $depth))))
    (local.set $nodes (i32.add (local.get $nodes) (i32.shl (i32.const ${1 << PERFECT_SHIFT}) (local.get $depth))))`);

/** Nodes of 32 octets with the address of the left child at 16, the right one behind it; a leaf reads NaN, so it stays where it is, and has its value as threshold. */
const linked = (reading: Reading, precision: Precision): string => frame(`linked${reading === 'plain' ? 'Plain' : 'Extended'}`, precision, `
    ${each((u) => `(local.set $a${u} (i32.load offset=${u * 4} (local.get $leaves)))`)}
    ${levels(each((u) => `(local.set $a${u} (i32.add (i32.load offset=16 (local.get $a${u})) (i32.shl ${isRight(u, reading, 0)} (i32.const ${LINKED_SHIFT}))))`))}
    ${each((u) => addLeaf(`(f64.load (local.get $a${u}))`, precision))}
    (local.set $leaves (i32.add (local.get $leaves) (i32.const ${LANES * 4})))`);

/** 1 when all values from $at to $end (a multiple of 64 octets away) are finite: x * 0 is NaN for what is not, and NaN stays in a sum. */
const isFinite = `
(func (export "isFinite") (param $at i32) (param $end i32) (result i32)
  (local $a v128) (local $b v128) (local $c v128) (local $d v128)
  (loop $next
    ${['a', 'b', 'c', 'd'].map((sum, i) => `(local.set $${sum} (f64x2.add (local.get $${sum}) (f64x2.mul (v128.load offset=${i * 16} (local.get $at)) (v128.const f64x2 0 0))))`).join('\n')}
    (br_if $next (i32.lt_u (local.tee $at (i32.add (local.get $at) (i32.const 64))) (local.get $end))))
  (local.set $a (f64x2.add (f64x2.add (local.get $a) (local.get $b)) (f64x2.add (local.get $c) (local.get $d))))
  (f64.eq (f64.add (f64x2.extract_lane 0 (local.get $a)) (f64x2.extract_lane 1 (local.get $a))) (f64.const 0)))`;

/** Copies the values whose addresses stand from $source to $end, with the first of $constants where one is missing (NaN, or as near to zero as the second) and the largest double for +Infinity. */
const extend = `
(func (export "extend") (param $source i32) (param $end i32) (param $target i32) (param $constants i32)
  (local $x f64) (local $fill f64) (local $limit f64)
  (local.set $fill (f64.load (local.get $constants)))
  (local.set $limit (f64.load offset=8 (local.get $constants)))
  (block $done (loop $next
    (br_if $done (i32.ge_u (local.get $source) (local.get $end)))
    (local.set $x (f64.load (i32.load (local.get $source))))
    (f64.store (local.get $target) (select (local.get $fill)
      (select (f64.const ${Number.MAX_VALUE}) (local.get $x) (f64.gt (local.get $x) (f64.const ${Number.MAX_VALUE})))
      (i32.or (f64.ne (local.get $x) (local.get $x)) (f64.le (f64.abs (local.get $x)) (local.get $limit)))))
    (local.set $source (i32.add (local.get $source) (i32.const 4)))
    (local.set $target (i32.add (local.get $target) (i32.const 8)))
    (br $next))))`;

/** The module's octets; the same wherever they are made. */
export const emitTreeKernel = (): Uint8Array => {
  const parts = (['plain', 'extended'] as const).flatMap((reading) => (['Double', 'Single'] as const).flatMap((precision) => [perfect(reading, precision), linked(reading, precision)]));
  const module = binaryen.parseText(`(module (memory (import "host" "memory") 1 16384) ${parts.join('\n')} ${isFinite} ${extend})`);
  module.setFeatures(binaryen.Features.SIMD128);
  if (module.validate() === 0) throw new Error('the kernel is no valid module');
  const octets = module.emitBinary();
  module.dispose();
  return octets;
};

export const octetsSource = (octets: Uint8Array): string => `/** Made by emit/tree-kernel.ts; a test holds it against what that makes. */
export const TREE_KERNEL = '${Buffer.from(octets).toString('base64')}';
`;

if (process.argv[1] === import.meta.filename) writeFileSync(join(import.meta.dirname, '../src/signal/model/tree-kernel-octets.ts'), octetsSource(emitTreeKernel()));
