import {mkdirSync, writeFileSync} from 'node:fs';
import {fileURLToPath} from 'node:url';
import {compileFeatures} from './compile-features.ts';
import {emittedFiles} from './emit-features.ts';
import {referenceSet} from './reference-set.ts';

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/** Where each emitted file of the reference set lies in the repository. */
export const referenceFiles = (): ReadonlyMap<string, string | Uint8Array> => new Map([...emittedFiles(compileFeatures('reference', referenceSet()), '../emitted-features.ts')].map(
  ([name, content]) => [name.endsWith('.py') ? here(`../../../../legacy-bridge/python/reference/signals/oracle/${name}`) : here(`generated/${name}`), content],
));

// `node emit-reference.ts` writes them
if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const [path, content] of referenceFiles()) {
    mkdirSync(new URL('.', `file://${path}`), {recursive: true});
    writeFileSync(path, content);
  }
}
