import {EscapedString, JsonNumber, JsonObject} from './json-value.ts';
import type {JsonValue} from './json-value.ts';

/** Segments of a JSON pointer (RFC 6901), null when it is not one. `` is the whole value. */
export function parsePointer(pointer: string): readonly string[] | null {
  if (pointer === '') return [];
  if (!pointer.startsWith('/')) return null;
  const segments: string[] = [];
  for (const raw of pointer.slice(1).split('/')) {
    if (/~(?![01])/u.test(raw)) return null;
    segments.push(raw.replaceAll('~1', '/').replaceAll('~0', '~'));
  }
  return segments;
}

/** One segment as it stands in a pointer. */
export function escapeSegment(segment: string): string {
  return segment.includes('~') || segment.includes('/') ? segment.replaceAll('~', '~0').replaceAll('/', '~1') : segment;
}

/** The value that the segments lead to; undefined when there is none. */
export function valueAt(root: JsonValue | undefined, segments: readonly string[]): JsonValue | undefined {
  let value = root;
  for (const segment of segments) {
    if (value instanceof JsonObject) value = value.get(segment);
    else if (Array.isArray(value)) value = /^(0|[1-9]\d{0,8})$/u.test(segment) ? (value as readonly JsonValue[])[Number(segment)] : undefined;
    else return undefined;
  }
  return value;
}

/** A scalar as text for use as an id: strings decoded, numbers as written; null for null, absent and containers. */
export function scalarText(value: JsonValue | undefined): string | null {
  if (typeof value === 'string') return value;
  if (value instanceof EscapedString) return value.value;
  if (value instanceof JsonNumber) return value.text;
  return typeof value === 'boolean' ? String(value) : null;
}
