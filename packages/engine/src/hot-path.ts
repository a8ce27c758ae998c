/** Where an output goes. The object is reused: whoever keeps an output copies it before returning. */
export type Emit<Output> = (output: Output) => void;

/** A fingerprint in the making (SHA-256 where hashes are compared): octets in, in order and in pieces of any size. */
export interface DigestStream {
  update(octets: Uint8Array): unknown;
  digest(encoding: 'hex'): string;
}

/** Starts a fingerprint. Injected, so that hot paths import nothing. */
export type Digest = () => DigestStream;

/**
 * The one interface of every hot path of the engine. A decision is a pure function of the state and the event:
 * the same events in the same order give the same outputs and the same `stateHash`, on any machine and at any speed.
 */
export interface HotPath<Event, Output> {
  /**
   * Decides one event and hands every output to `emit`, in order, before it returns. Never throws on data.
   * `nowNs` is the caller's monotonic clock, for paths that decide by it; a path that takes its time from the event ignores it.
   */
  accept(event: Event, nowNs: number, emit: Emit<Output>): void;
  /** Fingerprint of everything that can change a later decision. Slow: for barriers and tests. */
  stateHash(): string;
}
