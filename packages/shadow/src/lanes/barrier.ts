const ANSWER_BYTES_MAX = 512;

/** A test request on its way: everything sent before it is done when its answer arrives. */
export interface OpenBarrier {
  readonly id: string;
  /** position in the log of the last input sent before it */
  readonly inputSeq: number;
  /** inputs sent before it */
  readonly sentBefore: number;
  readonly wantsHash: boolean;
}

/** What an output turned out to be. */
export type BarrierReading =
  | {readonly kind: 'output'}
  | {readonly kind: 'answer'; readonly barrier: OpenBarrier; readonly refSeq: number | null; readonly stateHash: string | null}
  /** ours, but answered before or out of turn */
  | {readonly kind: 'misanswer'; readonly seen: string};

/**
 * Test requests of one lane: makes them, knows which are open and tells their answers from outputs. An answer has top-level
 * `msgType` "0" and a `testReqId` that we gave out; the prefix is unguessable enough that traffic cannot collide by accident.
 */
export class Barriers {
  readonly #prefix: string;
  readonly #needle: Buffer;
  readonly #open: OpenBarrier[] = [];
  #made = 0;
  #ended = false;
  #waiting: (() => void)[] = [];

  /** `token`: letters and digits, at most 16, another one for each lane and run */
  constructor(token: string) {
    this.#prefix = `tdm${token}.`;
    this.#needle = Buffer.from(this.#prefix);
  }

  get openCount(): number {
    return this.#open.length;
  }

  make(place: {readonly inputSeq: number; readonly sentBefore: number; readonly wantsHash: boolean}): Buffer {
    this.#made += 1;
    const barrier = {id: `${this.#prefix}${this.#made}`, ...place};
    this.#open.push(barrier);
    return Buffer.from(`{"msgType":"1","testReqId":"${barrier.id}","stateHash":"${place.wantsHash ? '1' : '0'}"}`);
  }

  /** Resolves when every test request was answered, or nothing more will come. */
  whenNoneOpen(): Promise<void> {
    if (this.#ended || this.#open.length === 0) return Promise.resolve();
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  end(): void {
    this.#ended = true;
    for (const resolve of this.#waiting.splice(0)) resolve();
  }

  read(payload: Uint8Array): BarrierReading {
    if (this.#made === 0 || payload.length > ANSWER_BYTES_MAX) return {kind: 'output'};
    const buffer = Buffer.isBuffer(payload) ? payload : Buffer.from(payload.buffer, payload.byteOffset, payload.byteLength);
    // Cheap test first: nearly every output lacks the prefix.
    if (buffer.indexOf(this.#needle) < 0) return {kind: 'output'};
    return this.#readJson(buffer.toString('utf8'));
  }

  #readJson(text: string): BarrierReading {
    let value: {msgType?: unknown; testReqId?: unknown; refSeqNum?: unknown; stateHash?: unknown} | null;
    try {
      value = JSON.parse(text) as typeof value;
    } catch {
      return {kind: 'output'};
    }
    const id = value?.testReqId;
    if (value?.msgType !== '0' || typeof id !== 'string' || !id.startsWith(this.#prefix)) return {kind: 'output'};
    const barrier = this.#open[0];
    if (barrier?.id !== id) return {kind: 'misanswer', seen: `an answer to ${id}, expected ${barrier?.id ?? 'none'}`};
    this.#open.shift();
    if (this.#open.length === 0) for (const resolve of this.#waiting.splice(0)) resolve();
    const {refSeqNum, stateHash} = value;
    if (barrier.wantsHash && (typeof stateHash !== 'string' || !/^[0-9a-f]{8,128}$/.test(stateHash))) {
      return {kind: 'misanswer', seen: `no usable stateHash in the answer to ${id}`};
    }
    return {
      kind: 'answer', barrier,
      refSeq: typeof refSeqNum === 'number' && Number.isSafeInteger(refSeqNum) ? refSeqNum : null,
      stateHash: typeof stateHash === 'string' ? stateHash : null,
    };
  }
}
