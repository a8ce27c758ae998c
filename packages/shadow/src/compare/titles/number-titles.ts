import {aligned, sameNumber, toDouble} from '../decimal.ts';
import type {Decimal} from '../decimal.ts';
import {decimalsOf} from './example-pairs.ts';
import type {NumberPair} from './example-pairs.ts';

/** The lanes as a title calls them. */
export interface LaneWords {
  readonly expected: string;
  readonly actual: string;
}

/** Fewest examples for which a law is more than chance. */
const LAW_EXAMPLES_MIN = 3;

/** What pairs of different numbers have in common; null when nothing that we know. */
export function numberTitle(pairs: readonly NumberPair[], words: LaneWords): string | null {
  const facts = [byWidth, bySign, byDouble, byCut, byZeroedTail, byLastPlace, byOffset, byFactor];
  for (const fact of facts) {
    const title = fact(pairs, words);
    if (title !== null) return title;
  }
  return null;
}

function bySign(pairs: readonly NumberPair[], {expected, actual}: LaneWords): string | null {
  const reversed = pairs.every(({left, right}) => left.digits !== '' && left.digits === right.digits && left.exponent === right.exponent && left.negative !== right.negative);
  return reversed ? `${actual} has the opposite sign of ${expected}` : null;
}

function byDouble(pairs: readonly NumberPair[], {actual, expected}: LaneWords): string | null {
  if (!pairs.every(({left, right}) => toDouble(left) === toDouble(right))) return null;
  const [first] = pairs as readonly [NumberPair];
  const looser = first.left.digits.length > first.right.digits.length ? actual : expected;
  return `the same double: ${looser} went through a double and lost digits`;
}

function byWidth(pairs: readonly NumberPair[], {actual}: LaneWords): string | null {
  for (const bits of [64n, 32n]) {
    const size = 1n << bits;
    const wraps = pairs.every(({left, right}) => {
      if (left.exponent < 0 || right.exponent < 0) return false;
      const units = aligned([left, right])?.units;
      const exponent = aligned([left, right])?.exponent ?? 0;
      if (units === undefined || exponent > 30) return false;
      const scale = 10n ** BigInt(Math.max(0, exponent));
      const difference = ((units[0] as bigint) - (units[1] as bigint)) * scale;
      return difference !== 0n && difference % size === 0n;
    });
    if (wraps) return `${actual} wraps at ${String(bits)} bits`;
  }
  return null;
}

/** Digits of the expected number replaced by zeros. */
function byCut(pairs: readonly NumberPair[], {actual}: LaneWords): string | null {
  for (const [places, word] of [[0, 'the fraction'], [3, 'the last 3 digits (thousandths of its unit)'], [6, 'the last 6 digits (millionths of its unit)']] as const) {
    if (pairs.every(({left, right}) => isCut(left, right, places))) return `${actual} cuts off ${word}`;
  }
  const kept = Math.max(...pairs.map(({actual: text}) => decimalsOf(text)));
  const longer = pairs.every(({expected: text}) => decimalsOf(text) > kept);
  return longer && pairs.every(({left, right}) => isCut(left, right, -kept)) ? `${actual} keeps only ${String(kept)} decimals` : null;
}

/** As many decimals as expected are written, but the last ones are all zero. */
function byZeroedTail(pairs: readonly NumberPair[], {actual}: LaneWords): string | null {
  if (pairs.length < LAW_EXAMPLES_MIN) return null;
  let zeros = Number.POSITIVE_INFINITY;
  for (const {expected, actual: text} of pairs) {
    const places = decimalsOf(expected);
    if (places === 0 || places !== decimalsOf(text) || expected.length !== text.length) return null;
    zeros = Math.min(zeros, /0*$/u.exec(text)?.[0].length ?? 0, places);
  }
  const cut = pairs.every(({expected, actual: text}) => expected.slice(0, expected.length - zeros) === text.slice(0, text.length - zeros));
  const [first] = pairs as readonly [NumberPair];
  return zeros > 0 && cut ? `${actual} cuts off the last ${String(zeros)} of ${String(decimalsOf(first.expected))} decimals and writes zeros` : null;
}

function isCut(left: Decimal, right: Decimal, places: number): boolean {
  const exact = aligned([left, right, {negative: false, digits: '1', exponent: places}]);
  if (exact === null) return false;
  const [whole, cut, unit] = exact.units as [bigint, bigint, bigint];
  return whole !== cut && whole - (whole % unit) === cut;
}

