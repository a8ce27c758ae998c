// Bundles the shell of the CLI (oclif and the thin commands); workspaces and native modules stay outside and load when a command runs.
import {rmSync} from 'node:fs';
import {build} from 'esbuild';

rmSync('dist', {recursive: true, force: true});
await build({
  entryPoints: ['src/main.ts', 'src/command-index.ts'],
  outdir: 'dist', bundle: true, splitting: true, format: 'esm', platform: 'node', target: 'node22.18', minifySyntax: true,
  external: ['@tandem/*', 'zeromq', 'zod', 'typescript', 'ts-node', 'tsx'],
  // oclif is CommonJS and asks for node's modules by require
  banner: {js: "import {createRequire as __createRequire} from 'node:module'; const require = __createRequire(import.meta.url);"},
  logLevel: 'warning',
});
