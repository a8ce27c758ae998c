import {aligned, magnitude, toDouble} from './decimal.ts';
import type {Decimal} from './decimal.ts';

/** Whether two numbers are close enough, and the signed error in units of the tolerance (actual - expected), -1..1 when they are. */
export interface Closeness {
  readonly within: boolean;
  readonly error: number;
}

const FAR: Closeness = {within: false, error: Number.NaN};

/** |a - e| <= tolerance, exactly. */
export function closeAbsolute(expected: Decimal, actual: Decimal, tolerance: Decimal): Closeness {
  const exact = aligned([expected, actual, tolerance]);
  if (exact === null) return closeDouble(toDouble(actual) - toDouble(expected), toDouble(tolerance));
  const [e, a, limit] = exact.units as [bigint, bigint, bigint];
  return closeUnits(a - e, limit);
}

/** |a - e| <= tolerance * max(|a|, |e|), exactly. */
export function closeRelative(expected: Decimal, actual: Decimal, tolerance: Decimal): Closeness {
  const numbers = aligned([expected, actual]);
  const share = aligned([tolerance, {negative: false, digits: '1', exponent: 0}]);
  if (numbers === null || share === null) {
    const [e, a] = [toDouble(expected), toDouble(actual)];
    return closeDouble(a - e, toDouble(tolerance) * Math.max(Math.abs(a), Math.abs(e)));
  }
  const [e, a] = numbers.units as [bigint, bigint];
  const [part, whole] = share.units as [bigint, bigint];
  const largest = absolute(a) > absolute(e) ? absolute(a) : absolute(e);
  return closeUnits((a - e) * whole, part * largest);
}

/** |a - e| <= absolute + relative * max(|a|, |e|), in doubles. */
export function closeEpsilon(expected: Decimal, actual: Decimal, tolerance: {readonly absolute: Decimal; readonly relative: Decimal}): Closeness {
  const [e, a] = [toDouble(expected), toDouble(actual)];
  return closeDouble(a - e, toDouble(tolerance.absolute) + toDouble(tolerance.relative) * Math.max(Math.abs(a), Math.abs(e)));
}

/** Distance in representable doubles <= max. */
export function closeUlp(expected: Decimal, actual: Decimal, max: number): Closeness {
  const [e, a] = [toDouble(expected), toDouble(actual)];
  if (!Number.isFinite(e) || !Number.isFinite(a)) return FAR;
  const distance = ulpDistance(e, a);
  if (distance > BigInt(max)) return FAR;
  return {within: true, error: max === 0 ? 0 : (Number(distance) / max) * Math.sign(a - e)};
}

/** Number of steps between two doubles; 0 and -0 are one step apart from nothing. */
export function ulpDistance(left: number, right: number): bigint {
  const difference = orderedBits(left) - orderedBits(right);
  return difference < 0n ? -difference : difference;
}

/** They differ only where a double cannot tell them apart, or far behind the decimal point: twelve digits agree. */
export function agreeToTwelveDigits(expected: Decimal, actual: Decimal): boolean {
  if (expected.digits === '' || actual.digits === '') return false;
  const top = Math.max(magnitude(expected), magnitude(actual));
  const exact = aligned([expected, actual]);
  if (exact === null) return false;
  const [e, a] = exact.units as [bigint, bigint];
  const difference = absolute(a - e);
  return difference.toString().length - 1 + exact.exponent <= top - 12;
}

const BITS = new DataView(new ArrayBuffer(8));

/** Bits of a double, such that their order is the order of the numbers and both zeros are 0. */
function orderedBits(value: number): bigint {
  BITS.setFloat64(0, value);
  const bits = BITS.getBigInt64(0);
  return bits < 0n ? -(bits & 0x7fff_ffff_ffff_ffffn) : bits;
}

function closeUnits(difference: bigint, limit: bigint): Closeness {
  if (absolute(difference) > limit) return FAR;
  return {within: true, error: limit === 0n ? 0 : ratio(difference, limit)};
}

function closeDouble(difference: number, limit: number): Closeness {
  if (!(Math.abs(difference) <= limit)) return FAR;
  return {within: true, error: limit === 0 ? 0 : difference / limit};
}

/** As a double, also when neither side fits one. */
function ratio(part: bigint, whole: bigint): number {
  const scale = 1n << 53n;
  return whole > scale ? Number((part * scale) / whole) / Number(scale) : Number(part) / Number(whole);
}

function absolute(value: bigint): bigint {
  return value < 0n ? -value : value;
}
