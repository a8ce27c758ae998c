import {LOG_FORMAT, type ErrorDetail} from '@tandem/contract';
import type {LogSeal, SealedSegment, SealedStream} from './log-seal.ts';
import type {SegmentResult, SegmentStream} from './segment-builder.ts';

export function sealedSegment(file: string, result: SegmentResult): SealedSegment {
  return {
    file, sizeBytes: result.sizeBytes, sha256: result.sha256, messages: result.messages, gaps: result.gaps,
    streams: sealedStreams(result.streams),
  };
}

export function sealOf(segments: readonly SealedSegment[], dropped: number, fault: ErrorDetail | null): LogSeal {
  const totals = new Map<string, SegmentStream>();
  for (const segment of segments) {
    for (const stream of segment.streams) addStream(totals, stream);
  }
  return {
    formatVersion: '1.0', library: LOG_FORMAT.library, complete: fault === null, fault, segments, streams: sealedStreams(totals),
    messages: sum(segments, (segment) => segment.messages), gaps: sum(segments, (segment) => segment.gaps), dropped,
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

function sealedStreams(streams: ReadonlyMap<string, SegmentStream>): SealedStream[] {
  return [...streams].map(([stream, part]) => ({stream, ...part}));
}

function sum<T>(items: readonly T[], value: (item: T) => number): number {
  return items.reduce((total, item) => total + value(item), 0);
}
