import {CodecError} from './codec-error.ts';

/** Octets of one integer; beyond it the decimal text would cost more than the message is worth. */
export const INTEGER_BYTES_MAX = 256;

/** A double as Python's repr writes it: the shortest text that gives the same double, `1.0` and `1e+16` included. */
export function floatText(value: number): string {
  if (Number.isNaN(value)) return 'NaN';
  if (!Number.isFinite(value)) return value > 0 ? 'Infinity' : '-Infinity';
  const size = Math.abs(value);
  if (size >= 1e-4 && size < 1e16) {
    const text = String(value);
    return Number.isInteger(value) ? `${text}.0` : text;
  }
  if (value === 0) return Object.is(value, -0) ? '-0.0' : '0.0';
  const [mantissa = '', exponent = '0'] = value.toExponential().split('e');
  const power = Math.abs(Number(exponent));
  return `${mantissa}e${Number(exponent) < 0 ? '-' : '+'}${power < 10 ? '0' : ''}${power}`;
}

/** Little-endian two's complement of any length, as decimal text. */
export function integerText(octets: Uint8Array, at: number): string {
  const {length} = octets;
  if (length === 0) return '0';
  if (length > INTEGER_BYTES_MAX) throw new CodecError('number', at);
  let hex = '';
  for (let index = length - 1; index >= 0; index -= 1) hex += (octets[index] as number).toString(16).padStart(2, '0');
  const unsigned = BigInt(`0x${hex}`);
  return String((octets[length - 1] as number) >= 0x80 ? unsigned - (1n << BigInt(length * 8)) : unsigned);
}

/** An integer with `scale` decimal places behind its point, exactly. */
export function scaledText(integer: bigint, scale: number): string {
  if (scale === 0) return String(integer);
  const negative = integer < 0n;
  const digits = String(negative ? -integer : integer).padStart(scale + 1, '0');
  return `${negative ? '-' : ''}${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
}
