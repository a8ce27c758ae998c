import type {CodecSpec, Hiding, HidingPlace, PayloadRewriter} from '@tandem/contract';
import {CodecError} from '../codec-error.ts';
import {codecOf} from '../codec-of.ts';
import {FRAME_BYTES_MAX} from '../octet-codec.ts';
import {binaryRewriter} from './binary-rewriter.ts';
import {compressedRewriter} from './compressed-rewriter.ts';
import {delimitedRewriter} from './delimited-rewriter.ts';
import {wholeAsJson, type FrameRewriter} from './frame-rewriter.ts';
import {msgpackRewriter} from './msgpack-rewriter.ts';
import {pickleRewriter} from './pickle-rewriter.ts';
import {bytesRewriter, jsonRewriter, textRewriter} from './plain-rewriters.ts';

/** What hides values in payloads that a codec reads. */
export function rewriterOf(spec: CodecSpec): PayloadRewriter {
  if (spec.name !== 'multipart') {
    const frame = safely(spec);
    return {
      allFrames: false,
      rewrite: (frames, hiding) => {
        const octets = frames.at(-1);
        if (octets === undefined) return {frames, whole: 0};
        const {out, whole} = frame(octets, hiding.root, hiding);
        return {frames: out === octets ? frames : [...frames.slice(0, -1), out], whole};
      },
    };
  }
  const parts = spec.parts.map(({codec}) => safely(codec));
  const named = spec.parts.some(({key}) => key !== null);
  return {
    allFrames: true,
    rewrite: (frames, hiding) => {
      const isKnown = frames.length === parts.length;
      const done = frames.map((octets, index) => {
        const {codec, key} = spec.parts[index] ?? {codec: {name: 'raw'} as const, key: null};
        const group = isKnown ? hiding.frame(index) : 'payload';
        if (group !== null) return {out: hiddenWhole(frameRewriter(codec), octets, {group, hiding}), whole: isKnown ? 0 : 1};
        const name = key ?? String(index);
        return (parts[index] as SafeFrame)(octets, named ? hiding.root.member(name.startsWith('$') ? `$${name}` : name) : hiding.root.element(index), hiding);
      });
      return {frames: done.map(({out}) => out), whole: done.reduce((sum, {whole}) => sum + whole, 0)};
    },
  };
}

type SafeFrame = (octets: Uint8Array, place: HidingPlace, hiding: Hiding) => {readonly out: Uint8Array; readonly whole: 0 | 1};

/** What cannot be rewritten, or could not be read afterwards, goes whole. Mistakes of ours are no exception: nothing passes by one. */
function safely(spec: CodecSpec): SafeFrame {
  const rewriter = frameRewriter(spec);
  const codec = codecOf(spec);
  return (octets, place, hiding) => {
    try {
      if (octets.length > FRAME_BYTES_MAX) throw new CodecError('size');
      const out = rewriter.rewrite(octets, place, hiding);
      if (codec.decode([out]).fault === null) return {out, whole: 0};
    } catch {
      // said by the count
    }
    return {out: hiddenWhole(rewriter, octets, {group: 'payload', hiding}), whole: 1};
  };
}

function hiddenWhole(rewriter: FrameRewriter, octets: Uint8Array, {group, hiding}: {readonly group: string; readonly hiding: Hiding}): Uint8Array {
  return rewriter.whole(hiding.tag(group, Buffer.from(octets).toString('latin1')), octets.length);
}

function frameRewriter(spec: CodecSpec): FrameRewriter {
  switch (spec.name) {
    case 'json': return jsonRewriter;
    case 'raw': return bytesRewriter;
    case 'text': return textRewriter;
    case 'msgpack': return msgpackRewriter(spec.keys);
    case 'pickle': return pickleRewriter(spec.keys);
    case 'zlib': case 'gzip': return compressedRewriter(spec.name, frameRewriter(spec.inner), spec.bytesMax);
    case 'delimited': return delimitedRewriter(spec);
    case 'binary': return binaryRewriter(spec);
    // a message has frames, a frame has none
    case 'multipart': return {whole: wholeAsJson, rewrite: () => { throw new CodecError('shape'); }};
  }
}
