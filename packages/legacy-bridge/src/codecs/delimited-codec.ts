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
      writePairs(pairLine(text, spec), spec.pairs, out);
      return;
    }
    const {columns, records} = recordsOf(text, spec);
    if (!spec.header && records.length === 1) {
      writeRecord(records[0] as Field[], columns, out);
      return;
    }
    out.beginArray();
    for (const record of records) writeRecord(record, columns, out);
    out.endArray();
  };
}

/** One field and where it stands in the text, quotes included. */
export interface Field {
  readonly text: string;
  readonly at: number;
  readonly end: number;
}

/** Lines as fields; the names of the columns when there are any. */
export function recordsOf(text: string, spec: DelimitedSpec): {readonly columns: readonly string[] | null; readonly records: readonly (readonly Field[])[]; readonly header: readonly Field[]} {
  const rows = splitLines(text, spec.quote).map((line) => splitLine(line, spec));
  const header = spec.header ? rows[0] ?? null : null;
  return {columns: spec.columns ?? header?.map((field) => field.text) ?? null, records: spec.header ? rows.slice(1) : rows, header: header ?? []};
}

/** `name=value` fields of one line, without the empty one behind the last delimiter, which FIX has. */
export function pairLine(text: string, spec: DelimitedSpec): readonly Field[] {
  const fields = splitLine({text: text.replace(/\r?\n$/u, ''), at: 0}, spec);
  return fields.at(-1)?.text === '' ? fields.slice(0, -1) : fields;
}

function writeRecord(fields: readonly Field[], columns: readonly string[] | null, out: JsonText): void {
  if (columns === null) {
    out.beginArray();
    for (const {text} of fields) out.string(text);
    out.endArray();
    return;
  }
  if (fields.length !== columns.length) throw new CodecError('shape');
  out.beginObject();
  fields.forEach(({text}, index) => {
    out.key(columns[index] as string);
    out.string(text);
  });
  out.endObject();
}

function writePairs(fields: readonly Field[], mark: string, out: JsonText): void {
  const found = new Map<string, string[]>();
  for (const field of fields) {
    const [name, value] = pairOf(field.text, mark);
    const values = found.get(name);
    if (values === undefined) found.set(name, [value]);
    else values.push(value);
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

/** Name and value. */
export function pairOf(field: string, mark: string): [string, string] {
  const at = field.indexOf(mark);
  if (at < 1) throw new CodecError('shape');
  return [field.slice(0, at), field.slice(at + mark.length)];
}

interface Line {
  readonly text: string;
  readonly at: number;
}

/** Lines without their ends; a last empty one is no line. A line end inside quotes is text. */
function splitLines(text: string, quote: string | null): Line[] {
  const lines: Line[] = [];
  let from = 0;
  let quoted = false;
  for (let at = 0; at < text.length; at += 1) {
    if (text[at] === quote) quoted = !quoted;
    if (text[at] !== '\n' || quoted) continue;
    lines.push({text: text.slice(from, text[at - 1] === '\r' ? at - 1 : at), at: from});
    from = at + 1;
  }
  if (quoted) throw new CodecError('truncated', text.length);
  if (from < text.length) lines.push({text: text.slice(from), at: from});
  return lines;
}

function splitLine({text: line, at: start}: Line, {delimiter, quote}: DelimitedSpec): Field[] {
  const fields: Field[] = [];
  let at = 0;
  while (at <= line.length) {
    const {field, next} = quote !== null && line.startsWith(quote, at) ? quotedField(line, at, quote) : plainField(line, at, delimiter);
    fields.push({text: field, at: start + at, end: start + next});
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
