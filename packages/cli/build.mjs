// Bundles the shell of the CLI (oclif and the thin commands); workspaces and native modules stay outside and load when a command runs.
import {renameSync, rmSync} from 'node:fs';
import {build} from 'esbuild';

// made beside and put in place at once: nobody starts half a program
const part = `.dist-${process.pid}`;
await build({
  entryPoints: ['src/main.ts', 'src/command-index.ts'],
  outdir: part, bundle: true, splitting: true, format: 'esm', platform: 'node', target: 'node22.18', minifySyntax: true,
  external: ['@tandem/*', 'zeromq', 'zod', 'typescript', 'ts-node', 'tsx'],
  // oclif is CommonJS and asks for node's modules by require
  banner: {js: "import {createRequire as __createRequire} from 'node:module'; const require = __createRequire(import.meta.url);"},
  logLevel: 'warning',
});
rmSync('dist', {recursive: true, force: true});
renameSync(part, 'dist');
