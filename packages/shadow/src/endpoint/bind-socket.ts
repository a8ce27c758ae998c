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
      const busy = codeOf(error) === 'EADDRINUSE' || (error instanceof TandemError && error.detail.id === 'TDM-E203');
      if (!busy || attempt === RETRIES) throw bindError(error, address);
      await delay(RETRY_MS);
    }
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
}

function bindError(error: unknown, address: EndpointAddress): TandemError {
  if (error instanceof TandemError) return error;
  const code = codeOf(error);
  if (code === 'EADDRINUSE') {
    return new TandemError({
      id: 'TDM-E203', kind: 'environment', what: `The endpoint ${address.text} is in use.`, where: address.text,
      seen: 'another socket is bound to it', likely: 'another run or the live system owns it',
      fix: 'end that process or choose another endpoint',
    }, {cause: error});
  }
  return new TandemError({
    id: 'TDM-E210', kind: 'environment', what: `The endpoint ${address.text} cannot be bound.`, where: address.text,
    seen: code === '' ? String(error) : code, fix: 'check that the address exists on this host and that this user may use it',
  }, {cause: error});
}
