import {describe, expect, it} from 'vitest';
import {BIND_DOMAIN, CONNECT_DOMAIN} from './safe-settings.ts';
import {judgePeer, zapReply} from './zap-policy.ts';
import {assertLibzmqVersion} from './libzmq-version.ts';
import {z85} from './z85.ts';

const ALICE = Buffer.alloc(32, 7);
const POLICY = {uid: 1000, nameOf: (domain: string, key: string) => (domain === 'tandem.curve.1' && key === z85(ALICE) ? 'alice' : null)};
const NOTHING = new Uint8Array(0);
const request = (...parts: string[]): Buffer[] => parts.map((part) => Buffer.from(part));

describe('judgePeer', () => {
  it.each(['127.0.0.1', '127.9.9.9', '::1', '::ffff:127.0.0.1', 'localhost', 'localhost:1000:1000:77', 'localhost:0:0:1'])('lets %s in', (peer) => {
    expect(judgePeer({domain: BIND_DOMAIN, address: peer, mechanism: 'NULL', credentials: NOTHING}, POLICY).allowed).toBe(true);
  });

  it.each(['10.0.0.1', '', '::ffff:10.0.0.1', 'localhost:1001:1000:77', 'localhost.evil', '1127.0.0.1', '127.0.0.1.evil'])('keeps %j out', (peer) => {
    expect(judgePeer({domain: BIND_DOMAIN, address: peer, mechanism: 'NULL', credentials: NOTHING}, POLICY).allowed).toBe(false);
  });

  it('lets only its own domains and NULL pass', () => {
    expect(judgePeer({domain: 'other', address: '127.0.0.1', mechanism: 'NULL', credentials: NOTHING}, POLICY).allowed).toBe(false);
    expect(judgePeer({domain: BIND_DOMAIN, address: '127.0.0.1', mechanism: 'PLAIN', credentials: NOTHING}, POLICY).allowed).toBe(false);
    expect(judgePeer({domain: CONNECT_DOMAIN, address: '10.1.2.3', mechanism: 'NULL', credentials: NOTHING}, POLICY).allowed).toBe(true);
  });
});

describe('keys', () => {
  const curve = (domain: string, credentials: Uint8Array) => judgePeer({domain, address: '203.0.113.9', mechanism: 'CURVE', credentials}, POLICY);
  it('let in whoever is on the list of that socket, from wherever, and nobody else', () => {
    expect(curve('tandem.curve.1', ALICE)).toEqual({allowed: true, reason: 'key of alice'});
    expect(curve('tandem.curve.2', ALICE).allowed).toBe(false);
    expect(curve(BIND_DOMAIN, ALICE).allowed).toBe(false);
    expect(curve('tandem.curve.1', Buffer.alloc(32, 8)).allowed).toBe(false);
    expect(curve('tandem.curve.1', ALICE.subarray(1)).allowed).toBe(false);
    expect(judgePeer({domain: 'tandem.curve.1', address: '127.0.0.1', mechanism: 'NULL', credentials: ALICE}, POLICY).allowed).toBe(false);
  });
  it('are written as ZeroMQ writes them', () => {
    // the example of RFC 32
    expect(z85(Buffer.from([0x86, 0x4f, 0xd2, 0x6f, 0xb5, 0x59, 0xf7, 0x5b]))).toBe('HelloWorld');
    expect(() => z85(Buffer.alloc(5))).toThrow(RangeError);
  });
});

describe('zapReply', () => {
  it('repeats the request id and answers 200 or 400', () => {
    const yes = zapReply(request('1.0', 'id-7', BIND_DOMAIN, '127.0.0.1', '', 'NULL'), POLICY);
    expect(yes?.frames.map((frame) => Buffer.from(frame).toString())).toEqual(['1.0', 'id-7', '200', 'OK', '', '']);
    const no = zapReply(request('1.0', 'id-8', BIND_DOMAIN, '9.9.9.9', '', 'NULL'), POLICY);
    expect(no?.frames.map((frame) => Buffer.from(frame).toString()).slice(1, 3)).toEqual(['id-8', '400']);
  });

  it('does not answer what is not ZAP 1.0', () => {
    expect(zapReply(request('2.0', 'x', BIND_DOMAIN, '127.0.0.1', '', 'NULL'), POLICY)).toBeNull();
    expect(zapReply(request('1.0', 'x'), POLICY)).toBeNull();
    expect(zapReply([], POLICY)).toBeNull();
  });
});

describe('assertLibzmqVersion', () => {
  it.each(['4.3.5', '4.3.10', '4.4.0', '5.0.0'])('takes %s', (version) => expect(() => assertLibzmqVersion(version)).not.toThrow());
  it.each(['4.3.4', '4.2.9', '3.9.9', '', 'x'])('refuses %j', (version) => expect(() => assertLibzmqVersion(version)).toThrow(/4\.3\.5 or newer/));
});
