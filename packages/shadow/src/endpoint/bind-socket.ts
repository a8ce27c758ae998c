import {createServer} from 'node:net';
import {setTimeout as delay} from 'node:timers/promises';
import type {Socket} from 'zeromq';
import {TandemError} from '@tandem/contract';
import type {EndpointAddress} from './endpoint-address.ts';
import {prepareIpcPath, restrictIpcFile} from './ipc-file.ts';

/** libzmq releases a port a moment after close; a port that stays taken is reported well within a second. */
const RETRIES = 6;
const RETRY_MS = 50;

/** Binds or throws an environment error that names the endpoint. */
export async function bindSocket(socket: Socket, address: EndpointAddress): Promise<void> {
  for (let attempt = 0; ; attempt += 1) {
    try {
      if (address.transport === 'ipc') await prepareIpcPath(address.path);
      await socket.bind(address.text);
      if (address.transport === 'ipc') await restrictIpcFile(address.path);
      return;
    } catch (error) {
      const busy = await isBusy(error, address);
      if (!busy || attempt === RETRIES) throw bindError(error, address, busy);
      await delay(RETRY_MS);
    }
  }
}

/** The code that libzmq leaves may be that of its own reporting of the failure, so for tcp the system is asked again. */
async function isBusy(error: unknown, address: EndpointAddress): Promise<boolean> {
  if (error instanceof TandemError) return error.detail.id === 'TDM-E203';
  return codeOf(error) === 'EADDRINUSE' || (address.transport === 'tcp' && address.port !== null && await isPortTaken(address.host, address.port));
}

async function isPortTaken(host: string, port: number): Promise<boolean> {
  return await new Promise((resolve) => {
    const server = createServer();
    server.once('error', (error: NodeJS.ErrnoException) => resolve(error.code === 'EADDRINUSE'));
    server.listen({host: host.replace(/^\[|\]$/g, ''), port, exclusive: true}, () => server.close(() => resolve(false)));
  });
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
}

function bindError(error: unknown, address: EndpointAddress, busy: boolean): TandemError {
  if (error instanceof TandemError) return error;
  if (busy) {
    return new TandemError({
      id: 'TDM-E203', kind: 'environment', what: `The endpoint ${address.text} is in use.`, where: address.text,
      seen: 'another socket is bound to it', likely: 'another run or the live system owns it',
      fix: 'end that process or choose another endpoint',
    }, {cause: error});
  }
  const code = codeOf(error);
  return new TandemError({
    id: 'TDM-E210', kind: 'environment', what: `The endpoint ${address.text} cannot be bound.`, where: address.text,
    seen: code === '' ? String(error) : code, fix: 'check that the address exists on this host and that this user may use it',
  }, {cause: error});
}
