/** A place in the text that a codec makes of a payload, as pointers name it; `$` keys of the codec's own included. */
export interface HidingPlace {
  /** link group of the tags of values here; null: they stay */
  readonly group: string | null;
  member(key: string): HidingPlace;
  element(index: number): HidingPlace;
}

/** What is decided about values, and what stands in their place. A null answer: the value stays. */
export interface Hiding {
  readonly root: HidingPlace;
  /** the tag of a text: of a hidden place, or of a credential anywhere */
  text(place: HidingPlace, text: string): string | null;
  /** the tag of a number by its decimal text; one for all ways to write it */
  number(place: HidingPlace, source: string): string | null;
  octets(place: HidingPlace, octets: Uint8Array): string | null;
  /** the tag of an object's key that is a credential */
  key(key: string): string | null;
  /** whether one frame is hidden whole, by its number from 0 */
  frame(index: number): string | null;
  /** 26 characters of [A-Za-z0-9_-] */
  tag(group: string, text: string): string;
  /** 32 octets, keyed, for what has no room for a tag */
  digest(group: string, text: string): Uint8Array;
  /** JSON text at a place with what is hidden replaced; null when it is no JSON within the limits */
  json(place: HidingPlace, text: string): string | null;
}

export interface RewrittenPayload {
  /** owned by the caller when they differ from what was given */
  readonly frames: readonly Uint8Array[];
  /** frames that had to be hidden whole because nobody can say what stands in them */
  readonly whole: number;
}

/** Replaces what is hidden in a message, in the message's own format. Total: it never throws. */
export interface PayloadRewriter {
  /** it takes care of all frames of a message, not only of the last */
  readonly allFrames: boolean;
  rewrite(frames: readonly Uint8Array[], hiding: Hiding): RewrittenPayload;
}
