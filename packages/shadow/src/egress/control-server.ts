import {chmod, unlink} from 'node:fs/promises';
import {createServer, type Server, type Socket} from 'node:net';
import type {ControlAnswer, ControlRequest} from '../flow/ownership-control.ts';

const CONNECTIONS_MAX = 32;
const LINE_BYTES_MAX = 4 * 1024 * 1024;
const REQUESTS_PER_SECOND_MAX = 2000;

export type ControlHandler = (request: ControlRequest) => Promise<ControlAnswer>;

/** A unix socket (mode 0600) that takes one JSON request a line and answers each with one line, in order. */
export interface ControlServer {
  close(): Promise<void>;
}

export async function openControlServer(path: string, handle: ControlHandler): Promise<ControlServer> {
  // A file of a dead gate; a living one was excluded by the lock on its journal's socket before.
  await unlink(path).catch(() => undefined);
  const open = new Set<Socket>();
  const server = createServer((socket) => {
    if (open.size >= CONNECTIONS_MAX) {
      socket.destroy();
      return;
    }
    open.add(socket);
    socket.once('close', () => open.delete(socket));
    serve(socket, handle);
  });
  const before = process.umask(0o177);
  try {
    await listen(server, path);
  } finally {
    process.umask(before);
  }
  await chmod(path, 0o600);
  return {
    close: () => new Promise((resolve) => {
      for (const socket of open) socket.destroy();
      server.close(() => resolve());
    }),
  };
}

function listen(server: Server, path: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(path, () => resolve());
  });
}

function serve(socket: Socket, handle: ControlHandler): void {
  let buffered = '';
  let queue = Promise.resolve();
  let second = 0;
  let inSecond = 0;
  socket.setEncoding('utf8');
  socket.on('error', () => socket.destroy());
  socket.on('data', (chunk: string) => {
    buffered += chunk;
    if (buffered.length > LINE_BYTES_MAX) {
      socket.destroy();
      return;
    }
    for (let end = buffered.indexOf('\n'); end >= 0; end = buffered.indexOf('\n')) {
      const line = buffered.slice(0, end);
      buffered = buffered.slice(end + 1);
      const now = Math.floor(process.uptime());
      inSecond = now === second ? inSecond + 1 : 1;
      second = now;
      if (inSecond > REQUESTS_PER_SECOND_MAX) {
        socket.destroy();
        return;
      }
      queue = queue.then(() => answer(socket, line, handle));
    }
  });
}

async function answer(socket: Socket, line: string, handle: ControlHandler): Promise<void> {
  const request = readRequest(line);
  const reply = request === null
    ? {kind: 'refused' as const, code: 'request' as const, reason: 'not a request', epoch: 0, winner: ''}
    : await handle(request);
  if (!socket.destroyed) socket.write(`${JSON.stringify(reply)}\n`);
}

function isText(value: unknown, charsMax: number): value is string {
  return typeof value === 'string' && value.length <= charsMax;
}

/** Null for whatever is not exactly a request. */
export function readRequest(line: string): ControlRequest | null {
  let value: Record<string, unknown> | null;
  try {
    value = JSON.parse(line) as Record<string, unknown> | null;
  } catch {
    return null;
  }
  if (value === null || typeof value !== 'object') return null;
  const {kind, mode, actor, nonce, expectedEpoch, stage, share, moves, evidenceHash, planHash, reason} = value;
  if (kind === 'status') return {kind};
  if (kind === 'kill') return (mode === 'legacy' || mode === 'halt') && isText(actor, 200) ? {kind, mode, actor} : null;
  const sound = kind === 'propose' && isText(nonce, 200) && nonce !== '' && Number.isSafeInteger(expectedEpoch) && typeof share === 'number' && share >= 0 && share <= 1
    && isText(stage, 20) && ['SHADOW', 'CANARY', 'PROMOTING', 'PRIMARY', 'ROLLING_BACK', 'HALTED'].includes(stage) && isText(evidenceHash, 200)
    && isText(planHash, 200) && isText(actor, 200) && isText(reason, 500) && Array.isArray(moves)
    && moves.every((move: {partition?: unknown; owner?: unknown} | null) => isText(move?.partition, 256) && (move.owner === 'legacy' || move.owner === 'candidate'));
  return sound ? (value as unknown as ControlRequest) : null;
}
