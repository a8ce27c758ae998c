import {describe, expect, it} from 'vitest';
import {BIND_DOMAIN, CONNECT_DOMAIN} from './safe-settings.ts';
import {judgePeer, zapReply} from './zap-policy.ts';
import {assertLibzmqVersion} from './libzmq-version.ts';

const POLICY = {uid: 1000};
const request = (...parts: string[]): Buffer[] => parts.map((part) => Buffer.from(part));

describe('judgePeer', () => {
  it.each(['127.0.0.1', '127.9.9.9', '::1', '::ffff:127.0.0.1', 'localhost', 'localhost:1000:1000:77', 'localhost:0:0:1'])('lets %s in', (peer) => {
    expect(judgePeer(BIND_DOMAIN, peer, 'NULL', POLICY).allowed).toBe(true);
  });

  it.each(['10.0.0.1', '', '::ffff:10.0.0.1', 'localhost:1001:1000:77', 'localhost.evil', '1127.0.0.1', '127.0.0.1.evil'])('keeps %j out', (peer) => {
    expect(judgePeer(BIND_DOMAIN, peer, 'NULL', POLICY).allowed).toBe(false);
  });

  it('lets only its own domains and NULL pass', () => {
    expect(judgePeer('other', '127.0.0.1', 'NULL', POLICY).allowed).toBe(false);
    expect(judgePeer(BIND_DOMAIN, '127.0.0.1', 'PLAIN', POLICY).allowed).toBe(false);
    expect(judgePeer(CONNECT_DOMAIN, '10.1.2.3', 'NULL', POLICY).allowed).toBe(true);
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
