/** The few words of ZMTP 3.0 (zeromq/rfc 23) that a connecting PUSH or PULL with the NULL mechanism speaks. */
export const GREETING_BYTES = 64;
export const FLAG_MORE = 1;
export const FLAG_LONG = 2;
export const FLAG_COMMAND = 4;
/** Bits that must be zero. */
export const FLAGS_RESERVED = 0xf8;

/** Signature, version 3.0, mechanism NULL, not a server. */
export function greeting(): Buffer {
  const bytes = Buffer.alloc(GREETING_BYTES);
  bytes[0] = 0xff;
  bytes[8] = 0x01;
  bytes[9] = 0x7f;
  bytes[10] = 3;
  bytes.write('NULL', 12, 'latin1');
  return bytes;
}

/** Why the peer's greeting does not do; null when it does. */
export function greetingRefusal(bytes: Buffer): string | null {
  if (bytes[0] !== 0xff || ((bytes[9] ?? 0) & 1) === 0) return 'it does not speak ZMTP 2 or newer';
  if ((bytes[10] ?? 0) < 3) return `it speaks ZMTP ${bytes[10]}, needed is 3`;
  const end = bytes.indexOf(0, 12);
  const mechanism = bytes.toString('latin1', 12, end < 0 || end > 32 ? 32 : end);
  return mechanism === 'NULL' ? null : 'it wants another mechanism than NULL';
}

function command(name: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from([name.length]), Buffer.from(name, 'latin1'), data]);
  if (body.length > 255) throw new RangeError(`command ${name} of ${body.length} bytes`);
  return Buffer.concat([Buffer.from([FLAG_COMMAND, body.length]), body]);
}

export function readyCommand(socketType: 'PUSH' | 'PULL'): Buffer {
  const property = (name: string, value: string): Buffer => {
    const size = Buffer.alloc(4);
    size.writeUInt32BE(value.length);
    return Buffer.concat([Buffer.from([name.length]), Buffer.from(name, 'latin1'), size, Buffer.from(value, 'latin1')]);
  };
  return command('READY', Buffer.concat([property('Socket-Type', socketType), property('Identity', '')]));
}

/** The answer to PING: the same context, at most 16 octets, without the two of its time to live. */
export function pongCommand(pingData: Uint8Array): Buffer {
  return command('PONG', Buffer.from(pingData.subarray(2, 18)));
}

export interface CommandRead {
  readonly name: string;
  readonly data: Uint8Array;
}

/** Takes a command's body apart; null when its name does not fit into it. */
export function readCommand(body: Uint8Array): CommandRead | null {
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

/** Writes a frame's header; returns its length, 2 or 9. */
export function writeHeader(target: Buffer, at: number, size: number, flags: number): number {
  if (size <= 255) {
    target[at] = flags;
    target[at + 1] = size;
    return 2;
  }
  target[at] = flags | FLAG_LONG;
  target.writeUInt32BE(Math.floor(size / 2 ** 32), at + 1);
  target.writeUInt32BE(size % 2 ** 32, at + 5);
  return 9;
}
