/** Texts with a unit: a bare number says nothing about its scale, so it is refused. */
const DURATION_MS: Readonly<Record<string, number>> = {ms: 1, s: 1000, m: 60_000, h: 3_600_000};
const SIZE_BYTES: Readonly<Record<string, number>> = {B: 1, KiB: 1024, MiB: 1024 ** 2, GiB: 1024 ** 3};
const COUNT: Readonly<Record<string, number>> = {'': 1, k: 1000, M: 1_000_000};

const withUnit = (text: string, units: Readonly<Record<string, number>>): number | null => {
  const match = /^(\d+(?:\.\d+)?)\s*([A-Za-z]*)$/.exec(text.trim());
  const unit = match === null ? undefined : units[match[2] ?? ''];
  return match === null || unit === undefined ? null : Number(match[1]) * unit;
};

/** `250ms`, `30s`, `10m`, `2h` → milliseconds; null when it is not such a text */
export const durationMs = (text: string): number | null => withUnit(text, DURATION_MS);
/** `64KiB`, `256MiB` → bytes */
export const sizeBytes = (text: string): number | null => withUnit(text, SIZE_BYTES);
/** `5000`, `10k`, `1M` → a count */
export const messageCount = (text: string): number | null => {
  const value = withUnit(text, COUNT);
  return value === null ? null : Math.round(value);
};
/** `1%`, `100%` → share 0..1 */
export const share = (text: string): number | null => {
  const match = /^(\d+(?:\.\d+)?)%$/.exec(text.trim());
  return match === null || Number(match[1]) > 100 ? null : Number(match[1]) / 100;
};