/** One unit of the last written place; ties to even leave an even digit, and that betrays the rounding. */
function byLastPlace(pairs: readonly NumberPair[], words: LaneWords): string | null {
  const steps: {readonly away: boolean; readonly up: boolean; readonly expectedEven: boolean; readonly actualEven: boolean}[] = [];
  for (const {left, right, expected, actual} of pairs) {
    const places = decimalsOf(expected);
    if (places === 0 || places !== decimalsOf(actual)) return null;
    const exact = aligned([left, right, {negative: false, digits: '1', exponent: -places}]);
    if (exact === null) return null;
    const [e, a, unit] = exact.units as [bigint, bigint, bigint];
    if (a - e !== unit && e - a !== unit) return null;
    const size = (value: bigint): bigint => (value < 0n ? -value : value);
    steps.push({away: size(a) > size(e), up: a > e, expectedEven: (e / unit) % 2n === 0n, actualEven: (a / unit) % 2n === 0n});
  }
  const {expected, actual} = words;
  if (steps.length >= LAW_EXAMPLES_MIN) {
    if (steps.every((step) => step.expectedEven && step.away)) return `${actual} rounds half up where ${expected} rounds half to even`;
    if (steps.every((step) => step.expectedEven && !step.away)) return `${actual} rounds half down where ${expected} rounds half to even`;
    if (steps.every((step) => step.actualEven && !step.away)) return `${actual} rounds half to even where ${expected} rounds half up`;
    if (steps.every((step) => !step.away)) return `${actual} cuts off where ${expected} rounds: one unit in the last place lower`;
    if (steps.every((step) => step.away)) return `${actual} is one unit in the last place larger`;
  }
  if (steps.every((step) => step.up)) return 'off by one unit in the last place, upwards';
  return steps.every((step) => !step.up) ? 'off by one unit in the last place, downwards' : 'off by one unit in the last place';
}

function byOffset(pairs: readonly NumberPair[], {expected, actual}: LaneWords): string | null {
  const [first] = pairs as readonly [NumberPair];
  const offset = difference(first);
  if (offset === null) return null;
  const constant = pairs.every((pair) => {
    const other = difference(pair);
    return other !== null && sameNumber(offset, other);
  });
  if (!constant || (!isOne(offset) && distinct(pairs) < LAW_EXAMPLES_MIN)) return null;
  return isOne(offset) ? `${actual} is off by one, ${offset.negative ? 'downwards' : 'upwards'}` : `${actual} = ${expected} ${offset.negative ? '-' : '+'} ${plain(offset)}`;
}

function byFactor(pairs: readonly NumberPair[], {expected, actual}: LaneWords): string | null {
  if (pairs.some(({left, right}) => left.digits === '' || right.digits === '')) return null;
  const [first] = pairs as readonly [NumberPair];
  const several = distinct(pairs) > 1;
  const power = several && first.left.digits === first.right.digits && first.left.negative === first.right.negative ? first.right.exponent - first.left.exponent : null;
  if (power !== null && pairs.every(({left, right}) => left.digits === right.digits && right.exponent - left.exponent === power)) {
    return `${actual} = ${expected} × ${plain({negative: false, digits: '1', exponent: power})}`;
  }
  if (distinct(pairs) < LAW_EXAMPLES_MIN) return null;
  const ratio = toDouble(first.right) / toDouble(first.left);
  const same = pairs.every(({left, right}) => Math.abs(toDouble(right) / toDouble(left) / ratio - 1) < 1e-9);
  return same ? `${actual} = ${expected} × ${String(Number(ratio.toPrecision(9)))}` : null;
}

/** The same exchange of one number for another over and over is no law. */
function distinct(pairs: readonly NumberPair[]): number {
  return new Set(pairs.map(({expected}) => expected)).size;
}

function difference({left, right}: NumberPair): Decimal | null {
  const exact = aligned([left, right]);
  if (exact === null) return null;
  const units = (exact.units[1] as bigint) - (exact.units[0] as bigint);
  const text = (units < 0n ? -units : units).toString();
  const digits = text.replace(/0+$/u, '');
  return {negative: units < 0n, digits, exponent: exact.exponent + text.length - digits.length};
}

function isOne(number: Decimal): boolean {
  return number.digits === '1' && number.exponent === 0;
}

/** Written out as far as that stays short. */
function plain({digits, exponent}: Decimal): string {
  if (exponent >= 0 && digits.length + exponent <= 15) return digits + '0'.repeat(exponent);
  if (exponent < 0 && exponent > -12 && digits.length <= 15) {
    const padded = digits.padStart(1 - exponent, '0');
    return `${padded.slice(0, exponent)}.${padded.slice(exponent)}`;
  }
  return `${digits}e${String(exponent)}`;
}
