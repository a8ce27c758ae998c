import type {CodecSpec, Hiding, HidingPlace} from '@tandem/contract';
import {CodecError} from '../codec-error.ts';
import {pairLine, pairOf, recordsOf, type Field} from '../delimited-codec.ts';
import {utf8Text} from '../octet-cursor.ts';
import {settledFix} from './fix-sums.ts';
import {utf8, wholeAsJson, type FrameRewriter} from './frame-rewriter.ts';

type DelimitedSpec = Extract<CodecSpec, {name: 'delimited'}>;

/** A field, or what stands in it behind the name, and its place. */
interface Spot {
  readonly field: Field;
  readonly place: HidingPlace;
}

/** Text in fields; sums and lengths of FIX messages follow what was replaced. */
export function delimitedRewriter(spec: DelimitedSpec): FrameRewriter {
  return {
    whole: wholeAsJson,
    rewrite: (octets, place, hiding) => {
      const text = utf8Text(octets, 0);
      if (spec.pairs === null) return spliced(octets, {text, spots: recordSpots(text, spec, place), keys: recordsOf(text, spec).header}, {hiding, spec});
      const fields = pairLine(text, spec);
      const isFix = /^8=FIX/u.test(fields[0]?.text ?? '') && /^9=\d+$/u.test(fields[1]?.text ?? '') && spec.pairs === '=';
      // begin, body length and checksum of a FIX message are no data
      const last = fields.at(-1)?.text.startsWith('10=') === true ? fields.length - 1 : fields.length;
      const spots = pairSpots(fields, spec.pairs, place).filter((_spot, index) => !isFix || (index > 1 && index < last));
      const rewritten = spliced(octets, {text, spots, keys: []}, {hiding, spec});
      return isFix && rewritten !== octets ? settledFix(text, utf8Text(rewritten, 0), spec) : rewritten;
    },
  };
}

function recordSpots(text: string, spec: DelimitedSpec, place: HidingPlace): Spot[] {
  const {columns, records} = recordsOf(text, spec);
  return records.flatMap((fields, row) => {
    const record = !spec.header && records.length === 1 ? place : place.element(row);
    if (columns !== null && fields.length !== columns.length) throw new CodecError('shape');
    return fields.map((field, index) => ({field, place: columns === null ? record.element(index) : record.member(keyOf(columns[index] as string))}));
  });
}

/** Names that repeat are a list. */
function pairSpots(fields: readonly Field[], mark: string, place: HidingPlace): Spot[] {
  const names = fields.map(({text}) => pairOf(text, mark)[0]);
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  const seen = new Map<string, number>();
  return fields.map(({text, at, end}, index) => {
    const name = names[index] as string;
    const nth = seen.get(name) ?? 0;
    seen.set(name, nth + 1);
    const member = place.member(keyOf(name));
    // quotes around the whole pair would have to stay
    if (end - at !== text.length) throw new CodecError('shape', at);
    return {field: {text: pairOf(text, mark)[1], at: at + name.length + mark.length, end}, place: counts.get(name) === 1 ? member : member.element(nth)};
  });
}

const keyOf = (name: string): string => (name.startsWith('$') ? `$${name}` : name);

function spliced(octets: Uint8Array, {text, spots, keys}: {readonly text: string; readonly spots: readonly Spot[]; readonly keys: readonly Field[]}, {hiding, spec}: {readonly hiding: Hiding; readonly spec: DelimitedSpec}): Uint8Array {
  let result = '';
  let copied = 0;
  let isChanged = false;
  const replace = ({at, end}: Field, tag: string | null): void => {
    if (tag === null) return;
    // a tag that would be taken for several fields cannot stand here
    if (tag.includes(spec.delimiter) || (spec.quote !== null && tag.includes(spec.quote))) throw new CodecError('shape', at);
    result += text.slice(copied, at) + tag;
    copied = end;
    isChanged = true;
  };
  for (const field of keys) replace(field, hiding.key(field.text));
  for (const {field, place} of spots) replace(field, hiding.text(place, field.text));
  return isChanged ? utf8(result + text.slice(copied)) : octets;
}
