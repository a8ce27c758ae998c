import type {Socket} from 'node:net';
import {readOnWhenDeaf} from './deaf-peer.ts';
import type {ReusedReading} from './reused-reading.ts';
import type {WireTraffic} from './wire-events.ts';
import type {WireObserver} from './wire-observer.ts';

/**
 * One direction of a connection: what comes from one end goes to the other unchanged, first, and is looked at afterwards. When the other end does not
 * take it, nothing more is read until it does.
 */
export class WireLink {
  readonly observer: WireObserver;
  readonly #from: ReusedReading;
  readonly #to: Socket;
  readonly #clock: () => number;
  #bytes = 0;
  #splicedBytes = 0;
  /** what waited for the other end after the last write */
  #heldBytes = 0;
  #lostBytes = 0;
  #isDeaf = false;

  readonly #failed: (code: string) => void;

  /** `failed`: a write failed; what came before is still read from there. */
  constructor(from: ReusedReading, to: Socket, observer: WireObserver, clock: () => number, failed: (code: string) => void) {
    this.#failed = failed;
    this.observer = observer;
    this.#from = from;
    this.#to = to;
    this.#clock = clock;
  }

  get traffic(): WireTraffic {
    const {messages, messageBytes, observed, truncated, unobserved, unaccepted, subscriptions, commands, opaqueFrames, opaqueBytes} = this.observer;
    return {
      bytes: this.#bytes, unsentBytes: this.#lostBytes + this.#heldBytes, messages, messageBytes, observed, truncated, unobserved, unaccepted,
      subscriptions, commands, opaqueFrames, opaqueBytes, splicedBytes: this.#splicedBytes,
    };
  }

  /** Reads nothing more until the other end is gone. */
  stop(): void {
    this.#from.close();
  }

  start(): void {
    const from = this.#from;
    const to = this.#to;
    readOnWhenDeaf(to, (code) => {
      this.#lostBytes += this.#heldBytes;
      this.#heldBytes = 0;
      this.#isDeaf = true;
      this.#failed(code);
    });
    const take = (chunk: Buffer): boolean => {
      const {observer} = this;
      const isQueued = to.writableLength > 0;
      const tMonoNs = observer.isReading ? this.#clock() : 0;
      this.#bytes += chunk.length;
      if (to.writable && !this.#isDeaf) {
        // behind others it waits as long as it is, not as long as what it was read into
        to.write(isQueued ? Buffer.from(chunk) : chunk);
        this.#heldBytes = to.writableLength;
        // above this mark the stream tells when it has drained
        if (this.#heldBytes >= to.writableHighWaterMark) from.close();
      } else this.#lostBytes += chunk.length;
      if (!observer.feed(chunk, tMonoNs)) this.#splicedBytes += chunk.length;
      // what the system has not taken is still read from there
      return isQueued || to.writableLength === 0;
    };
    const taken = (): void => {
      if (to.errored === null) this.#heldBytes = 0;
      from.open();
    };
    to.on('drain', taken);
    to.on('finish', taken);
    // nobody is left to wait for: the other end is read to its end
    to.on('close', from.open);
    from.socket.on('end', () => to.end());
    from.start(take);
  }
}
