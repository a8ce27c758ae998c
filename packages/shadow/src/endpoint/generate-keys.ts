import {existsSync, mkdirSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {curveKeyPair} from 'zeromq';
import {TandemError} from '@tandem/contract';
import {certificateText} from './curve-certificate.ts';

/** Where a new pair lies: `<name>.key` may be given away, `<name>.key_secret` (mode 600) may not. */
export interface KeyFiles {
  readonly publicFile: string;
  readonly secretFile: string;
  readonly publicKey: string;
}

/**
 * Makes a CURVE pair in the files and the format of ZeroMQ's own tools. The secret goes into its file and nowhere else.
 * @throws TandemError TDM-E215 when a file is there already: a key is never overwritten
 */
export const generateKeys = (folder: string, name: string): KeyFiles => {
  if (!/^[A-Za-z0-9._-]{1,80}$/.test(name) || name.startsWith('.') || name.startsWith('-')) {
    throw new TandemError({id: 'TDM-E215', kind: 'usage', what: 'The name of the keys cannot be used.', where: name.replace(/[^\x20-\x7e]/g, '?').slice(0, 80), fix: 'use letters, digits, dot, dash and underscore, for example gateway'});
  }
  mkdirSync(folder, {recursive: true, mode: 0o700});
  const publicFile = join(folder, `${name}.key`), secretFile = join(folder, `${name}.key_secret`);
  const taken = [secretFile, publicFile].find((file) => existsSync(file));
  if (taken !== undefined) throw new TandemError({id: 'TDM-E215', kind: 'usage', what: 'These keys exist already.', where: taken, fix: 'choose another --name, or move the files away when you mean to replace them'});
  const {publicKey, secretKey} = curveKeyPair();
  writeFileSync(secretFile, certificateText({publicKey, secretKey}, name), {mode: 0o600, flag: 'wx'});
  writeFileSync(publicFile, certificateText({publicKey, secretKey: null}, name), {mode: 0o644, flag: 'wx'});
  return {publicFile, secretFile, publicKey};
};
