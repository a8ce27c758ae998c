/** Bounds of one socket and each of its connections; sizes in octets, times in ms. */
export interface LinkLimits {
  /** all parts of a message together; a peer that sends a longer one is cut */
  readonly messageBytesMax: number;
  readonly partsMax: number;
  /** peers that have shaken hands; one more is turned away */
  readonly peersMax: number;
  /** connections that have not shaken hands yet; beyond this the oldest goes, so that silent strangers keep nobody out */
  readonly strangersMax: number;
  readonly handshakeMs: number;
  /** a peer silent for so long is asked for a sign of life; 0 = never */
  readonly heartbeatMs: number;
  /** and cut after so long, when nothing else explains its silence */
  readonly silenceMs: number;
}

export const LINK_LIMITS: LinkLimits = {
  messageBytesMax: 1024 * 1024, partsMax: 16, peersMax: 64, strangersMax: 128, handshakeMs: 2000, heartbeatMs: 1000, silenceMs: 3000,
};

/** How a connecting end comes back: after a random time between the half and the whole of a delay that doubles from `minMs` to `maxMs`. */
export interface Reconnect {
  readonly minMs: number;
  readonly maxMs: number;
}

export const RECONNECT: Reconnect = {minMs: 50, maxMs: 2000};

/** What happened to a socket's connections so far. */
export interface LinkCounts {
  /** handshakes done */
  readonly joined: number;
  /** joined and gone again, for whatever reason */
  readonly gone: number;
  /** of these: cut for what they sent */
  readonly faulty: number;
  /** of these: cut for silence */
  readonly silent: number;
  /** connections that ended before the handshake was done: strangers, wrong pairs, too late, too many */
  readonly refused: number;
}
