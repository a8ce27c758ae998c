import {readFileSync, statSync} from 'node:fs';
import {TandemError} from '@tandem/contract';
import {isZ85Key} from './curve-certificate.ts';

const ALLOW_LIST_BYTES_MAX = 1024 * 1024;
const PEERS_MAX = 10_000;
/** the old and the new one while keys are changed */
const KEYS_PER_NAME_MAX = 2;
const NAME = /^[A-Za-z0-9._-]{1,80}$/;

/** Public keys that are let in, with the name of whoever holds each. */
export type AllowedKeys = ReadonlyMap<string, string>;

/**
 * Reads the text of an allow-list: a line is `<public key> <name>`; empty lines and lines that begin with `#` and a space are skipped.
 * Answers the number of the line that is wrong and why.
 */
export const parseAllowList = (text: string): AllowedKeys | {readonly line: number; readonly seen: string} => {
  const allowed = new Map<string, string>();
  const keysOf = new Map<string, number>();
  for (const [index, raw] of text.split('\n').entries()) {
    const line = raw.trim();
    if (line === '' || line === '#' || line.startsWith('# ')) continue;
    const [key = '', name = '', ...rest] = line.split(/\s+/);
    const wrong = (seen: string) => ({line: index + 1, seen});
    if (!isZ85Key(key)) return wrong('the line does not begin with a public key of 40 characters');
    if (!NAME.test(name) || rest.length > 0) return wrong('after the key one name is wanted, of letters, digits, dot, dash and underscore');
    if (allowed.has(key)) return wrong(`the key stands there twice, as ${allowed.get(key) ?? ''} and as ${name}`);
    const keys = (keysOf.get(name) ?? 0) + 1;
    if (keys > KEYS_PER_NAME_MAX) return wrong(`${name} has more than ${KEYS_PER_NAME_MAX} keys`);
    if (allowed.size >= PEERS_MAX) return wrong(`more than ${PEERS_MAX} keys`);
    keysOf.set(name, keys);
    allowed.set(key, name);
  }
  return allowed;
};

/**
 * An allow-list on disk. A file that was changed is read again before the next peer is judged: all of it or, when it is wrong, nothing of it.
 * An empty or removed file lets nobody in.
 */
export class AllowList {
  readonly file: string;
  #allowed: AllowedKeys = new Map();
  #stamp = '';
  /** what is wrong with the file as it stands now; the last good one is in force */
  fault: string | null = null;
  reloads = 0;

  /** @throws TandemError TDM-E214 with the line that is wrong */
  constructor(file: string) {
    this.file = file;
    this.#load();
    if (this.fault !== null) {
      throw new TandemError({id: 'TDM-E214', kind: 'usage', what: 'The allow-list cannot be used.', where: file, seen: this.fault, fix: 'add peers with: tandem keys allow <public key file> --list <file>'});
    }
  }

  get size(): number {
    return this.#allowed.size;
  }

  /** Name of whoever holds this key; null: not let in. */
  nameOf(publicKey: string): string | null {
    if (this.#stampNow() !== this.#stamp) this.#load();
    return this.#allowed.get(publicKey) ?? null;
  }

  #stampNow(): string {
    const found = statSync(this.file, {throwIfNoEntry: false});
    return found === undefined ? 'gone' : `${found.dev} ${found.ino} ${found.size} ${found.mtimeMs}`;
  }

  #load(): void {
    const stamp = this.#stampNow();
    const first = this.#stamp === '';
    this.#stamp = stamp;
    if (stamp === 'gone') {
      this.#allowed = new Map();
      this.fault = first ? 'there is no such file' : null;
      return;
    }
    const size = Number(stamp.split(' ')[2]);
    const read = size > ALLOW_LIST_BYTES_MAX ? {line: 0, seen: `it has ${size} octets`} : parseAllowList(readText(this.file));
    if ('line' in read) this.fault = `line ${read.line}: ${read.seen}`;
    else {
      this.fault = null;
      this.#allowed = read;
      this.reloads += first ? 0 : 1;
    }
  }
}

const readText = (file: string): string => {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    // taken away between two calls: nobody is let in
    return '';
  }
};
