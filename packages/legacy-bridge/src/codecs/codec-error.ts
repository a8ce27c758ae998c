import type {CodecFaultKind} from '@tandem/contract';

/** Ends the decoding of one payload; never leaves this folder. */
export class CodecError extends Error {
  readonly kind: CodecFaultKind;
  /** octet at which it was noticed, -1 when none is to blame */
  readonly at: number;

  constructor(kind: CodecFaultKind, at = -1) {
    super(kind);
    this.kind = kind;
    this.at = at;
  }
}
