const Z95 = 1.959963984540054;

/** Wilson's 95 % interval of a share: `part` of `whole`, both >= 0. Null when `whole` is 0. */
export const wilsonInterval = (part: number, whole: number): readonly [low: number, high: number] | null => {
  if (!(whole > 0) || part < 0 || part > whole) return null;
  const share = part / whole;
  const z2 = Z95 * Z95;
  const centre = (share + z2 / (2 * whole)) / (1 + z2 / whole);
  const half = (Z95 / (1 + z2 / whole)) * Math.sqrt((share * (1 - share)) / whole + z2 / (4 * whole * whole));
  return [part === 0 ? 0 : Math.max(0, centre - half), part === whole ? 1 : Math.min(1, centre + half)];
};
