import {FLAG_COMMAND, HEADER_BYTES_MAX, writeHeader} from './frame-header.ts';
import type {SocketType} from './socket-type.ts';

const NAME_PING = '\u0004PING';

/** A command as a frame. */
export function command(name: string, data: Uint8Array): Buffer {
  const head = Buffer.alloc(HEADER_BYTES_MAX);
  const length = writeHeader(head, 0, 1 + name.length + data.length, FLAG_COMMAND);
  return Buffer.concat([head.subarray(0, length), Buffer.from([name.length]), Buffer.from(name, 'latin1'), data]);
}

/** READY: what we are, and no identity. */
export function readyCommand(socketType: SocketType): Buffer {
  return command('READY', readyData(socketType));
}

/** The properties of READY and INITIATE. */
export function readyData(socketType: SocketType): Buffer {
  const property = (name: string, value: string): Buffer => {
    const size = Buffer.alloc(4);
    size.writeUInt32BE(value.length);
    return Buffer.concat([Buffer.from([name.length]), Buffer.from(name, 'latin1'), size, Buffer.from(value, 'latin1')]);
  };
  return Buffer.concat([property('Socket-Type', socketType), property('Identity', '')]);
}

/** PING without a context; the peer may close us when it hears nothing for `ttlMs` (carried in steps of 100 ms, 0 = never). */
export function pingCommand(ttlMs: number): Buffer {
  const ttl = Buffer.alloc(2);
  ttl.writeUInt16BE(Math.min(0xffff, Math.ceil(ttlMs / 100)));
  return command(NAME_PING.slice(1), ttl);
}

/** The answer to PING: the same context, at most 16 octets, without the two of its time to live. */
export function pongCommand(pingData: Uint8Array): Buffer {
  return command('PONG', pingData.subarray(2, 18));
}

export interface CommandRead {
  readonly name: string;
  readonly data: Uint8Array;
}

/**
 * How libzmq's PLAIN server spells ERROR: its source says "\x05ERROR", which C reads as the octet 5E and "RROR". The name's length is
 * then longer than the body.
 */
const MISSPELT_ERROR = Buffer.from('\u005eRROR', 'latin1');

/** Takes a command's body apart; null when its name does not fit into it. */
export function readCommand(body: Uint8Array): CommandRead | null {
  if (MISSPELT_ERROR.equals(body.subarray(0, MISSPELT_ERROR.length))) return {name: 'ERROR', data: body.subarray(MISSPELT_ERROR.length)};
  const nameLength = body[0];
  if (nameLength === undefined || nameLength === 0 || nameLength > body.length - 1) return null;
  return {name: Buffer.from(body.subarray(1, 1 + nameLength)).toString('latin1'), data: body.subarray(1 + nameLength)};
}

/** A property of READY, its name compared without case; null when it is not there or the data are malformed. */
export function readProperty(data: Uint8Array, wanted: string): string | null {
  const bytes = Buffer.from(data.buffer, data.byteOffset, data.byteLength);
  for (let at = 0; at < bytes.length;) {
    const nameLength = bytes[at] ?? 0;
    const valueAt = at + 1 + nameLength + 4;
    if (nameLength === 0 || valueAt > bytes.length) return null;
    const valueLength = bytes.readUInt32BE(at + 1 + nameLength);
    if (valueAt + valueLength > bytes.length) return null;
    if (bytes.toString('latin1', at + 1, at + 1 + nameLength).toLowerCase() === wanted.toLowerCase()) return bytes.toString('latin1', valueAt, valueAt + valueLength);
    at = valueAt + valueLength;
  }
  return null;
}
