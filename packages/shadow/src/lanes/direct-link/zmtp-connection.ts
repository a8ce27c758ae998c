import {connect, type Socket} from 'node:net';
import {FrameReader, type FrameLimits} from './frame-reader.ts';
import {greeting, GREETING_BYTES, greetingRefusal, pongCommand, readCommand, readProperty, readyCommand} from './zmtp-words.ts';

export interface ConnectionOptions {
  /** path of the unix socket on which the peer listens */
  readonly path: string;
  readonly role: 'PUSH' | 'PULL';
  readonly limits: FrameLimits;
  readonly timeoutMs: number;
  /** called before the messages of a chunk, to take the time once */
  readonly onChunk: () => void;
  readonly onMessage: (payload: Uint8Array, frames: readonly Uint8Array[] | null) => void;
  /** at most once, after the handshake: what the peer did wrong, or null when it just closed */
  readonly onEnd: (fault: string | null) => void;
}

/** Connects to a PUSH or PULL of libzmq and shakes hands; rejects when the peer is not what it should be. */
export function connectZmtp(options: ConnectionOptions): Promise<Socket> {
  const {path, role, limits, timeoutMs, onChunk, onMessage, onEnd} = options;
  const peerRole = role === 'PUSH' ? 'PULL' : 'PUSH';
  return new Promise((resolve, reject) => {
    const socket = connect({path});
    let state: 'greeting' | 'ready' | 'open' | 'over' = 'greeting';
    let head = Buffer.alloc(0);
    const timer = setTimeout(() => end(`no handshake within ${timeoutMs} ms`), timeoutMs);
    const end = (fault: string | null): void => {
      if (state === 'over') return;
      const wasOpen = state === 'open';
      state = 'over';
      clearTimeout(timer);
      socket.destroy();
      if (wasOpen) onEnd(fault);
      else reject(new Error(fault ?? 'the peer closed before the handshake was done'));
    };
    const reader = new FrameReader({
      message: (payload, frames) => {
        if (state === 'open') onMessage(payload, frames);
        else if (state === 'ready') end('a message before READY');
      },
      command: (body) => {
        const read = readCommand(body);
        if (read === null) end('a malformed command');
        else if (read.name === 'PING') socket.write(pongCommand(read.data));
        else if (read.name === 'ERROR') end('it refused the connection');
        else if (read.name === 'READY' && state === 'ready') {
          const type = readProperty(read.data, 'Socket-Type');
          if (type !== peerRole) return end(`its socket is ${type === null ? 'of no type' : 'a ' + type.replace(/[^A-Z]/g, '?').slice(0, 10)}, needed is a ${peerRole}`);
          state = 'open';
          clearTimeout(timer);
          resolve(socket);
        }
      },
    }, limits);
    socket.once('connect', () => socket.write(greeting()));
    socket.on('data', (chunk: Buffer) => {
      let rest = chunk;
      if (state === 'greeting') {
        head = Buffer.concat([head, chunk]);
        if (head.length < GREETING_BYTES) return;
        const refusal = greetingRefusal(head);
        if (refusal !== null) return end(refusal);
        state = 'ready';
        socket.write(readyCommand(role));
        rest = head.subarray(GREETING_BYTES);
      }
      onChunk();
      const fault = reader.feed(rest);
      if (fault !== null) end(fault);
    });
    socket.on('error', (error) => end(state === 'open' ? null : error.message));
    socket.on('close', () => end(null));
  });
}
