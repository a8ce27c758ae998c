import type {SealedSegment, SealedStream} from './log-seal.ts';
import type {SegmentResult, SegmentStream} from './segment-builder.ts';

export function sealedSegment(file: string, result: SegmentResult): SealedSegment {
  return {
    file, sizeBytes: result.sizeBytes, sha256: result.sha256, messages: result.messages, gaps: result.gaps,
    streams: sealedStreams(result.streams),
  };
}

/** Adds what one segment holds of a stream to the total; segments come in order. */
export function addStream(totals: Map<string, SegmentStream>, part: SealedStream): void {
  const {stream, ...rest} = part;
  const known = totals.get(stream);
  if (known === undefined) {
    totals.set(stream, {...rest});
    return;
  }
  known.messages += part.messages;
  known.lastSeq = part.lastSeq;
  known.lastMonoNs = part.lastMonoNs;
}

export function sealedStreams(streams: ReadonlyMap<string, SegmentStream>): SealedStream[] {
  return [...streams].map(([stream, part]) => ({stream, ...part}));
}

export function sum<T>(items: readonly T[], value: (item: T) => number): number {
  return items.reduce((total, item) => total + value(item), 0);
}
