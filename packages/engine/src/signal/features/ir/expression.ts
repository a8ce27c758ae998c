/**
 * The language in which every feature is written once. Only what is rounded correctly everywhere (`+ - * / sqrt`), comparisons and choices,
 * so that all emitters agree bit for bit; `log` is the exception and makes its feature one of class ULP.
 */
export type Expression =
  | {readonly k: 'const'; readonly value: number}
  | {readonly k: 'var'; readonly id: number}
  /** one of the seven values of this tick */
  | {readonly k: 'input'; readonly field: number}
  /** ticks of this symbol before this one */
  | {readonly k: 'age'}
  | {readonly k: 'load'; readonly slot: number}
  /** what `set` has just stored as `value`; read from memory only where a careful statement may have changed it */
  | {readonly k: 'reload'; readonly slot: number; readonly value: Expression}
  /** a field of the record `lag` ticks ago; lag 0 is this tick's */
  | {readonly k: 'past'; readonly field: number; readonly lag: number}
  /** a field of the record at which a loop stands */
  | {readonly k: 'visited'; readonly field: number}
  | {readonly k: 'binary'; readonly op: BinaryOp; readonly a: Expression; readonly b: Expression}
  | {readonly k: 'unary'; readonly op: UnaryOp; readonly a: Expression}
  | {readonly k: 'select'; readonly test: Test; readonly a: Expression; readonly b: Expression};

/** `max(a, b) = a < b ? b : a` and `min(a, b) = b < a ? b : a`, in every language and for NaN and -0 too. */
export type BinaryOp = '+' | '-' | '*' | '/' | 'min' | 'max';
export type UnaryOp = 'sqrt' | 'abs' | 'log';
export type CompareOp = '<' | '<=' | '==' | '!=';

export type Test =
  | {readonly k: 'compare'; readonly op: CompareOp; readonly a: Expression; readonly b: Expression}
  /** fewer than so many ticks came before this one; false in the steady version */
  | {readonly k: 'before'; readonly ticks: number}
  /** an input was not finite within the last `ticks` ticks, this one included; `input` is its number; false in the steady version */
  | {readonly k: 'missing'; readonly input: number; readonly ticks: number}
  /** the record `lag` ticks ago must not be subtracted again; false in the steady version */
  | {readonly k: 'bad'; readonly lag: number};

export type Operand = Expression | number;

export const num = (value: Operand): Expression => (typeof value === 'number' ? {k: 'const', value} : value);
const binary = (op: BinaryOp) => (a: Operand, b: Operand): Expression => ({k: 'binary', op, a: num(a), b: num(b)});
const unary = (op: UnaryOp) => (a: Operand): Expression => ({k: 'unary', op, a: num(a)});
const compare = (op: CompareOp) => (a: Operand, b: Operand): Test => ({k: 'compare', op, a: num(a), b: num(b)});

export const add = binary('+');
export const sub = binary('-');
export const mul = binary('*');
export const div = binary('/');
export const min = binary('min');
export const max = binary('max');
export const sqrt = unary('sqrt');
export const abs = unary('abs');
export const log = unary('log');
export const lessThan = compare('<');
export const atMost = compare('<=');
export const equal = compare('==');
export const notEqual = compare('!=');
export const before = (ticks: number): Test => ({k: 'before', ticks});
export const select = (test: Test, a: Operand, b: Operand): Expression => ({k: 'select', test, a: num(a), b: num(b)});
export const past = (field: number, lag: number): Expression => ({k: 'past', field, lag});
export const NOT_A_NUMBER: Expression = {k: 'const', value: Number.NaN};

const testOperands = (test: Test): readonly Expression[] => (test.k === 'compare' ? [test.a, test.b] : []);

/** The expressions directly inside one. */
export const operandsOf = (e: Expression): readonly Expression[] => {
  switch (e.k) {
    case 'binary': return [e.a, e.b];
    case 'unary': return [e.a];
    case 'select': return [...testOperands(e.test), e.a, e.b];
    case 'reload': return [e.value];
    default: return [];
  }
};

/** Calls `visit` for an expression and all inside it. */
export const walk = (e: Expression, visit: (inner: Expression) => void): void => {
  visit(e);
  for (const inner of operandsOf(e)) walk(inner, visit);
};
