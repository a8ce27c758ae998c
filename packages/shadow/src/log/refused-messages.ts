import type {CapturedMessage, GapRecord} from '@tandem/contract';

/** At most one open hole a stream; each becomes a gap record before the next message of its stream. */
export class RefusedMessages {
  total = 0;
  readonly #open = new Map<string, {epoch: number; afterSeq: number; count: number; reason: string; tMonoNs: number}>();

  get pending(): boolean {
    return this.#open.size > 0;
  }

  add(message: Pick<CapturedMessage, 'stream' | 'epoch' | 'seq' | 'tMonoNs'>, reason: string): void {
    this.total += 1;
    const open = this.#open.get(message.stream);
    if (open !== undefined) {
      open.count += 1;
      return;
    }
    // What was refused may be anything: the record of it must be valid all the same.
    const seq = Number.isSafeInteger(message.seq) && message.seq > 0 ? message.seq : 1;
    const tMonoNs = Number.isSafeInteger(message.tMonoNs) && message.tMonoNs >= 0 ? message.tMonoNs : 0;
    this.#open.set(String(message.stream).slice(0, 256), {epoch: message.epoch >>> 0, afterSeq: seq - 1, count: 1, reason, tMonoNs});
  }

  takeOf(stream: string): GapRecord | null {
    const open = this.#open.get(stream);
    if (open === undefined) return null;
    this.#open.delete(stream);
    return {stream, ...open};
  }

  take(): GapRecord[] {
    const all = [...this.#open].map(([stream, open]) => ({stream, ...open}));
    this.#open.clear();
    return all;
  }
}
