/** Twelve hex characters that are the same for the same parts, on every machine and in every run. Not for secrets. */
export function fingerprint(parts: readonly string[]): string {
  let high = 0x811c9dc5;
  let low = 0x9e3779b9;
  for (const part of parts) {
    for (let index = 0; index <= part.length; index += 1) {
      const code = index === part.length ? 0x1f : part.charCodeAt(index);
      high = Math.imul(high ^ code, 0x01000193);
      low = Math.imul(low ^ (code + 0x7f), 0x85ebca6b);
      low ^= low >>> 13;
    }
  }
  return (hex(high) + hex(low ^ (high >>> 7))).slice(0, 12);
}

function hex(value: number): string {
  return (value >>> 0).toString(16).padStart(8, '0');
}
