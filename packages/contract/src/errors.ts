/** Whose failure it is: the user's input, the machine around us, a lane's program, our own bug, or a wish to stop. */
export type ErrorKind = 'usage' | 'environment' | 'lane' | 'invariant' | 'cancel';

/** What an error says to a person: one line each, no secrets, no control characters. */
export interface ErrorDetail {
  /** stable id, `TDM-E` and three digits; the table is in docs/errors.md */
  readonly id: string;
  readonly kind: ErrorKind;
  /** one sentence: what failed */
  readonly what: string;
  /** the file and line, endpoint or field that caused it */
  readonly where?: string | undefined;
  /** what was observed */
  readonly seen?: string | undefined;
  readonly likely?: string | undefined;
  /** the next command or edit */
  readonly fix?: string | undefined;
}

/** The only error that crosses a package's door. */
export class TandemError extends Error {
  readonly detail: ErrorDetail;
  constructor(detail: ErrorDetail, options?: {cause?: unknown}) {
    super(detail.what, options);
    this.name = 'TandemError';
    this.detail = detail;
  }
}
