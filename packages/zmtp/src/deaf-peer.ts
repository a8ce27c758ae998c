import type {Socket} from 'node:net';

/**
 * Lets a stream be read to its end although a write to it fails. A peer that has closed may have left much to read, and a heartbeat that is sent to it
 * then would break the stream and throw that away; libzmq goes on reading in the same case. From the failure on, what is written is thrown away: `failed`
 * is called once.
 */
export function readOnWhenDeaf(socket: Socket, failed: (code: string) => void): void {
  let isDeaf = false;
  const write = socket._write.bind(socket);
  const writev = socket._writev?.bind(socket);
  const quiet = (done: (error?: Error | null) => void) => (error?: Error | null): void => {
    if (error == null || socket.readableEnded) return done(error);
    if (!isDeaf) failed((error as NodeJS.ErrnoException).code ?? error.message);
    isDeaf = true;
    done();
  };
  socket._write = (chunk, encoding, done) => (isDeaf ? done() : write(chunk, encoding, quiet(done)));
  if (writev !== undefined) socket._writev = (chunks, done) => (isDeaf ? done() : writev(chunks, quiet(done)));
}
