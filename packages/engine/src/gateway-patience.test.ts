import {mkdtempSync, rmSync} from 'node:fs';
import {createConnection, type Socket} from 'node:net';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {setTimeout as sleep} from 'node:timers/promises';
import {afterAll, describe, expect, test} from 'vitest';
import {openGateway} from './gateway.ts';

const folder = mkdtempSync(join(tmpdir(), 'tandem-gp-'));
afterAll(() => { rmSync(folder, {recursive: true, force: true}); });

/** longer than the gateways' heartbeats bear */
const PAUSE_MS = 6000;
const GREETING = Buffer.concat([Buffer.from([0xff, 0, 0, 0, 0, 0, 0, 0, 1, 0x7f, 3, 0]), Buffer.from('NULL'), Buffer.alloc(48)]);
const READY = Buffer.concat([Buffer.from([4, 26, 5]), Buffer.from('READY'), Buffer.from([11]), Buffer.from('Socket-Type'), Buffer.from([0, 0, 0, 4]), Buffer.from('PULL')]);

/** A peer that shakes hands and then stands still, as a process does that the system gives no time. */
const standStill = async (endpoint: string): Promise<{socket: Socket; isCut: () => boolean; heard: () => string}> => {
  const socket = createConnection({path: endpoint.slice('ipc://'.length)});
  let cut = false, heard = '';
  socket.on('close', () => { cut = true; }).on('end', () => { cut = true; }).on('error', () => undefined).on('data', (chunk) => { heard += chunk.toString('latin1'); });
  socket.write(GREETING);
  socket.write(READY);
  for (let waited = 0; waited < 5000 && !heard.includes('READY'); waited += 10) await sleep(10);
  return {socket, isCut: () => cut, heard: () => heard};
};

const deep = process.env['TANDEM_DEEP'] === '1';

describe.each(deep ? ['fast', 'zeromq'] as const : ['fast'] as const)('%s', {timeout: 30_000}, (transport) => {
  test.concurrent.each([
    ['whoever started it may stand still: its end would be seen at stdin', true], ['anybody else that stands still is cut', false],
  ] as const)('%s', async (_name, exitOnStdinEof) => {
    const at = (name: string): string => `ipc://${join(folder, `${transport}-${exitOnStdinEof}-${name}`)}`;
    const gateway = await openGateway({in: at('in'), out: at('out'), inConnect: false, outConnect: false, inPattern: 'pull', insecurePlaintext: null, transport, exitOnStdinEof});
    const ended = gateway.run({accept: () => undefined, flush: () => undefined});
    const peer = await standStill(at('out'));
    expect(peer.heard()).toContain('READY');
    await sleep(PAUSE_MS);
    expect(peer.isCut()).toBe(!exitOnStdinEof);
    expect(peer.heard().includes('PING')).toBe(!exitOnStdinEof);
    if (exitOnStdinEof) {
      gateway.send(Buffer.from('still here'));
      for (let waited = 0; waited < 5000 && !peer.heard().includes('still here'); waited += 10) await sleep(10);
      expect(peer.heard()).toContain('still here');
    }
    peer.socket.destroy();
    gateway.stop();
    await ended;
  });
});
