import type {Hiding, HidingPlace} from '@tandem/contract';

/** Replaces what is hidden in one frame. */
export interface FrameRewriter {
  /** New octets, or the very same when nothing is hidden in them; throws a CodecError when they cannot be read or nothing safe can be done. */
  rewrite(octets: Uint8Array, place: HidingPlace, hiding: Hiding): Uint8Array;
  /** What stands for a frame that is hidden whole: `{"$redacted": tag, "$octets": n}` where the format can hold it. */
  whole(tag: string, sizeBytes: number): Uint8Array;
}

/** Of formats that cannot hold an object, and of JSON. */
export const wholeAsJson: FrameRewriter['whole'] = (tag, sizeBytes) => utf8(JSON.stringify({$redacted: tag, $octets: sizeBytes}));

export function utf8(text: string): Uint8Array {
  return new Uint8Array(Buffer.from(text, 'utf8'));
}
