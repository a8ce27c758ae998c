import {PyNumber, type PyValue} from './pickle-value.ts';

const pad = (value: number, width = 2): string => String(value).padStart(width, '0');

/** Python's isoformat of the ten octets that a datetime is pickled as; null when they are no such thing. */
export function dateTimeText(octets: Uint8Array): string | null {
  if (octets.length !== 10) return null;
  // the highest bit of the month says which of two equal wall times is meant
  const plain = Uint8Array.from(octets);
  plain[2] = (plain[2] as number) & 0x7f;
  const [date, time] = [dateText(plain.subarray(0, 4)), clockText(plain.subarray(4))];
  return date === null || time === null ? null : `${date}T${time}${octets[2] === plain[2] ? '' : ' fold'}`;
}

export function dateText(octets: Uint8Array): string | null {
  if (octets.length !== 4) return null;
  const [high, low, month, day] = octets as unknown as [number, number, number, number];
  const year = high * 256 + low;
  return year < 1 || year > 9999 || month < 1 || month > 12 || day < 1 || day > 31 ? null : `${pad(year, 4)}-${pad(month)}-${pad(day)}`;
}

/** Of six octets; the highest bit of the hour is the fold. */
export function timeText(octets: Uint8Array): string | null {
  if (octets.length !== 6) return null;
  const plain = Uint8Array.from(octets);
  plain[0] = (plain[0] as number) & 0x7f;
  const text = clockText(plain);
  return text === null ? null : `${text}${octets[0] === plain[0] ? '' : ' fold'}`;
}

function clockText(octets: Uint8Array): string | null {
  const [hour, minute, second, high, middle, low] = octets as unknown as [number, number, number, number, number, number];
  const micros = high * 65_536 + middle * 256 + low;
  if (hour > 23 || minute > 59 || second > 59 || micros > 999_999) return null;
  return `${pad(hour)}:${pad(minute)}:${pad(second)}${micros === 0 ? '' : `.${pad(micros, 6)}`}`;
}

/** Days, seconds and microseconds as microseconds. */
export function daysMicros(parts: readonly (PyValue | undefined)[]): bigint | null {
  const numbers: bigint[] = [];
  for (const part of parts) {
    if (!(part instanceof PyNumber) || !part.whole || part.text.length > 12) return null;
    numbers.push(BigInt(part.text));
  }
  const [days = 0n, seconds = 0n, micros = 0n] = numbers;
  return (days * 86_400n + seconds) * 1_000_000n + micros;
}

/** `+08:00` of microseconds east of Greenwich. */
export function offsetText(micros: bigint): string {
  const size = micros < 0n ? -micros : micros;
  const seconds = Number(size / 1_000_000n);
  const rest = Number(size % 1_000_000n);
  const text = `${micros < 0n ? '-' : '+'}${pad(Math.floor(seconds / 3600))}:${pad(Math.floor(seconds / 60) % 60)}`;
  return seconds % 60 === 0 && rest === 0 ? text : `${text}:${pad(seconds % 60)}${rest === 0 ? '' : `.${pad(rest, 6)}`}`;
}
