import type {Socket} from 'node:net';

/** Closed, a stream takes nothing more from the system; what has come stays there. */
export interface ReadingValve {
  close(): void;
  open(): void;
}

/**
 * Gives each chunk that a socket reads to `take`, past the queue of the stream, which would cost more than all that is done with it. A paused socket goes
 * on reading until that queue is full, and throws it away when a reset follows. Behind a closed valve nothing is read at all: whoever closes it while a
 * chunk is delivered leaves the rest, and the reset, with the system, and meets them in their order later.
 */
export function readingValve(socket: Socket, take: (chunk: Buffer) => void): ReadingValve {
  let isClosed = false;
  const push = socket.push.bind(socket);
  const read = socket._read.bind(socket);
  // the socket stops at its source when this says that there is no more room
  socket.push = (chunk: unknown, encoding?: BufferEncoding) => {
    // the end is the stream's own
    if (!Buffer.isBuffer(chunk)) return push(chunk, encoding);
    take(chunk);
    return !isClosed;
  };
  socket._read = (sizeBytes) => {
    if (!isClosed) read(sizeBytes);
  };
  return {
    close() { isClosed = true; },
    open() {
      if (!isClosed) return;
      isClosed = false;
      // the stream may believe that it is reading already and would not ask again
      if (!socket.destroyed) socket._read(0);
    },
  };
}
