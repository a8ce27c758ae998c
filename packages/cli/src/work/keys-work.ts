import {existsSync, mkdirSync, readFileSync, renameSync, writeFileSync} from 'node:fs';
import {basename, dirname} from 'node:path';
import {EXIT_CODE, TandemError} from '@tandem/contract';
import {AllowList, generateKeys, parseAllowList, readCertificate} from '@tandem/shadow';
import {textFlag, type WorkContext} from './work-context.ts';

/** `tandem keys generate` */
export const keysGenerateWork = (context: WorkContext): Promise<number> => {
  const {publicFile, secretFile, publicKey} = generateKeys(textFlag(context, 'out') ?? '.tandem/keys', textFlag(context, 'name') ?? '');
  context.print(`public   ${publicFile}   ${publicKey}`);
  context.print(`secret   ${secretFile}   (mode 600; stays on this machine)`);
  context.print(`next     where the other end decides who may come in: npm run tandem -- keys allow ${basename(publicFile)}`);
  context.printJson({formatVersion: '1.0', publicFile, secretFile, publicKey});
  return Promise.resolve(EXIT_CODE.pass);
};

/** `tandem keys allow`: the list is written whole beside the old one and takes its place at once. */
export const keysAllowWork = (context: WorkContext, file: string): Promise<number> => {
  const list = textFlag(context, 'list') ?? '.tandem/keys/allowed';
  const {publicKey} = readCertificate(file, 'public');
  const name = textFlag(context, 'name') ?? basename(file).replace(/\.key(_secret)?$/, '');
  const before = existsSync(list) ? readFileSync(list, 'utf8') : '# <public key> <name>; sockets in service read this file again by themselves\n';
  const after = `${before.endsWith('\n') || before === '' ? before : `${before}\n`}${publicKey} ${name}\n`;
  const read = parseAllowList(after);
  if ('line' in read) throw new TandemError({id: 'TDM-E216', kind: 'usage', what: 'The key was not added: the list would not be one any more.', where: `${list}:${read.line}`, seen: read.seen, fix: `correct ${list}, or give another --name`});
  mkdirSync(dirname(list), {recursive: true, mode: 0o700});
  writeFileSync(`${list}.${process.pid}`, after, {mode: 0o600});
  renameSync(`${list}.${process.pid}`, list);
  const {size} = new AllowList(list);
  context.print(`${name} may come in: ${list} holds ${size} ${size === 1 ? 'key' : 'keys'}`);
  context.printJson({formatVersion: '1.0', list, name, publicKey, keys: size});
  return Promise.resolve(EXIT_CODE.pass);
};
