import type {CodecFault, LaneName, Migration, PayloadCodecs} from '@tandem/contract';
import type {FeedInput} from './flow/feed-input.ts';
import type {LaneOutput} from './flow/lane-output.ts';

/** Makes JSON text of what goes in and comes out, once a message, so that match, compare and explain read one language. */
export class PayloadTexts {
  /** inputs that their codec could not read: they have no cause that can be told */
  undecodedInputs = 0;
  #undecodedOutputs = 0;
  #firstFault = '';
  readonly #codecs: PayloadCodecs | null;

  constructor(codec: Migration['codec']) {
    this.#codecs = typeof codec === 'string' ? null : codec;
  }

  /** The text of an input; null when its codec cannot read it. */
  input({payload, frames}: Pick<FeedInput, 'payload' | 'frames'>): Uint8Array | null {
    if (this.#codecs === null) return payload;
    const {text, fault} = this.#codecs.input.decode(frames ?? [payload]);
    if (fault !== null) {
      this.undecodedInputs += 1;
      this.#note(this.#codecs.input.name, fault);
    }
    return text;
  }

  outputs(lane: LaneName, outputs: readonly LaneOutput[]): readonly LaneOutput[] {
    if (this.#codecs === null) return outputs;
    const codec = this.#codecs.lanes[lane];
    return outputs.map((output) => {
      const {text, fault} = codec.decode(output.frames ?? [output.payload]);
      if (fault !== null) {
        this.#undecodedOutputs += 1;
        this.#note(codec.name, fault);
      }
      return {...output, decoded: {text, coversFrames: codec.allFrames}};
    });
  }

  /** What could not be read, for the manifest; empty when everything could. */
  notes(): string[] {
    if (this.undecodedInputs + this.#undecodedOutputs === 0) return [];
    return [`${this.undecodedInputs} inputs and ${this.#undecodedOutputs} outputs could not be decoded and were compared as octets; the first: ${this.#firstFault}`];
  }

  #note(name: string, {kind, at}: CodecFault): void {
    if (this.#firstFault === '') this.#firstFault = `${name}: ${kind}${at < 0 ? '' : ` at octet ${at}`}`;
  }
}

/** How outputs are compared: as JSON text, whatever stands on the wire, or as octets. */
export const compareMode = (codec: Migration['codec']): 'json' | 'raw' => (codec === 'raw' ? 'raw' : 'json');
