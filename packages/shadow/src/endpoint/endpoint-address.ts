import {TandemError} from '@tandem/contract';

/** An endpoint taken apart. `inproc` is for tests of one process and needs no guard. */
export type EndpointAddress =
  | {readonly transport: 'tcp'; readonly text: string; readonly host: string; /** null: any free port */ readonly port: number | null}
  | {readonly transport: 'ipc'; readonly text: string; readonly path: string}
  | {readonly transport: 'inproc'; readonly text: string; readonly name: string};

/** sun_path holds 108 octets including the closing zero. */
const IPC_PATH_BYTES_MAX = 107;
const TCP = /^tcp:\/\/(\[[0-9a-fA-F:.]{2,45}\]|[A-Za-z0-9._*-]{1,253}):(\*|[0-9]{1,5})$/;

function refuse(text: string, seen: string, fix: string): TandemError {
  // An endpoint comes from a config file: shown without control characters and shortened.
  const where = text.replace(/[^\x20-\x7e]/g, '?').slice(0, 200);
  return new TandemError({id: 'TDM-E201', kind: 'usage', what: `The endpoint "${where}" cannot be used.`, where, seen, fix});
}

/** Takes an endpoint apart or throws a usage error that names what is wrong with it. */
export function parseEndpoint(text: string): EndpointAddress {
  if (text.startsWith('tcp://')) return parseTcp(text);
  if (text.startsWith('ipc://')) return parseIpc(text);
  if (text.startsWith('inproc://') && text.length > 9 && text.length <= 256) return {transport: 'inproc', text, name: text.slice(9)};
  throw refuse(text, 'it starts with none of tcp://, ipc://', 'write tcp://127.0.0.1:<port> or ipc:///<absolute path>');
}

function parseTcp(text: string): EndpointAddress {
  const match = TCP.exec(text);
  const host = match?.[1];
  const portText = match?.[2];
  if (host === undefined || portText === undefined) {
    throw refuse(text, 'it is not tcp://<host>:<port>', 'write tcp://127.0.0.1:<port>');
  }
  const port = portText === '*' ? null : Number(portText);
  if (port !== null && port > 65_535) throw refuse(text, `port ${portText} is above 65535`, 'choose a port from 1 to 65535');
  return {transport: 'tcp', text, host, port: port === 0 ? null : port};
}

function parseIpc(text: string): EndpointAddress {
  const path = text.slice(6);
  if (!path.startsWith('/')) {
    throw refuse(text, 'the path is not absolute', 'write ipc:// and an absolute path, so three slashes in a row');
  }
  if (path.includes('\0')) throw refuse(text, 'the path has a zero octet', 'remove it');
  if (Buffer.byteLength(path) > IPC_PATH_BYTES_MAX) {
    throw refuse(text, `the path has ${Buffer.byteLength(path)} octets, a unix socket holds ${IPC_PATH_BYTES_MAX}`,
      'use a shorter folder, for example one below the temporary folder');
  }
  return {transport: 'ipc', text, path};
}

/** True for addresses that no other host can reach. */
export function isLoopbackHost(host: string): boolean {
  return /^127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/.test(host) || host === '[::1]';
}

/** Throws unless nobody outside this host can reach a socket bound to the address; with keys and an allow-list others may. */
export function assertLocalBind(address: EndpointAddress, hasKeys = false): void {
  if (hasKeys || address.transport !== 'tcp' || isLoopbackHost(address.host)) return;
  const port = address.port === null ? '*' : String(address.port);
  throw new TandemError({
    id: 'TDM-E202',
    kind: 'usage',
    what: `Binding "${address.text}" is refused: other hosts could reach it.`,
    where: address.text,
    seen: `host ${address.host} is not a loopback address, and there are no CURVE keys with an allow-list`,
    likely: 'without them nobody is authenticated, so whoever reaches the port could inject messages',
    fix: `bind tcp://127.0.0.1:${port} or an ipc:// path; or make keys with tandem keys generate and name who may come in with tandem keys allow`,
  });
}
