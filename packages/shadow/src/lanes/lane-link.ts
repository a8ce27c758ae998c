/** The connection to a launched lane: PUSH to its input, PULL from its output. */
export interface LaneLink {
  /**
   * Takes one message: true at once when there is room; else a promise, false when the lane's queue stayed full for the send
   * timeout (try again, nothing was taken). Never change the message's memory afterwards.
   */
  send(message: Uint8Array | readonly Uint8Array[]): true | Promise<boolean>;
  /** What was taken is on its way after this. */
  flush(): void;
  close(): void;
}

export interface LaneLinkOptions {
  readonly inEndpoint: string;
  readonly outEndpoint: string;
  /** a lane that sends a longer message is cut */
  readonly messageBytesMax: number;
  readonly sendTimeoutMs: number;
  /** payload (the last frame) and all frames when there are several, owned by the receiver; the time they were taken from the socket */
  readonly onMessage: (payload: Uint8Array, frames: readonly Uint8Array[] | null, tMonoNs: number) => void;
  /** the lane's end of a connection is gone; with what it did wrong, if it did */
  readonly onClosed: (side: 'input' | 'output', fault: string | null) => void;
}
