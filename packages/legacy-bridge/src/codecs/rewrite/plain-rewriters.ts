import {CodecError} from '../codec-error.ts';
import {utf8Text} from '../octet-cursor.ts';
import {utf8, wholeAsJson, type FrameRewriter} from './frame-rewriter.ts';

export const jsonRewriter: FrameRewriter = {
  whole: wholeAsJson,
  rewrite: (octets, place, hiding) => {
    const text = utf8Text(octets, 0);
    const rewritten = hiding.json(place, text);
    if (rewritten === null) throw new CodecError('json');
    return rewritten === text ? octets : utf8(rewritten);
  },
};

/** One text is one value. */
export const textRewriter: FrameRewriter = {
  whole: wholeAsJson,
  rewrite: (octets, place, hiding) => {
    const tag = hiding.text(place, utf8Text(octets, 0));
    return tag === null ? octets : utf8(tag);
  },
};

/** Octets that nobody reads are one value. */
export const bytesRewriter: FrameRewriter = {
  whole: wholeAsJson,
  rewrite: (octets, place, hiding) => {
    const tag = hiding.octets(place.member('$bytes'), octets);
    return tag === null ? octets : utf8(tag);
  },
};
