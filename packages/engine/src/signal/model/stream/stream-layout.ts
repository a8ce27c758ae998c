/** trees that are walked side by side */
export const LANES = 8;

/** where the sum lies: a double that crossed the border of the module would be put into a box on the heap */
export const STREAM_SUM_ADDRESS = 16;

/** Addresses of what the kernel finds at its beginning, 32-bit words each; `...Offset` counts from the begin of a symbol's state. */
export const HEADER = {
  columns: 64, columnsEnd: 68, moved: 72, ranges: 76, rangesEnd: 80, list: 84, all: 88, allEnd: 92, roots: 96, valuesDistance: 100, nobody: 104, crossedMax: 108,
  boundsOffset: 112, leavesOffset: 116, valuesOffset: 120, knownOffset: 124,
} as const;
export const HEADER_END = 128;

/** Of a column: address of its value in the row, of its first threshold, of the list of entries by rank, of what stands for a missing value; halvings of a search. */
export const COLUMN = {value: 0, thresholds: 4, starts: 8, treat: 12, steps: 16, bytes: 20} as const;
/** more thresholds than halvings of this find are not followed */
export const SEARCH_STEPS_MAX = 15;
/** tree, first leaf, number of leaves: a node in the list of its threshold */
export const ENTRY_BYTES = 8;
/** offset of the rank that it reads in the state, rank that it asks for, address of its left child; a leaf reads the rank that is always 0, and asks for its number */
export const NODE_BYTES = 8;

/** 16-bit numbers hold trees, leaves of a tree, and offsets of ranks */
export const STREAM_LIMITS = {trees: 65_000, leaves: 65_000, columns: 32_000, thresholds: 2 ** SEARCH_STEPS_MAX - 1, tableBytes: 2 ** 28, stateBytes: 2 ** 28} as const;
