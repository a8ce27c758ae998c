import type {TapStats} from './tap.ts';

const SUMMED = ['messages', 'bytes', 'gaps', 'gapMessages', 'gapUnknown', 'refused', 'withoutSourceSeq', 'repeated', 'connected', 'ready', 'handshakeFailed', 'disconnected', 'retries'] as const;

/** Several taps as one. Positions mean nothing across streams: of those the highest is kept. */
export const sumStats = (all: readonly TapStats[]): TapStats => {
  const sum: Record<(typeof SUMMED)[number], number> = Object.fromEntries(SUMMED.map((name) => [name, all.reduce((total, one) => total + one[name], 0)])) as never;
  const times = all.flatMap(({lastMessageMonoNs}) => (lastMessageMonoNs === null ? [] : [lastMessageMonoNs]));
  const most = (values: readonly number[]): number => Math.max(0, ...values);
  return {
    ...sum, stream: all.map(({stream}) => stream).join(', '), lastSeq: most(all.map(({lastSeq}) => lastSeq)), epoch: most(all.map(({epoch}) => epoch)),
    lastSourceSeq: all.length === 1 ? (all[0]?.lastSourceSeq ?? null) : null, lastMessageMonoNs: times.length === 0 ? null : Math.max(...times),
  };
};
