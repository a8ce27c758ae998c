import type {SignalFeatures} from '../src/signal/features/signal-features.ts';

/** Of the whole process: the kernel brings the time of a single running thread up to date only every few milliseconds. */
const processorUs = (): number => { const {user, system} = process.cpuUsage(); return user + system; };

/** Features over `ticks` (seven doubles each), round and round; a call takes so many more and gives ns of the processor's time a tick. */
export const startTurns = (features: SignalFeatures, ticks: Float64Array): ((count: number) => number) => {
  const {mailbox} = features, length = ticks.length / 7;
  let at = 0;
  return (count) => {
    const beginUs = processorUs();
    for (let i = 0; i < count; i++) {
      for (let k = 0; k < 7; k++) mailbox[k] = ticks[at * 7 + k]!;
      features.tick(0, at);
      if (++at === length) { at = 0; }
    }
    return ((processorUs() - beginUs) * 1000) / count;
  };
};
