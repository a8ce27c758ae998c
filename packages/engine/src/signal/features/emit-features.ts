import {mkdirSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {compileFeatures} from './compile-features.ts';
import {emitPython} from './emit/python.ts';
import {emitTypeScript} from './emit/typescript.ts';
import {emitWasm} from './emit/wasm.ts';
import type {Program} from './emit/program.ts';
import type {Feature} from './feature.ts';

const TYPES = `import type {EmittedModule} from '@types-of-features';
export declare const manifest: EmittedModule['manifest'];
export declare const bind: EmittedModule['bind'];
`;

/** Files of a program: name and content. `typesFrom` is where the module's types are imported from. */
export const emittedFiles = (program: Program, typesFrom: string): ReadonlyMap<string, string | Uint8Array> => new Map<string, string | Uint8Array>([
  [`${program.name}.mjs`, emitTypeScript(program)], [`${program.name}.d.mts`, TYPES.replace('@types-of-features', typesFrom)],
  [`${program.name}.wasm`, emitWasm(program)], [`${program.name.replaceAll('-', '_')}_features.py`, emitPython(program)],
]);

/** Writes a program into a folder, which is made when it is not there. */
export const emitFeatures = (name: string, features: readonly Feature[], {folder, typesFrom}: {folder: string; typesFrom: string}): Program => {
  const program = compileFeatures(name, features);
  mkdirSync(folder, {recursive: true});
  for (const [file, content] of emittedFiles(program, typesFrom)) writeFileSync(join(folder, file), content);
  return program;
};
