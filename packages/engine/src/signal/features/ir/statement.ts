import type {Expression, Test} from './expression.ts';

export type Statement =
  | {readonly k: 'let'; readonly id: number; readonly value: Expression}
  | {readonly k: 'set'; readonly slot: number; readonly value: Expression}
  /** writes a field of this tick's record */
  | {readonly k: 'put'; readonly field: number; readonly value: Expression}
  | {readonly k: 'out'; readonly output: number; readonly value: Expression}
  | {readonly k: 'when'; readonly test: Test; readonly body: readonly Statement[]}
  /** exists only in the careful version: for young symbols and while a bad value is within the largest window */
  | {readonly k: 'careful'; readonly body: readonly Statement[]}
  /** visits the records of the last `ticks` ticks, oldest first */
  | {readonly k: 'loop'; readonly ticks: number; readonly body: readonly Statement[]}
  /** takes a value into a monotonic deque: what it makes meaningless goes, and no head stays behind the end; a value that is not finite is left out */
  | {readonly k: 'slide'; readonly deque: number; readonly value: Expression; readonly isOfInput: boolean; readonly mayBeBad: boolean}
  /**
   * lets a head of a deque leave what is too old; `id` becomes the extreme of the last `ticks` values (NaN when there is none), or `idAge` (if not null)
   * how many ticks ago it was
   */
  | {readonly k: 'extreme'; readonly deque: number; readonly head: number; readonly ticks: number; readonly id: number; readonly idAge: number | null; readonly isOfInput: boolean; readonly mayBeEmpty: boolean}
  /** keeps the last `ticks` values sorted in `area`; +Infinity stands for what is missing */
  | {readonly k: 'sorted'; readonly area: number; readonly ticks: number; readonly value: Expression; readonly leaving: Expression}
  /** `id` = the value at a place of a sorted area */
  | {readonly k: 'at'; readonly id: number; readonly area: number; readonly place: number}
  /** `id` = how many values of a sorted area are below, `idEqual` = how many equal `value` */
  | {readonly k: 'rank'; readonly id: number; readonly idEqual: number; readonly area: number; readonly ticks: number; readonly value: Expression};

const INNER: readonly Statement[] = [];
/** Statements directly inside one. */
export const bodyOf = (s: Statement): readonly Statement[] => ('body' in s ? s.body : INNER);

/** Expressions directly in a statement, without those of its body. */
export const expressionsOf = (s: Statement): readonly Expression[] => {
  switch (s.k) {
    case 'when': return s.test.k === 'compare' ? [s.test.a, s.test.b] : [];
    case 'sorted': return [s.value, s.leaving];
    case 'careful': case 'loop': case 'at': case 'extreme': return [];
    default: return [s.value];
  }
};

/** Variables that a statement gives a value. */
export const definedBy = (s: Statement): readonly number[] => {
  switch (s.k) {
    case 'let': case 'at': return [s.id];
    case 'extreme': return s.idAge === null ? [s.id] : [s.id, s.idAge];
    case 'rank': return [s.id, s.idEqual];
    default: return [];
  }
};
