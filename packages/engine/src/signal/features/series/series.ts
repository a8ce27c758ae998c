import type {Expression} from '../ir/expression.ts';

/** A value of each tick, and from which tick on it means something. */
export interface Series {
  /** unique in a program: says how it was made */
  readonly key: string;
  readonly value: Expression;
  /** ticks before the first one that counts */
  readonly start: number;
  /** numbers of the inputs that can make it NaN; empty when every bad input is held back */
  readonly inputs: readonly number[];
  /** the column whose jumps this series has, where it is no column itself */
  readonly column?: Series;
}
