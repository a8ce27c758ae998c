/** Figures as a person reads them; the same text on every machine (no locale). */

const NS_STEPS: readonly (readonly [number, string])[] = [[1e9, 's'], [1e6, 'ms'], [1e3, 'µs'], [1, 'ns']];
const BYTE_STEPS: readonly (readonly [number, string])[] = [[2 ** 30, 'GiB'], [2 ** 20, 'MiB'], [2 ** 10, 'KiB'], [1, 'B']];

/** 1234567 -> `1,234,567` */
export function plainCount(value: number): string {
  if (!Number.isFinite(value)) return String(value);
  return String(Math.round(value)).replace(/\B(?=(\d{3})+$)/g, ',');
}

/** 48123 -> `48.1 µs`; null -> `no upper end` */
export function plainNs(valueNs: number | null): string {
  return valueNs === null ? 'no upper end' : stepped(valueNs, NS_STEPS);
}

/** 933232640 -> `890 MiB` */
export function plainBytes(valueBytes: number): string {
  return stepped(valueBytes, BYTE_STEPS);
}

/** 0.4812 -> `0.481`, three significant digits */
export function plainRatio(value: number): string {
  return Number.isFinite(value) ? String(Number(value.toPrecision(3))) : String(value);
}

/** 0.00123 -> `0.123 %` */
export function plainShare(share: number): string {
  return `${plainRatio(share * 100)} %`;
}

/** `1 message`, `2 messages` */
export function plainPlural(count: number, noun: string): string {
  return `${plainCount(count)} ${noun}${count === 1 ? '' : 's'}`;
}

function stepped(value: number, steps: readonly (readonly [number, string])[]): string {
  if (!Number.isFinite(value)) return String(value);
  for (const [size, unit] of steps) {
    if (Math.abs(value) >= size) return `${plainRatio(value / size)} ${unit}`;
  }
  return `${plainRatio(value)} ${steps[steps.length - 1]?.[1] ?? ''}`;
}
