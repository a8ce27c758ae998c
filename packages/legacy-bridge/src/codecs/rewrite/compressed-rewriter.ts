import {deflateSync, gzipSync} from 'node:zlib';
import {inflated} from '../compressed-codec.ts';
import type {FrameRewriter} from './frame-rewriter.ts';

/** Flags of gzip's header that announce a name, a comment or other octets which nobody has looked at. */
const GZIP_FLAGS_AT = 3;

/** Takes the compression off, lets the inner codec rewrite, and packs again: the same octets always give the same octets. */
export function compressedRewriter(kind: 'zlib' | 'gzip', inner: FrameRewriter, bytesMax: number): FrameRewriter {
  const pack = (octets: Uint8Array): Uint8Array => new Uint8Array(kind === 'zlib' ? deflateSync(octets) : gzipSync(octets));
  return {
    whole: (tag, sizeBytes) => pack(inner.whole(tag, sizeBytes)),
    rewrite: (octets, place, hiding) => {
      const plain = inflated(kind, octets, bytesMax);
      const rewritten = inner.rewrite(plain, place, hiding);
      return rewritten === plain && (kind === 'zlib' || octets[GZIP_FLAGS_AT] === 0) ? octets : pack(rewritten);
    },
  };
}
