import {readFileSync, statSync} from 'node:fs';
import {TandemError} from '@tandem/contract';

/** A Z85 key: 32 octets in 40 characters. */
const Z85_KEY = /^[0-9a-zA-Z.\-:+=^!/*?&<>()[\]{}@%$#]{40}$/;
const CERTIFICATE_BYTES_MAX = 16 * 1024;
const OTHERS = 0o077;

/** Keys of one end. The secret is not there in a public certificate. */
export interface CurveKeys {
  readonly publicKey: string;
  readonly secretKey: string | null;
}

export const isZ85Key = (text: string): boolean => Z85_KEY.test(text);

/** The certificate format of ZeroMQ's own tools (ZPL), which pyzmq's `zmq.auth.load_certificate` reads. */
export const certificateText = ({publicKey, secretKey}: CurveKeys, name: string): string => [
  '#   ZeroMQ CURVE certificate', secretKey === null ? '#   Public key: may be given to peers' : '#   SECRET key: keep it on this machine, mode 600',
  'metadata', `    name = "${name.replace(/[^A-Za-z0-9._-]/g, '_')}"`, 'curve', `    public-key = "${publicKey}"`, ...(secretKey === null ? [] : [`    secret-key = "${secretKey}"`]), '',
].join('\n');

const field = (text: string, name: string): string | null => new RegExp(`^\\s+${name}\\s*=\\s*"([^"\\n]*)"\\s*$`, 'm').exec(text)?.[1] ?? null;

/**
 * Reads a certificate file. The key itself never stands in an error.
 * @throws TandemError TDM-E213 when it is none, TDM-E209 when a secret one is open to other users
 */
export const readCertificate = (file: string, wants: 'public' | 'secret'): CurveKeys => {
  const refuse = (seen: string, fix: string): TandemError => new TandemError({id: 'TDM-E213', kind: 'usage', what: `The ${wants} key file cannot be used.`, where: file, seen, fix});
  const make = 'make a pair with: tandem keys generate --name <who>';
  let text: string, mode: number;
  try {
    const found = statSync(file);
    if (found.size > CERTIFICATE_BYTES_MAX) throw refuse(`it has ${found.size} octets`, make);
    mode = found.mode;
    text = readFileSync(file, 'utf8');
  } catch (error) {
    if (error instanceof TandemError) throw error;
    throw refuse((error as NodeJS.ErrnoException).code ?? 'it cannot be read', make);
  }
  const publicKey = field(text, 'public-key');
  const secretKey = field(text, 'secret-key');
  if (publicKey === null || !isZ85Key(publicKey)) throw refuse('it holds no public-key of 40 characters', make);
  if (secretKey !== null && !isZ85Key(secretKey)) throw refuse('its secret-key does not have 40 characters', make);
  if (wants === 'public') return {publicKey, secretKey: null};
  if (secretKey === null) throw refuse('it holds no secret-key: it is the public half', 'name the file that ends with .key_secret');
  if ((mode & OTHERS) !== 0) {
    throw new TandemError({id: 'TDM-E209', kind: 'usage', what: 'The secret key file is open to other users.', where: file, seen: `mode ${(mode & 0o777).toString(8)}`, fix: `chmod 600 ${file}`});
  }
  return {publicKey, secretKey};
};
