/** One message as the tap saw it: the record that goes into the log. */
export interface CapturedMessage {
  /** name of the stream: an input's name from the migration, or `out/<lane>` */
  readonly stream: string;
  /** counts reconnects and restarts of that stream's source, from 0 */
  readonly epoch: number;
  /** position in the stream, from 1, without holes unless a gap record says so */
  readonly seq: number;
  /** CLOCK_MONOTONIC of this host in ns; an exact integer below 2^53 (104 days of uptime) */
  readonly tMonoNs: number;
  /** wall clock in ns since 1970, for display only */
  readonly tWallNs: bigint;
  /** routing identity where the pattern has one, else empty */
  readonly identity: string;
  /** the message's parts; owned by whoever holds the record (copied out of any receive buffer) */
  readonly frames: readonly Uint8Array[];
}

/** A stated hole in the log: `count` messages, or an unknown number when null. */
export interface GapRecord {
  readonly stream: string;
  readonly epoch: number;
  readonly afterSeq: number;
  readonly count: number | null;
  readonly reason: string;
  readonly tMonoNs: number;
}
