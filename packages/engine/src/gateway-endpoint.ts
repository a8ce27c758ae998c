import {existsSync} from 'node:fs';
import {connect} from 'node:net';
import {TandemError} from '@tandem/contract';

const LOOPBACK = /^(?:127(?:\.\d{1,3}){3}|localhost|\[::1\])$/;
const TCP = /^tcp:\/\/(\[[0-9a-fA-F:]+\]|[^:/]+):(\d{1,5}|\*)$/;

/** An endpoint that cannot be opened. */
export const endpointError = (endpoint: string, seen: string, fix: string): TandemError =>
  new TandemError({id: 'TDM-E402', kind: 'environment', what: `the endpoint ${endpoint} cannot be opened`, where: endpoint, seen, fix});

/**
 * Refuses what would put orders on a network in the clear: anything but ipc, inproc and this machine's loopback, unless the very host is named.
 * @throws TandemError TDM-E403
 */
export const checkEndpoint = (endpoint: string, insecurePlaintext: string | null): void => {
  if (/^(?:ipc|inproc):\/\/.+/.test(endpoint)) return;
  const host = TCP.exec(endpoint)?.[1];
  if (host !== undefined && (LOOPBACK.test(host) || host === insecurePlaintext)) return;
  throw new TandemError({
    id: 'TDM-E403', kind: 'usage', what: host === undefined ? `${endpoint} is not an endpoint` : `${endpoint} is not on this machine, and nothing on this link is encrypted`,
    where: endpoint, fix: host === undefined ? 'use tcp://host:port or ipc://path' : `use a loopback address or ipc, or say --insecure-plaintext ${host}`,
  });
};

/** libzmq takes over an ipc path that somebody listens on; asks first, so that two gateways never share one by accident. */
export const probeIpc = async (endpoint: string): Promise<void> => {
  if (!endpoint.startsWith('ipc://')) return;
  const path = endpoint.slice('ipc://'.length);
  if (!existsSync(path)) return;
  const taken = await new Promise<boolean>((resolve) => {
    const socket = connect(path);
    socket.once('connect', () => { socket.destroy(); resolve(true); });
    socket.once('error', () => { resolve(false); });
  });
  if (taken) throw endpointError(endpoint, 'another process is listening there', 'choose another path, or end that process');
};
