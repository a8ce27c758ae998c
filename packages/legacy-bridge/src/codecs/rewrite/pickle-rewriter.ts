import {CodecError} from '../codec-error.ts';
import {tracePickle, type Span, type TracedPickle} from '../pickle/pickle-trace.ts';
import {PyBytes, type PyValue} from '../pickle/pickle-value.ts';
import {utf8, type FrameRewriter} from './frame-rewriter.ts';
import {OctetSplice} from './octet-splice.ts';
import {bytesLiteral, joined, tagLiteral, textLiteral} from './pickle-literals.ts';
import {PickleWalk} from './pickle-walk.ts';

const REBUILD_DEPTH_MAX = 16;

interface Cut extends Span {
  readonly by: Uint8Array;
}

/** Pickles: the opcodes that build a hidden value are cut out and a tag is pushed in their place. */
export function pickleRewriter(keys: 'strict' | 'text'): FrameRewriter {
  return {
    whole: (tag, sizeBytes) => joined(Uint8Array.of(0x80, 2, 0x7d), textLiteral('$redacted'), textLiteral(tag), Uint8Array.of(0x73), textLiteral('$octets'), utf8(`I${sizeBytes}\n`), Uint8Array.of(0x73, 0x2e)),
    rewrite: (octets, place, hiding) => {
      const traced = tracePickle(octets);
      const walk = new PickleWalk(hiding, keys);
      walk.value(traced.value, place);
      if (walk.tags.size === 0) return octets;
      const protocol = octets[0] === 0x80 ? octets[1] as number : 0;
      const cuts = cutsOf(traced, walk.tags, {octets, protocol});
      const splice = new OctetSplice(octets);
      // frames would state wrong lengths; readers do without them
      const edits = [...cuts, ...restored(traced, walk.tags, {octets, cuts}), ...traced.frames.filter((frame) => !isInside(frame, cuts)).map((frame) => ({...frame, by: new Uint8Array(0)}))];
      for (const {start, end, by} of edits.sort((one, other) => one.start - other.start)) splice.replace(start, end, by);
      return splice.result();
    },
  };
}

/** What goes, outermost alone; what was put into the memo in between is put there again, so that its numbers stay. */
function cutsOf({spans, puts}: TracedPickle, tags: ReadonlyMap<PyValue, string>, {octets, protocol}: {readonly octets: Uint8Array; readonly protocol: number}): readonly Cut[] {
  const all = [...tags].map(([value, tag]) => {
    const span = spans.get(value as object);
    if (span === undefined) throw new CodecError('stack');
    return {value, tag, ...span};
  }).sort((one, other) => one.start - other.start || other.end - one.end);
  const cuts: Cut[] = [];
  for (const {value, tag, start, end} of all) {
    if (start < (cuts.at(-1)?.end ?? 0)) continue;
    const opcode = octets[start] as number;
    const by = value instanceof PyBytes ? bytesLiteral(utf8(tag), {isMutable: value.isMutable, protocol, opcode}) : tagLiteral(tag, opcode);
    cuts.push({start, end, by: joined(by, ...within(puts, {start, end}).map((put) => octets.subarray(put.start, put.end)))});
  }
  return cuts;
}

/** Uses of what the memo does not hold any more, as what they were. */
function restored(traced: TracedPickle, tags: ReadonlyMap<PyValue, string>, {octets, cuts}: {readonly octets: Uint8Array; readonly cuts: readonly Cut[]}): readonly Cut[] {
  const {spans, gets, origins} = traced;
  const hidden = [...tags.keys()].map((value) => spans.get(value as object) as Span).sort((one, other) => one.start - other.start);
  return gets.flatMap((get): Cut[] => {
    const {start, end, put, value} = get;
    // what can change is one thing, and its tag is in the memo
    if (isInside(get, cuts) || tags.has(value)) return [];
    if (!tags.has(put.value) && !isInside(put, cuts) && !isInside(spans.get(put.value as object) ?? put, cuts)) return [];
    return [{start, end, by: rebuilt(origins.get(value as object) ?? value, traced, {octets, hidden, depth: 0})}];
  });
}

/** The opcodes that built a value, once more and without the memo: what it held is built again in its place. */
function rebuilt(value: PyValue, traced: TracedPickle, {octets, hidden, depth}: {readonly octets: Uint8Array; readonly hidden: readonly Span[]; readonly depth: number}): Uint8Array {
  const {spans, puts, gets, frames, origins} = traced;
  const span = spans.get(value as object);
  // what is inside was hidden where it stands, and is asked for where it is not
  if (span === undefined || depth > REBUILD_DEPTH_MAX || within(hidden, span).some(({start, end}) => start !== span.start || end !== span.end)) throw new CodecError('memo');
  const edits = [
    ...[...within(puts, span), ...within(frames, span)].map(({start, end}) => ({start, end, by: new Uint8Array(0)})),
    ...within(gets, span).map((get) => ({start: get.start, end: get.end, by: rebuilt(origins.get(get.value as object) ?? get.value, traced, {octets, hidden, depth: depth + 1})})),
  ].sort((one, other) => one.start - other.start);
  const splice = new OctetSplice(octets.subarray(0, span.end));
  splice.replace(0, span.start, new Uint8Array(0));
  for (const {start, end, by} of edits) splice.replace(start, end, by);
  return splice.result();
}

/** Those of a sorted list that lie inside. */
function within<T extends Span>(list: readonly T[], {start, end}: Span): T[] {
  const inside: T[] = [];
  for (let index = firstFrom(list, start); index < list.length && (list[index] as T).start < end; index += 1) if ((list[index] as T).end <= end) inside.push(list[index] as T);
  return inside;
}

function isInside({start, end}: Span, cuts: readonly Cut[]): boolean {
  const index = firstFrom(cuts, start);
  return [cuts[index - 1], cuts[index]].some((cut) => cut !== undefined && start >= cut.start && end <= cut.end);
}

/** Index of the first that begins at `start` or behind. */
function firstFrom(list: readonly Span[], start: number): number {
  let low = 0;
  let high = list.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((list[middle] as Span).start < start) low = middle + 1;
    else high = middle;
  }
  return low;
}
