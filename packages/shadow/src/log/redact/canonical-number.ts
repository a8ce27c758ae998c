/** One text for all ways to write a number, so that 1.50 and 1.5 have one tag; exponents stay cheap. */
export function canonicalNumber(source: string): string {
  const match = /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([-+]?\d+))?$/u.exec(source);
  if (match === null) return source;
  const [, sign = '', whole = '', fraction = '', exponent = '0'] = match;
  const digits = (whole + fraction).replace(/^0+/u, '');
  const short = digits.replace(/0+$/u, '');
  if (short === '') return '0';
  const scale = Number(exponent) - fraction.length + (digits.length - short.length);
  if (scale > 30 || scale < -30) return `${sign}${short}e${scale}`;
  if (scale >= 0) return sign + short + '0'.repeat(scale);
  const padded = short.padStart(1 - scale, '0');
  return `${sign}${padded.slice(0, scale)}.${padded.slice(scale)}`;
}
