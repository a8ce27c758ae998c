/**
 * Ten trees at once, each a chain load-compare-index of its own, so that the loads of one hide behind those of the others; nothing branches on data.
 * `Number(a > b)` compiles to a flag, a conditional to a branch. Leaves are added in the model's order, so the sum is that of a walk.
 */
export const LANES = 10;

/** Tables of trees of one depth: tree i starts at i << depth, children of its k-th node are its 2k+1-th and 2k+2-th. */
export interface PerfectTables {
  readonly kind: 'perfect';
  readonly depth: number;
  /** a multiple of {@link LANES}; `ownCount` are the model's */
  readonly treeCount: number;
  readonly ownCount: number;
  readonly threshold: Float64Array;
  /** where a node finds its value, in the row itself and in the extended row */
  readonly place: Uint16Array;
  readonly column: Uint16Array;
  readonly leaf: Float64Array;
}

/** Tables with explicit children, the left one at `child`, the right one behind it; a leaf is its own child and never right. */
export interface LinkedTables {
  readonly kind: 'linked';
  readonly depth: number;
  readonly treeCount: number;
  readonly ownCount: number;
  readonly roots: Int32Array;
  readonly child: Int32Array;
  readonly threshold: Float64Array;
  readonly place: Uint16Array;
  readonly column: Uint16Array;
  readonly leaf: Float64Array;
}

/** where the ten chains end; read before anything else can run */
const ends = new Int32Array(LANES);

const descendPerfect = (x: Float64Array, f: Uint16Array, t: Float64Array, depth: number, first: number): void => {
  let a0 = first << depth, a1 = (first + 1) << depth, a2 = (first + 2) << depth, a3 = (first + 3) << depth, a4 = (first + 4) << depth;
  let a5 = (first + 5) << depth, a6 = (first + 6) << depth, a7 = (first + 7) << depth, a8 = (first + 8) << depth, a9 = (first + 9) << depth;
  const c0 = 1 - a0 | 0, c1 = 1 - a1 | 0, c2 = 1 - a2 | 0, c3 = 1 - a3 | 0, c4 = 1 - a4 | 0, c5 = 1 - a5 | 0, c6 = 1 - a6 | 0, c7 = 1 - a7 | 0, c8 = 1 - a8 | 0, c9 = 1 - a9 | 0;
  for (let level = 0; level < depth; level++) {
    a0 = (a0 << 1) + c0 + Number((x[f[a0] as number] as number) > (t[a0] as number)) | 0;
    a1 = (a1 << 1) + c1 + Number((x[f[a1] as number] as number) > (t[a1] as number)) | 0;
    a2 = (a2 << 1) + c2 + Number((x[f[a2] as number] as number) > (t[a2] as number)) | 0;
    a3 = (a3 << 1) + c3 + Number((x[f[a3] as number] as number) > (t[a3] as number)) | 0;
    a4 = (a4 << 1) + c4 + Number((x[f[a4] as number] as number) > (t[a4] as number)) | 0;
    a5 = (a5 << 1) + c5 + Number((x[f[a5] as number] as number) > (t[a5] as number)) | 0;
    a6 = (a6 << 1) + c6 + Number((x[f[a6] as number] as number) > (t[a6] as number)) | 0;
    a7 = (a7 << 1) + c7 + Number((x[f[a7] as number] as number) > (t[a7] as number)) | 0;
    a8 = (a8 << 1) + c8 + Number((x[f[a8] as number] as number) > (t[a8] as number)) | 0;
    a9 = (a9 << 1) + c9 + Number((x[f[a9] as number] as number) > (t[a9] as number)) | 0;
  }
  const past = (1 << depth) - 1;
  ends[0] = a0 - past; ends[1] = a1 - past; ends[2] = a2 - past; ends[3] = a3 - past; ends[4] = a4 - past;
  ends[5] = a5 - past; ends[6] = a6 - past; ends[7] = a7 - past; ends[8] = a8 - past; ends[9] = a9 - past;
};

const descendLinked = (x: Float64Array, f: Uint16Array, {threshold: t, child: c, roots, depth}: LinkedTables, first: number): void => {
  let a0 = roots[first] as number, a1 = roots[first + 1] as number, a2 = roots[first + 2] as number, a3 = roots[first + 3] as number, a4 = roots[first + 4] as number;
  let a5 = roots[first + 5] as number, a6 = roots[first + 6] as number, a7 = roots[first + 7] as number, a8 = roots[first + 8] as number, a9 = roots[first + 9] as number;
  for (let level = 0; level < depth; level++) {
    a0 = (c[a0] as number) + Number((x[f[a0] as number] as number) > (t[a0] as number)) | 0;
    a1 = (c[a1] as number) + Number((x[f[a1] as number] as number) > (t[a1] as number)) | 0;
    a2 = (c[a2] as number) + Number((x[f[a2] as number] as number) > (t[a2] as number)) | 0;
    a3 = (c[a3] as number) + Number((x[f[a3] as number] as number) > (t[a3] as number)) | 0;
    a4 = (c[a4] as number) + Number((x[f[a4] as number] as number) > (t[a4] as number)) | 0;
    a5 = (c[a5] as number) + Number((x[f[a5] as number] as number) > (t[a5] as number)) | 0;
    a6 = (c[a6] as number) + Number((x[f[a6] as number] as number) > (t[a6] as number)) | 0;
    a7 = (c[a7] as number) + Number((x[f[a7] as number] as number) > (t[a7] as number)) | 0;
    a8 = (c[a8] as number) + Number((x[f[a8] as number] as number) > (t[a8] as number)) | 0;
    a9 = (c[a9] as number) + Number((x[f[a9] as number] as number) > (t[a9] as number)) | 0;
  }
  ends[0] = a0; ends[1] = a1; ends[2] = a2; ends[3] = a3; ends[4] = a4;
  ends[5] = a5; ends[6] = a6; ends[7] = a7; ends[8] = a8; ends[9] = a9;
};

/** Adds the leaves of all trees to `sum`, in order; `isSingle` rounds to float32 after each addition. */
export const addTables = (tables: PerfectTables | LinkedTables, x: Float64Array, isExtended: boolean, isSingle: boolean, sum: number): number => {
  const f = isExtended ? tables.column : tables.place;
  const {leaf, treeCount} = tables;
  for (let first = 0; first < treeCount; first += LANES) {
    if (tables.kind === 'perfect') descendPerfect(x, f, tables.threshold, tables.depth, first);
    else descendLinked(x, f, tables, first);
    if (isSingle) for (let u = 0; u < LANES; u++) sum = Math.fround(sum + (leaf[ends[u] as number] as number));
    else for (let u = 0; u < LANES; u++) sum += leaf[ends[u] as number] as number;
  }
  return sum;
};
