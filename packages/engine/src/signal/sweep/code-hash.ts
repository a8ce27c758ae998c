import {createHash} from 'node:crypto';
import {readdirSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';

const SKIPPED = /\.test\.ts$|[\\/]fixtures[\\/]/;

/** SHA-256 over the sources of the signal path and the version of Node, hex: with it a result says which code made it. */
export const signalCodeHash = (): string => {
  const root = fileURLToPath(new URL('..', import.meta.url));
  const hash = createHash('sha256').update(process.version);
  const files = readdirSync(root, {recursive: true, encoding: 'utf8'}).filter((name) => /\.(ts|wasm)$/.test(name) && !SKIPPED.test(name)).sort();
  for (const name of files) hash.update(`\n${name.replaceAll('\\', '/')}\n`).update(readFileSync(join(root, name)));
  return hash.digest('hex');
};
