/** The log is MCAP: segments `<n>.mcap` in a folder, sealed by `seal.json`. Readable by any MCAP tool. */
export const LOG_FORMAT = {
  profile: 'tandem',
  library: 'tandem log 1',
  /** one channel per stream; topic = stream name */
  messageEncoding: 'tandem-frames-1',
  /** MCAP metadata record that states a hole */
  gapMetadata: 'tandem.gap',
  segmentName: (index: number): string => `${String(index).padStart(6, '0')}.mcap`,
  seal: 'seal.json',
  /** the seal so far, while the log is written and after a crash */
  manifest: 'manifest.json',
  /** a longer message is refused and counted, bytes */
  messageBytesMax: 64 * 1024 * 1024,
  partsMax: 16,
} as const;
