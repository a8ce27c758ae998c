import {describe, expect, it} from 'vitest';
import {greeterOf, greeterWords} from './greeting-probe.ts';

const zmtp = (revision: number, mechanism: string): Buffer => Buffer.concat([Buffer.from([0xff, 0, 0, 0, 0, 0, 0, 0, 1, 0x7f, revision, 0]), Buffer.from(mechanism.padEnd(20, '\0')), Buffer.alloc(32)]);

describe('who answers at an address', () => {
  it.each([
    ['nothing', Buffer.alloc(0), {kind: 'silent'}], ['ten octets of a greeting', zmtp(3, 'NULL').subarray(0, 10), {kind: 'silent'}],
    ['ZMTP 1', Buffer.from([1, 0]), {kind: 'zmtp', major: 1, mechanism: null}], ['ZMTP 2', zmtp(1, '').subarray(0, 12), {kind: 'zmtp', major: 2, mechanism: null}],
    ['ZMTP 3', zmtp(3, 'NULL'), {kind: 'zmtp', major: 3, mechanism: 'NULL'}], ['CURVE', zmtp(3, 'CURVE'), {kind: 'zmtp', major: 3, mechanism: 'CURVE'}],
    ['SSH', Buffer.from('SSH-2.0-OpenSSH\r\n'), {kind: 'other', shown: 'SSH-2.0-OpenSSH??'}], ['terminal codes', Buffer.from('\x1b]52;c;x\x07'), {kind: 'other', shown: '?]52;c;x?'}],
  ] as const)('%s', (_name, octets, greeter) => { expect(greeterOf(octets)).toEqual(greeter); });

  it('means something only where it explains the silence', () => {
    expect(greeterWords(null, false)).toBeNull();
    expect(greeterWords({kind: 'zmtp', major: 3, mechanism: 'NULL'}, false)).toBeNull();
    expect(greeterWords({kind: 'zmtp', major: 3, mechanism: 'NULL'}, true)?.seen).toMatch(/NULL, not CURVE/);
    expect(greeterWords({kind: 'zmtp', major: 3, mechanism: 'CURVE'}, true)?.likely).toMatch(/allow-list/);
  });
});
