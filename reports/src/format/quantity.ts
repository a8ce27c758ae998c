/** Numbers as a person reads them. No locale: the same run gives the same text everywhere. */

const grouped = (digits: string): string => digits.replace(/\B(?=(?:\d{3})+$)/g, ',');

/** `25,100,412`; fractions keep at most `decimals` digits. */
export const formatCount = (value: number, decimals = 0): string => {
  const [whole = '0', fraction] = Math.abs(value).toFixed(decimals).split('.');
  return `${value < 0 ? '−' : ''}${grouped(whole)}${fraction === undefined ? '' : `.${fraction}`}`;
};

/** Three significant digits without exponent: `421`, `48.3`, `0.112`. */
export const formatSignificant = (value: number, digits = 3): string => {
  if (value === 0) return '0';
  const magnitude = Math.floor(Math.log10(Math.abs(Number(value.toPrecision(digits)))));
  return formatCount(value, Math.min(12, Math.max(0, digits - 1 - magnitude)));
};

const scaled = (value: number, steps: readonly (readonly [number, string])[]): string => {
  const last = steps.at(-1) ?? [1, ''];
  const [size, unit] = steps.find(([step]) => Math.abs(value) >= step * 0.9995) ?? last;
  return `${size === 1 && Number.isInteger(value) ? formatCount(value) : formatSignificant(value / size)} ${unit}`;
};

/** Nanoseconds: `840 ns`, `48.3 µs`, `1.1 ms`, `2.5 s`. */
export const formatNs = (valueNs: number): string => scaled(valueNs, [[1e9, 's'], [1e6, 'ms'], [1e3, 'µs'], [1, 'ns']]);

/** Bytes in powers of 1000, as tools print memory: `890 MB`, `4.2 GB`. */
export const formatBytes = (sizeBytes: number): string => scaled(sizeBytes, [[1e9, 'GB'], [1e6, 'MB'], [1e3, 'kB'], [1, 'B']]);

/** Milliseconds as a clock for spans that people wait for: `12 s`, `4 min 12 s`, `2 h 05 min`. */
export const formatSpan = (durationMs: number): string => {
  if (durationMs < 60_000) return scaled(durationMs * 1e6, [[1e9, 's'], [1e6, 'ms'], [1e3, 'µs'], [1, 'ns']]);
  const seconds = Math.round(durationMs / 1000);
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ${String(seconds % 60).padStart(2, '0')} s`;
  const minutes = Math.round(seconds / 60);
  return `${Math.floor(minutes / 60)} h ${String(minutes % 60).padStart(2, '0')} min`;
};

/** `0.11×`; two decimals up to 10, then three digits. */
export const formatRatio = (ratio: number): string => {
  if (ratio === 0) return '0×';
  return `${Math.abs(ratio) < 0.1 || ratio >= 10 ? formatSignificant(ratio, ratio >= 100 ? 3 : 2) : ratio.toFixed(2)}×`;
};

/**
 * `part` of `whole` in percent. Never rounds up to 100 % or down to 0 %: as many digits as it takes to show the difference.
 * `whole` 0 gives `–`.
 */
export const formatShare = (part: number, whole: number): string => {
  if (!(whole > 0)) return '–';
  if (part === whole) return '100 %';
  if (part === 0) return '0 %';
  const share = part / whole;
  const gap = Math.min(Math.abs(1 - share), Math.abs(share)) * 100;
  const decimals = Math.min(12, Math.max(2, 1 - Math.floor(Math.log10(gap))));
  const text = (share * 100).toFixed(decimals);
  return `${share < 1 ? text.replace(/^100(?:\.0+)?$/, '99.999999999999') : text} %`;
};

/** A small rate: `3.0 in 100,000`-style figures are harder to compare, so `0.0030 %`. */
export const formatRate = (rate: number): string => (rate === 0 ? '0 %' : `${formatSignificant(rate * 100, 2)} %`);

/** `p99.9` from the quantile 0.999, without binary dust. */
export const formatQuantile = (quantile: number): string => `p${Number((quantile * 100).toPrecision(12))}`;

/** `1 cause`, `3 causes`. */
export const plural = (count: number, one: string, many = `${one}s`): string => `${formatCount(count)} ${count === 1 ? one : many}`;
