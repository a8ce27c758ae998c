import {randomBytes} from 'node:crypto';
import {constants} from 'node:fs';
import {mkdir, open} from 'node:fs/promises';
import {homedir} from 'node:os';
import {dirname, join, resolve, sep} from 'node:path';
import {TandemError} from '@tandem/contract';

const KEY_BYTES = 32;

/** Where the key of a migration's tags lies: beside no artefact, so that none of them can be uploaded with it. */
export const keyFileOf = (migration: string, env: Readonly<Record<string, string | undefined>>): string => {
  const given = env['TANDEM_REDACT_KEY'];
  if (given !== undefined && given !== '') return resolve(given);
  const state = env['XDG_STATE_HOME'];
  return join(state !== undefined && state !== '' ? state : join(homedir(), '.local', 'state'), 'tandem', 'keys', `${migration}.key`);
};

/**
 * The key, made when there is none: the same key in later captures means the same tags, destroying it ends that for ever.
 * @throws TandemError TDM-E109 when others may read it, it is no key, or it lies within `artefacts`
 */
export const redactionKey = async (file: string, artefacts: string): Promise<Uint8Array> => {
  const refuse = (seen: string, fix: string, cause?: unknown): TandemError => new TandemError({id: 'TDM-E109', kind: 'usage', what: 'the key of the redaction cannot be used', where: file, seen, fix}, {cause});
  if (`${file}${sep}`.startsWith(`${resolve(artefacts)}${sep}`)) throw refuse('it lies in the folder of the capture', 'name another file with TANDEM_REDACT_KEY');
  try {
    await mkdir(dirname(file), {recursive: true, mode: 0o700});
    const made = await open(file, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW, 0o600).catch((error: unknown) => {
      if ((error as {code?: unknown}).code === 'EEXIST') return null;
      throw error;
    });
    if (made !== null) {
      const key = randomBytes(KEY_BYTES);
      await made.writeFile(key);
      await made.sync();
      await made.close();
      return key;
    }
  } catch (error) {
    throw refuse(error instanceof Error ? error.message : String(error), 'name a file that this user may write with TANDEM_REDACT_KEY', error);
  }
  const handle = await open(file, constants.O_RDONLY | constants.O_NOFOLLOW).catch((error: unknown) => {
    throw refuse(error instanceof Error ? error.message : String(error), 'name another file with TANDEM_REDACT_KEY', error);
  });
  try {
    const info = await handle.stat();
    if (!info.isFile() || info.size !== KEY_BYTES) throw refuse(`it has ${info.size} octets, not ${KEY_BYTES}`, 'name another file with TANDEM_REDACT_KEY; a key that is lost cannot be made again');
    if ((info.mode & 0o077) !== 0) throw refuse(`others may read it (mode ${(info.mode & 0o777).toString(8)})`, `chmod 600 ${file}, or take a new one if somebody may have read it`);
    return await handle.readFile();
  } finally {
    await handle.close();
  }
};
