import {ZmtpError} from './zmtp-error.ts';

/** Where a link of this machine begins or ends. */
export type Endpoint =
  | {readonly kind: 'ipc'; readonly path: string; readonly text: string}
  /** port 0 only to listen: the system chooses */
  | {readonly kind: 'tcp'; readonly host: string; readonly port: number; readonly text: string};

/** sun_path holds 108 octets including the closing zero (104 on macOS). */
const IPC_PATH_BYTES_MAX = process.platform === 'linux' ? 107 : 103;
const TCP = /^tcp:\/\/(\[[0-9a-fA-F:.]+\]|[^:/\s]+):(\d{1,5}|\*)$/;
const LOOPBACK = /^127(?:\.\d{1,3}){3}$/;

/**
 * Reads `ipc://<path>` or `tcp://<loopback address>:<port>`; `localhost` means 127.0.0.1, port `*` or 0 any free one.
 * @throws ZmtpError `endpoint` or `not-local`
 */
export function readEndpoint(text: string): Endpoint {
  if (text.startsWith('ipc://')) {
    const path = text.slice('ipc://'.length);
    if (path === '' || path === '*' || path.startsWith('@') || path.includes('\0')) throw new ZmtpError('endpoint', text, 'ipc needs the path of a file');
    if (Buffer.byteLength(path) > IPC_PATH_BYTES_MAX) throw new ZmtpError('endpoint', text, `a socket path holds ${IPC_PATH_BYTES_MAX} octets`);
    return {kind: 'ipc', path, text};
  }
  const [, host, portText] = TCP.exec(text) ?? [];
  if (host === undefined || portText === undefined) throw new ZmtpError('endpoint', text, 'neither ipc://path nor tcp://address:port');
  const port = portText === '*' ? 0 : Number(portText);
  if (port > 65_535) throw new ZmtpError('endpoint', text, `no port ${port}`);
  if (host === 'localhost') return {kind: 'tcp', host: '127.0.0.1', port, text};
  if (host === '[::1]') return {kind: 'tcp', host: '::1', port, text};
  if (LOOPBACK.test(host)) return {kind: 'tcp', host, port, text};
  throw new ZmtpError('not-local', text, `${host} is not a loopback address, and nothing on this link is encrypted`);
}

/** The endpoint in words, with the port that the system chose. */
export function sayEndpoint(endpoint: Endpoint, port: number): string {
  if (endpoint.kind === 'ipc') return endpoint.text;
  return `tcp://${endpoint.host.includes(':') ? `[${endpoint.host}]` : endpoint.host}:${port}`;
}
