import type {LaneName, Migration, PayloadCodecs} from '@tandem/contract';
import type {FeedInput} from './flow/feed-input.ts';
import type {LaneOutput} from './flow/lane-output.ts';

/** Makes JSON text of what goes in and comes out, once a message, so that match, compare and explain read one language. */
export class PayloadTexts {
  /** inputs that their codec could not read: they have no cause that can be told */
  undecodedInputs = 0;
  readonly #codecs: PayloadCodecs | null;

  constructor(codec: Migration['codec']) {
    this.#codecs = typeof codec === 'string' ? null : codec;
  }

  /** The text of an input; null when its codec cannot read it. */
  input({payload, frames}: Pick<FeedInput, 'payload' | 'frames'>): Uint8Array | null {
    if (this.#codecs === null) return payload;
    const {text} = this.#codecs.input.decode(frames ?? [payload]);
    if (text === null) this.undecodedInputs += 1;
    return text;
  }

  outputs(lane: LaneName, outputs: readonly LaneOutput[]): readonly LaneOutput[] {
    if (this.#codecs === null) return outputs;
    const codec = this.#codecs.lanes[lane];
    return outputs.map((output) => ({...output, decoded: {text: codec.decode(output.frames ?? [output.payload]).text, coversFrames: codec.allFrames}}));
  }
}

/** How outputs are compared: as JSON text, whatever stands on the wire, or as octets. */
export const compareMode = (codec: Migration['codec']): 'json' | 'raw' => (codec === 'raw' ? 'raw' : 'json');
