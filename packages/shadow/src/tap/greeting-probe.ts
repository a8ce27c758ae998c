import {createConnection} from 'node:net';

const WAIT_MS = 700;
const GREETING_BYTES = 64;
const MAJOR_AT = 10;
const MECHANISM_AT = 12;
const MECHANISM_BYTES = 20;
const SHOWN = 24;
/** what every end of ZMTP says first; ten octets, then it waits for the other */
const SIGNATURE = Buffer.from([0xff, 0, 0, 0, 0, 0, 0, 0, 1, 0x7f]);
const REST = Buffer.concat([Buffer.from([3, 0]), Buffer.from('NULL'), Buffer.alloc(48)]);

/** Who answers at an address, from the first octets that it sends. `null`: nobody listens. */
export type Greeter = {readonly kind: 'zmtp'; readonly major: number; readonly mechanism: string | null} | {readonly kind: 'silent'} | {readonly kind: 'other'; readonly shown: string} | null;

/** Connects, says the beginning of a greeting, reads the other's, and hangs up before anything could be exchanged. Touches no queue of the other end. */
export const probeGreeting = async (endpoint: string): Promise<Greeter> => {
  const tcp = /^tcp:\/\/(.+):(\d+)$/.exec(endpoint);
  const target = tcp === null ? {path: endpoint.replace(/^ipc:\/\//, '')} : {host: (tcp[1] as string).replace(/^\[|\]$/g, ''), port: Number(tcp[2])};
  return await new Promise<Greeter>((done) => {
    let read = Buffer.alloc(0), isLinked = false;
    const socket = createConnection(target);
    const finish = (): void => {
      clearTimeout(timer);
      socket.destroy();
      done(isLinked ? greeterOf(read) : null);
    };
    const timer = setTimeout(finish, WAIT_MS);
    socket.on('connect', () => {
      isLinked = true;
      socket.write(SIGNATURE);
    }).on('data', (chunk: Buffer) => {
      // what does not begin like ZMTP may go on without end
      if (read.length === 0 && chunk[0] === 0xff) socket.write(REST);
      read = Buffer.concat([read, chunk]).subarray(0, GREETING_BYTES);
      if (read.length >= GREETING_BYTES || read[0] !== 0xff) finish();
    }).on('end', finish).on('close', finish).on('error', finish);
  });
};

/** Reads a greeting as far as it came. */
export const greeterOf = (read: Uint8Array): Greeter => {
  const octets = Buffer.from(read);
  if (octets.length === 0) return {kind: 'silent'};
  if (octets[0] !== 0xff || (octets.length > 9 && ((octets[9] as number) & 1) === 0)) {
    // a length and a flag octet is how ZMTP 1 begins
    if (octets.length >= 2 && octets.length === (octets[0] as number) + 1 && octets[1] === 0) return {kind: 'zmtp', major: 1, mechanism: null};
    return {kind: 'other', shown: octets.subarray(0, SHOWN).toString('latin1').replace(/[^\x20-\x7e]/g, '?')};
  }
  const revision = octets[MAJOR_AT];
  if (revision === undefined) return {kind: 'silent'};
  // ZMTP 2 writes a revision of 1 there
  if (revision < 3) return {kind: 'zmtp', major: revision === 0 ? 1 : 2, mechanism: null};
  return {kind: 'zmtp', major: revision, mechanism: octets.length >= GREETING_BYTES ? octets.subarray(MECHANISM_AT, MECHANISM_AT + MECHANISM_BYTES).toString('latin1').replace(/\0+$/, '') : null};
};

/** What that means for a passive subscriber. Pure. */
export const greeterWords = (greeter: Greeter, wantsCurve: boolean): {readonly seen: string; readonly likely: string; readonly fix: string} | null => {
  if (greeter === null) return null;
  if (greeter.kind === 'other') return {seen: `what answers there is no ZeroMQ socket; it says "${greeter.shown}"`, likely: 'the port of another service was named', fix: 'name the endpoint of the publisher'};
  if (greeter.kind === 'silent') return null;
  if (greeter.major < 3) {
    return {seen: `the publisher speaks ZMTP ${greeter.major} (libzmq before 4)`, likely: 'an old libzmq or another implementation; such a handshake authenticates nobody, and strangers\' octets would become messages, so the tap refuses it',
      fix: 'stand in between with the wire tap, which forwards it unchanged (its messages cannot be recorded), or let the publisher use libzmq 4'};
  }
  const mechanism = greeter.mechanism ?? 'NULL';
  if (mechanism === 'CURVE' && !wantsCurve) return {seen: 'the publisher speaks CURVE', likely: 'its messages are encrypted for those who know its public key', fix: 'give its public key with --server-key (and a key that it lets in with --key-file)'};
  if (mechanism === 'CURVE') return {seen: 'the publisher speaks CURVE and lets the tap not in', likely: 'the server key is wrong, or the tap\'s public key is not on its allow-list', fix: 'compare --server-key with the publisher\'s public key, and let it allow the key of --key-file'};
  if (wantsCurve) return {seen: `the publisher speaks ${mechanism}, not CURVE`, likely: 'another endpoint was named, or it has no keys', fix: 'leave out --server-key, or name the endpoint that has keys'};
  if (mechanism !== 'NULL') return {seen: `the publisher wants ${mechanism}`, likely: 'it asks for a user and a password', fix: 'a passive tap knows no passwords: stand in between with the wire tap (--listen, --upstream)'};
  return null;
};
