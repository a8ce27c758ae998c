/** A decimal number: `digits` (no zeros at either end, `` for zero) times ten to the `exponent`. */
export interface Decimal {
  readonly negative: boolean;
  readonly digits: string;
  readonly exponent: number;
}

/** Digits between the highest and the lowest place that exact arithmetic will write out. */
const SPAN_MAX = 1000;
const EXPONENT_DIGITS_MAX = 9;
const GRAMMAR = /^(-?)(0|[1-9]\d*)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/u;

/** A number's text as a decimal; null when it is none (NaN, words, leading zeros) or its exponent has more than nine digits. */
export function parseDecimal(text: string): Decimal | null {
  const match = GRAMMAR.exec(text);
  if (match === null) return null;
  const [, sign, whole = '', fraction = '', power = '0'] = match;
  if (power.length > EXPONENT_DIGITS_MAX + 1) return null;
  const all = whole + fraction;
  const from = leadingZeros(all);
  if (from === all.length) return {negative: sign === '-', digits: '', exponent: 0};
  let to = all.length;
  while (all.charCodeAt(to - 1) === 0x30) to -= 1;
  return {negative: sign === '-', digits: all.slice(from, to), exponent: Number(power) - fraction.length + (all.length - to)};
}

/** The same number, however written. Zero has no sign here. */
export function sameNumber(left: Decimal, right: Decimal): boolean {
  return left.digits === right.digits && left.exponent === right.exponent && (left.negative === right.negative || left.digits === '');
}

/** Both as whole multiples of the same power of ten; null when that would take more than a thousand digits. */
export function aligned(numbers: readonly Decimal[]): {readonly units: readonly bigint[]; readonly exponent: number} | null {
  let exponent = Number.POSITIVE_INFINITY;
  let top = Number.NEGATIVE_INFINITY;
  for (const number of numbers) {
    if (number.digits === '') continue;
    exponent = Math.min(exponent, number.exponent);
    top = Math.max(top, number.exponent + number.digits.length);
  }
  if (exponent === Number.POSITIVE_INFINITY) return {units: numbers.map(() => 0n), exponent: 0};
  if (top - exponent > SPAN_MAX) return null;
  return {units: numbers.map((number) => unitsOf(number, exponent)), exponent};
}

/** The nearest double; Infinity beyond its range. */
export function toDouble(number: Decimal): number {
  return number.digits === '' ? (number.negative ? -0 : 0) : Number(`${number.negative ? '-' : ''}${number.digits}e${String(number.exponent)}`);
}

/** Place of the highest digit: 0 for 1..9, -1 for 0.1; -Infinity for zero. */
export function magnitude(number: Decimal): number {
  return number.digits === '' ? Number.NEGATIVE_INFINITY : number.exponent + number.digits.length - 1;
}

function unitsOf(number: Decimal, exponent: number): bigint {
  if (number.digits === '') return 0n;
  const units = BigInt(number.digits + '0'.repeat(number.exponent - exponent));
  return number.negative ? -units : units;
}

function leadingZeros(digits: string): number {
  let count = 0;
  while (digits.charCodeAt(count) === 0x30) count += 1;
  return count;
}
