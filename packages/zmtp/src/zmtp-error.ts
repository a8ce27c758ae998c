/**
 * What can go wrong with a link as a whole. What a single peer does wrong closes that peer and is counted, never thrown.
 * - `endpoint`: not an endpoint that this package opens
 * - `not-local`: not ipc and not a loopback address
 * - `in-use`: somebody listens there, or a file that is no socket is in the way
 * - `listen`: the system does not let us listen there
 * - `peer`: the one connection of a link that does not reconnect could not be made
 */
export type ZmtpErrorCode = 'endpoint' | 'not-local' | 'in-use' | 'listen' | 'peer';

export class ZmtpError extends Error {
  readonly code: ZmtpErrorCode;
  readonly endpoint: string;

  constructor(code: ZmtpErrorCode, endpoint: string, seen: string, options?: ErrorOptions) {
    super(seen, options);
    this.name = 'ZmtpError';
    this.code = code;
    this.endpoint = endpoint;
  }
}
