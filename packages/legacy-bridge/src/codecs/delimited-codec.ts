import type {CodecSpec} from '@tandem/contract';
import {CodecError} from './codec-error.ts';
import type {JsonText} from './json-text.ts';
import type {OctetWriter} from './octet-codec.ts';
import {utf8Text} from './octet-cursor.ts';

type DelimitedSpec = Extract<CodecSpec, {name: 'delimited'}>;

/**
 * Text in fields. Every field is a string as it was written; numeric rules compare numeric text. With `header` the first line names the
 * columns and the others are records; with `columns` each line is a record and a single line is one object; with `pairs` a line is
 * `name=value` fields (FIX), and names that repeat get a list.
 */
export function delimitedWriter(spec: DelimitedSpec): OctetWriter {
  return (octets, out) => {
    const text = utf8Text(octets, 0);
    if (spec.pairs !== null) {
      writePairs(splitLine(text.replace(/\r?\n$/u, ''), spec), spec.pairs, out);
      return;
    }
    const rows = splitLines(text, spec.quote).map((line) => splitLine(line, spec));
    const columns = spec.columns ?? (spec.header ? rows[0] ?? null : null);
    const records = spec.header ? rows.slice(1) : rows;
    if (!spec.header && records.length === 1) {
      writeRecord(records[0] as string[], columns, out);
      return;
    }
    out.beginArray();
    for (const record of records) writeRecord(record, columns, out);
    out.endArray();
  };
}

function writeRecord(fields: readonly string[], columns: readonly string[] | null, out: JsonText): void {
  if (columns === null) {
    out.beginArray();
    for (const field of fields) out.string(field);
    out.endArray();
    return;
  }
  if (fields.length !== columns.length) throw new CodecError('shape');
  out.beginObject();
  fields.forEach((field, index) => {
    out.key(columns[index] as string);
    out.string(field);
  });
  out.endObject();
}

function writePairs(fields: readonly string[], mark: string, out: JsonText): void {
  const found = new Map<string, string[]>();
  // FIX ends its last field with the delimiter
  const all = fields.at(-1) === '' ? fields.slice(0, -1) : fields;
  for (const field of all) {
    const at = field.indexOf(mark);
    if (at < 1) throw new CodecError('shape');
    const name = field.slice(0, at);
    const values = found.get(name);
    if (values === undefined) found.set(name, [field.slice(at + mark.length)]);
    else values.push(field.slice(at + mark.length));
  }
  out.beginObject();
  for (const [name, values] of found) {
    out.key(name);
    if (values.length === 1) out.string(values[0] as string);
    else {
      out.beginArray();
      for (const value of values) out.string(value);
      out.endArray();
    }
  }
  out.endObject();
}

/** Lines without their ends; a last empty one is no line. A line end inside quotes is text. */
function splitLines(text: string, quote: string | null): string[] {
  const lines: string[] = [];
  let from = 0;
  let quoted = false;
  for (let at = 0; at < text.length; at += 1) {
    if (text[at] === quote) quoted = !quoted;
    if (text[at] !== '\n' || quoted) continue;
    lines.push(text.slice(from, text[at - 1] === '\r' ? at - 1 : at));
    from = at + 1;
  }
  if (quoted) throw new CodecError('truncated', text.length);
  if (from < text.length) lines.push(text.slice(from));
  return lines;
}

function splitLine(line: string, {delimiter, quote}: DelimitedSpec): string[] {
  if (quote === null || !line.includes(quote)) return line.split(delimiter);
  const fields: string[] = [];
  let at = 0;
  while (at <= line.length) {
    const {field, next} = line.startsWith(quote, at) ? quotedField(line, at, quote) : plainField(line, at, delimiter);
    fields.push(field);
    if (next >= line.length) return fields;
    if (!line.startsWith(delimiter, next)) throw new CodecError('shape', next);
    at = next + delimiter.length;
  }
  return fields;
}

function plainField(line: string, at: number, delimiter: string): {field: string; next: number} {
  const end = line.indexOf(delimiter, at);
  return end < 0 ? {field: line.slice(at), next: line.length} : {field: line.slice(at, end), next: end};
}

/** A doubled quote stands for one. */
function quotedField(line: string, from: number, quote: string): {field: string; next: number} {
  let field = '';
  for (let at = from + 1; ;) {
    const end = line.indexOf(quote, at);
    if (end < 0) throw new CodecError('truncated', line.length);
    field += line.slice(at, end);
    if (line[end + 1] !== quote) return {field, next: end + 1};
    field += quote;
    at = end + 2;
  }
}
