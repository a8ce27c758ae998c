import type {CodecSpec} from '@tandem/contract';
import {utf8} from './frame-rewriter.ts';

type DelimitedSpec = Extract<CodecSpec, {name: 'delimited'}>;

/** Data fields by the field that states their length, which stands right before them. */
const DATA_OF: Readonly<Record<string, string>> = {
  90: '91', 93: '89', 95: '96', 212: '213', 348: '349', 350: '351', 352: '353', 354: '355', 356: '357', 358: '359', 360: '361', 362: '363', 364: '365', 445: '446', 618: '619', 621: '622',
};

/**
 * A FIX message after values in it were replaced: stated lengths, BodyLength (9) and CheckSum (10) follow. What was wrong before stays wrong by as
 * much, so that a message which its receiver would refuse is refused still, and no sum of the hidden values remains.
 */
export function settledFix(before: string, after: string, {delimiter}: DelimitedSpec): Uint8Array {
  const [was, now] = [before.split(delimiter), after.split(delimiter)];
  for (const [index, field] of now.entries()) {
    const [name = '', stated = ''] = field.split('=', 2);
    const data = DATA_OF[name];
    const next = data === undefined ? undefined : now[index + 1];
    if (next?.startsWith(`${data}=`) !== true || !/^\d{1,6}$/u.test(stated)) continue;
    now[index] = `${name}=${Number(stated) + Buffer.byteLength(next) - Buffer.byteLength(was[index + 1] ?? '')}`;
  }
  const lengthBefore = bodyBytes(was, delimiter);
  const stated = Number((was[1] as string).slice(2));
  if (Number.isSafeInteger(stated)) now[1] = `9=${Math.max(0, stated + bodyBytes(now, delimiter) - lengthBefore)}`;
  const at = now.findLastIndex((field) => /^10=\d{3}$/u.test(field));
  if (at > 1 && at >= now.length - 2) {
    const wrongBy = Number((was[at] as string).slice(3)) - checkSum(was.slice(0, at), delimiter);
    now[at] = `10=${String((checkSum(now.slice(0, at), delimiter) + wrongBy + 256) % 256).padStart(3, '0')}`;
  }
  return utf8(now.join(delimiter));
}

/** Octets between the delimiter behind BodyLength and the begin of CheckSum. */
function bodyBytes(fields: readonly string[], delimiter: string): number {
  const end = fields.findLastIndex((field) => field.startsWith('10='));
  return fields.slice(2, end < 2 ? undefined : end).reduce((sum, field) => sum + Buffer.byteLength(field) + delimiter.length, 0);
}

/** Octets before CheckSum, added up. */
function checkSum(fields: readonly string[], delimiter: string): number {
  let sum = 0;
  for (const octet of Buffer.from(fields.map((field) => field + delimiter).join(''), 'utf8')) sum += octet;
  return sum % 256;
}
