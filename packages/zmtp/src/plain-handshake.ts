import {timingSafeEqual} from 'node:crypto';
import {command, readyData} from './command.ts';
import {errorReason, unexpected, type Handshake, type Mechanism, type Step} from './handshake.ts';
import type {SocketType} from './socket-type.ts';

/** Up to 255 octets each in UTF-8. They cross the link in the clear: for ipc and loopback only. */
export interface PlainCredentials {
  readonly username: string;
  readonly password: string;
}

/** Shakes hands as the client of PLAIN. @throws RangeError for a name or password of more than 255 octets */
export function plainClient({username, password}: PlainCredentials): Mechanism {
  const hello = Buffer.concat([short(username), short(password)]);
  return {name: 'PLAIN', isServer: false, begin: (type) => new ClientHandshake(type, hello)};
}

/** Shakes hands as the server of PLAIN; `isKnown` decides who may come in. */
export function plainServer(isKnown: (credentials: PlainCredentials) => boolean): Mechanism {
  return {name: 'PLAIN', isServer: true, begin: (type) => new ServerHandshake(type, isKnown)};
}

/** Compares with credentials that are kept; the time it takes does not tell how much of them was right. */
export function isSameCredentials(one: PlainCredentials, other: PlainCredentials): boolean {
  const same = (a: string, b: string): boolean => {
    const [left, right] = [Buffer.alloc(256), Buffer.alloc(256)];
    left[255] = left.write(a);
    right[255] = right.write(b);
    return timingSafeEqual(left, right);
  };
  return [same(one.username, other.username), same(one.password, other.password)].every(Boolean);
}

class ClientHandshake implements Handshake {
  readonly opening: Uint8Array;
  readonly #type: SocketType;
  #isWelcome = false;

  constructor(type: SocketType, hello: Uint8Array) {
    this.#type = type;
    this.opening = command('HELLO', hello);
  }

  take(name: string, data: Uint8Array): Step {
    if (name === 'ERROR') return {refusal: errorReason(data)};
    if (name === 'WELCOME' && !this.#isWelcome && data.length === 0) {
      this.#isWelcome = true;
      return {send: command('INITIATE', readyData(this.#type))};
    }
    return name === 'READY' && this.#isWelcome ? {peer: data} : unexpected(name);
  }
}

class ServerHandshake implements Handshake {
  readonly opening = null;
  readonly #type: SocketType;
  readonly #isKnown: (credentials: PlainCredentials) => boolean;
  #isWelcome = false;

  constructor(type: SocketType, isKnown: (credentials: PlainCredentials) => boolean) {
    this.#type = type;
    this.#isKnown = isKnown;
  }

  take(name: string, data: Uint8Array): Step {
    if (name === 'HELLO' && !this.#isWelcome) {
      const credentials = readHello(data);
      if (credentials === null || !this.#isKnown(credentials)) return {send: command('ERROR', short('400')), refusal: 'its credentials are not known'};
      this.#isWelcome = true;
      return {send: command('WELCOME', new Uint8Array())};
    }
    return name === 'INITIATE' && this.#isWelcome ? {send: command('READY', readyData(this.#type)), peer: data} : unexpected(name);
  }
}

function readHello(data: Uint8Array): PlainCredentials | null {
  const bytes = Buffer.from(data.buffer, data.byteOffset, data.length);
  const nameEnd = 1 + (bytes[0] ?? 255);
  const passwordLength = bytes[nameEnd];
  if (passwordLength === undefined || nameEnd + 1 + passwordLength !== bytes.length) return null;
  return {username: bytes.toString('utf8', 1, nameEnd), password: bytes.toString('utf8', nameEnd + 1)};
}

/** A length in one octet, and the text. */
function short(text: string): Buffer {
  const bytes = Buffer.from(text);
  if (bytes.length > 255) throw new RangeError(`a text of ${bytes.length} octets, at most 255`);
  return Buffer.concat([Buffer.from([bytes.length]), bytes]);
}
