import fc from 'fast-check';
import {describe, expect, it} from 'vitest';
import {durationMs, messageCount, share, sizeBytes} from './measures.ts';
import {nearestName} from './nearest-name.ts';
import {locateKey} from './locate-key.ts';

describe('texts with units', () => {
  it('reads them', () => {
    expect([durationMs('250ms'), durationMs('2h'), sizeBytes('64KiB'), messageCount('1.5k'), messageCount('1M'), share('5%')]).toEqual([250, 7_200_000, 65_536, 1500, 1_000_000, 0.05]);
  });
  it('refuses bare numbers, foreign units and what is no number', () => {
    expect([durationMs('10'), durationMs('10 parsec'), sizeBytes('5'), sizeBytes('5MB'), share('120%'), share('5'), messageCount('1e9x'), durationMs('')]).toEqual(Array(8).fill(null));
  });
  it('never throws', () => {
    fc.assert(fc.property(fc.string(), (text) => {
      for (const read of [durationMs, sizeBytes, messageCount, share]) expect([null, 'number']).toContain(read(text) === null ? null : typeof read(text));
    }));
  });
});

describe('the nearest name', () => {
  it('finds a slip of the finger and leaves strangers alone', () => {
    expect(nearestName('latnecy', ['parity', 'latency', 'cpu'])).toBe('latency');
    expect(nearestName('zebra', ['parity', 'latency', 'cpu'])).toBeNull();
  });
  it('finds itself', () => {
    fc.assert(fc.property(fc.stringMatching(/^[a-z]{1,20}$/), (name) => { expect(nearestName(name, ['q', name])).toBe(name); }));
  });
});

describe('locating a key', () => {
  it('finds the line of a nested key, after its parent', () => {
    const text = "{\n  minMessages: 1,\n  gates: {\n    minMessages: 5,\n    '/a/b': x,\n  },\n}";
    expect([locateKey(text, ['gates', 'minMessages']), locateKey(text, ['minMessages']), locateKey(text, ['gates', '/a/b']), locateKey(text, ['nope'])]).toEqual([4, 2, 5, null]);
  });
});
