import {connect, Socket, type OnReadOpts, type SocketConstructorOpts} from 'node:net';
import type {Endpoint} from './endpoint.ts';

/** What one read takes at most; the runtime's own reads are as long. */
const BUFFER_BYTES = 64 * 1024;

/** Gets a chunk; true: its memory is free again. False: somebody still writes from it, so that it is never used again. */
export type TakeChunk = (chunk: Buffer) => boolean;

/**
 * Reads a socket into memory that is used again, past the queue of the stream: the runtime would make memory for each read and give it back, which costs
 * more than all that is done with a message. It can be closed: then nothing more is taken from the system, and whatever comes, a reset too, stays there and
 * is met in its order later. (A stream that is only paused reads on until its queue is full, and throws that away when a reset follows.)
 */
export class ReusedReading {
  readonly socket: Socket;
  #take: TakeChunk = () => false;
  #isClosed = false;
  #isFree = false;

  private constructor(make: (onread: OnReadOpts) => Socket) {
    this.socket = make({
      callback: (sizeBytes, buffer) => {
        this.#isFree = this.#take((buffer as Buffer).subarray(0, sizeBytes));
        return !this.#isClosed;
      },
      // asked for once, and after each chunk; nothing: the one that is there
      buffer: () => (this.#isFree ? null as unknown as Buffer : Buffer.allocUnsafeSlow(BUFFER_BYTES)),
    });
  }

  /** Dials; one stream, open both ways until both ends are done. */
  static dial(endpoint: Endpoint): ReusedReading {
    return new ReusedReading((onread) => {
      const shared = {allowHalfOpen: true, noDelay: true, onread};
      return endpoint.kind === 'ipc' ? connect({...shared, path: endpoint.path}) : connect({...shared, host: endpoint.host, port: endpoint.port});
    });
  }

  /** Takes the connection from a socket that a server accepted and of which nothing was read (`pauseOnConnect`): the server cannot be told how to read. */
  static adopt(accepted: Socket): ReusedReading {
    const owner = accepted as unknown as {_handle: object | null};
    const handle = owner._handle;
    owner._handle = null;
    // the server counts it as over
    accepted.destroy();
    return new ReusedReading((onread) => new Socket({handle, allowHalfOpen: true, pauseOnCreate: true, onread} as SocketConstructorOpts));
  }

  /** From now on chunks come here. */
  start(take: TakeChunk): void {
    this.#take = take;
    this.socket.resume();
  }

  close(): void {
    this.#isClosed = true;
  }

  readonly open = (): void => {
    if (!this.#isClosed) return;
    this.#isClosed = false;
    // the stream may believe that it is reading already and would not ask again
    if (!this.socket.destroyed) this.socket._read(0);
  };
}
