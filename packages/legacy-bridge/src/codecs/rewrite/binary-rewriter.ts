import type {CodecSpec, Hiding, HidingPlace} from '@tandem/contract';
import {CodecError} from '../codec-error.ts';
import {numberText, placeFields, textOf, type PlacedField} from '../binary-codec.ts';
import {wholeAsJson, type FrameRewriter} from './frame-rewriter.ts';
import {permuted} from './keyed-permutation.ts';

type BinarySpec = Extract<CodecSpec, {name: 'binary'}>;

/** characters of a tag before the part that is drawn */
const PREFIX_CHARS = 4;
const TAG_CHARS = 26;

/** A fixed layout: every field keeps its place, its size and its kind. */
export function binaryRewriter(spec: BinarySpec): FrameRewriter {
  const fields = placeFields(spec);
  const sizeBytes = spec.sizeBytes ?? Math.max(0, ...fields.map((field) => field.offset + field.sizeBytes));
  const gaps = gapsOf(fields, sizeBytes);
  return {
    whole: wholeAsJson,
    rewrite: (octets, place, hiding) => {
      if (octets.length !== sizeBytes) throw new CodecError(octets.length < sizeBytes ? 'truncated' : 'trailing');
      const out = Uint8Array.from(octets);
      for (const field of fields) {
        const at = place.member(field.name.startsWith('$') ? `$${field.name}` : field.name);
        if (field.kind === 'text') hideText({octets, out}, field, {place: at, hiding});
        else if (field.kind === 'bytes') hideOctets({octets, out}, field, {place: at.member('$bytes'), hiding});
        else if (at.group !== null) hideNumber({octets, out}, field, {group: at.group, hiding});
      }
      // what nobody sees is kept only when everything is kept that is not named
      if (place.group !== null) blank(out, fields, gaps);
      return Buffer.compare(out, octets) === 0 ? octets : out;
    },
  };
}

interface Octets {
  readonly octets: Uint8Array;
  readonly out: Uint8Array;
}

interface Where {
  readonly place: HidingPlace;
  readonly hiding: Hiding;
}

function hideText({octets, out}: Octets, {offset, sizeBytes}: PlacedField, {place, hiding}: Where): void {
  const tag = hiding.text(place, textOf(octets.subarray(offset, offset + sizeBytes), offset));
  if (tag !== null) writeTag(out.subarray(offset, offset + sizeBytes), tag);
}

/** Where no whole tag fits, what is drawn is worth more than what shows that it is one. */
function writeTag(field: Uint8Array, tag: string): void {
  field.fill(0);
  field.set(Buffer.from(field.length >= TAG_CHARS ? tag : tag.slice(PREFIX_CHARS, PREFIX_CHARS + field.length)));
}

function hideOctets({octets, out}: Octets, {offset, sizeBytes}: PlacedField, {place, hiding}: Where): void {
  const given = octets.subarray(offset, offset + sizeBytes);
  const tag = hiding.octets(place, given);
  if (tag === null) return;
  if (sizeBytes >= TAG_CHARS) writeTag(out.subarray(offset, offset + sizeBytes), tag);
  else out.set(permuted(given, place.group ?? 'credential', hiding), offset);
}

function hideNumber({octets, out}: Octets, field: PlacedField, {group, hiding}: {readonly group: string; readonly hiding: Hiding}): void {
  const {kind, offset, sizeBytes, little} = field;
  if (kind !== 'f32' && kind !== 'f64') {
    // by value, not by the order of its octets: the same number has the same successor at both ends
    const given = octets.slice(offset, offset + sizeBytes);
    const made = permuted(little ? given.reverse() : given, group, hiding);
    out.set(little ? made.toReversed() : made, offset);
    return;
  }
  const source = new DataView(octets.buffer, octets.byteOffset, octets.length);
  const drawn = Buffer.from(hiding.digest(group, numberText(source, field)));
  const view = new DataView(out.buffer, out.byteOffset, out.length);
  // from 1 to 2: neither NaN nor infinite, whatever is drawn
  if (kind === 'f64') view.setFloat64(offset, 1 + Number(drawn.readBigUInt64BE(0) >> 12n) / 2 ** 52, little);
  else view.setFloat32(offset, 1 + (drawn.readUInt32BE(0) >>> 9) / 2 ** 23, little);
}

/** Octets in no field, and those behind the NUL that ends a text. */
function blank(out: Uint8Array, fields: readonly PlacedField[], gaps: readonly (readonly [number, number])[]): void {
  for (const [from, to] of gaps) out.fill(0, from, to);
  for (const {kind, offset, sizeBytes} of fields) {
    const end = kind === 'text' ? out.subarray(offset, offset + sizeBytes).indexOf(0) : -1;
    if (end >= 0) out.fill(0, offset + end, offset + sizeBytes);
  }
}

/** Runs of octets that no field covers. */
function gapsOf(fields: readonly PlacedField[], sizeBytes: number): [number, number][] {
  const gaps: [number, number][] = [];
  let end = 0;
  for (const {offset, sizeBytes: width} of [...fields].sort((one, other) => one.offset - other.offset)) {
    if (offset > end) gaps.push([end, offset]);
    end = Math.max(end, offset + width);
  }
  if (end < sizeBytes) gaps.push([end, sizeBytes]);
  return gaps;
}
