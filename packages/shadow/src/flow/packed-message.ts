/**
 * A message in memory that is not the receiver's to keep, for example shared with another thread. Valid only during the call: the same object tells
 * the next message.
 */
export interface PackedMessage {
  readonly stream: string;
  readonly epoch: number;
  readonly seq: number;
  readonly tMonoNs: number;
  /** wall clock in ns since 1970: its upper and its lower 32 bits */
  readonly tWallHigh: number;
  readonly tWallLow: number;
  readonly partCount: number;
  /** octets of the identity in UTF-8 */
  readonly identityBytes: number;
  readonly octets: Buffer<ArrayBufferLike>;
  /** where it begins in `octets`: a length (u32, little endian) for each part, the identity, the parts, without anything between them */
  readonly at: number;
  /** octets of all that */
  readonly sizeBytes: number;
}
