import {TandemError} from '@tandem/contract';
import {describe, expect, it} from 'vitest';
import {assertLocalBind, parseEndpoint} from './endpoint-address.ts';

function detailOf(run: () => unknown): TandemError['detail'] {
  try {
    run();
  } catch (error) {
    if (error instanceof TandemError) return error.detail;
    throw error;
  }
  throw new Error('nothing was thrown');
}

describe('parseEndpoint', () => {
  it('reads tcp, ipc and inproc', () => {
    expect(parseEndpoint('tcp://127.0.0.1:5555')).toMatchObject({transport: 'tcp', host: '127.0.0.1', port: 5555});
    expect(parseEndpoint('tcp://127.0.0.1:*')).toMatchObject({port: null});
    expect(parseEndpoint('tcp://[::1]:9')).toMatchObject({host: '[::1]', port: 9});
    expect(parseEndpoint('ipc:///run/oms/in')).toMatchObject({transport: 'ipc', path: '/run/oms/in'});
  });

  it.each([
    'http://127.0.0.1:1', 'tcp://127.0.0.1', 'tcp://127.0.0.1:99999', 'tcp://a b:1', 'ipc://relative', 'ipc://', '', 'inproc://',
    `ipc:///${'x'.repeat(120)}`, 'ipc:///a\0b', 'pgm://239.0.0.1:5555',
  ])('refuses %j as usage and says what to write', (text) => {
    const detail = detailOf(() => parseEndpoint(text));
    expect(detail.kind).toBe('usage');
    expect(detail.id).toBe('TDM-E201');
    expect(detail.fix).toBeTruthy();
    expect(detail.where ?? '').not.toContain('\0');
  });
});

describe('assertLocalBind', () => {
  it.each(['tcp://0.0.0.0:1', 'tcp://*:5555', 'tcp://10.0.0.7:5555', 'tcp://[::]:1', 'tcp://localhost.evil.example:1', 'tcp://128.0.0.1:1'])(
    'refuses %s with reason and fix', (text) => {
      const detail = detailOf(() => assertLocalBind(parseEndpoint(text)));
      expect(detail).toMatchObject({id: 'TDM-E202', kind: 'usage'});
      expect(detail.seen).toContain('not a loopback');
      expect(detail.fix).toContain('127.0.0.1');
    });

  it.each(['tcp://127.0.0.1:1', 'tcp://127.8.9.1:1', 'tcp://[::1]:1', 'ipc:///x/y'])('allows %s', (text) => {
    expect(() => assertLocalBind(parseEndpoint(text))).not.toThrow();
  });
});
