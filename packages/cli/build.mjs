// Bundles the CLI with the workspaces behind it: a command then loads some dozens of files instead of nine hundred. Native and rarely used packages
// stay outside and load when a command needs them; so does `contract`, because migration files of users share its classes with us.
import {createHash} from 'node:crypto';
import {mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync} from 'node:fs';
import {readFile} from 'node:fs/promises';
import {dirname, join, relative} from 'node:path';
import {fileURLToPath} from 'node:url';
import {build} from 'esbuild';

process.chdir(fileURLToPath(new URL('.', import.meta.url)));
const OLD_MS = 24 * 3600 * 1000;

/** A workspace's file finds what lies beside it (Python programs, workers, fixtures) where it was written, not where it was bundled to. */
const keepPlaces = {
  name: 'keep-places',
  setup: ({onLoad}) => {
    onLoad({filter: /[/\\](?:engine|shadow|zmtp|legacy-bridge|reports)[/\\]src[/\\].*\.ts$/}, async ({path}) => {
      const text = await readFile(path, 'utf8');
      if (!text.includes('import.meta')) return {contents: text, loader: 'ts'};
      const from = (other) => JSON.stringify(relative('dist', other).split('\\').join('/'));
      const url = text.includes('import.meta.url') ? `const __url = new URL(${from(path)}, import.meta.url).href; ` : '';
      const folder = text.includes('import.meta.dirname') ? `const __folder = process.getBuiltinModule('node:path').join(import.meta.dirname, ${from(dirname(path))}); ` : '';
      return {contents: `${url}${folder}${text.replaceAll('import.meta.url', '__url').replaceAll('import.meta.dirname', '__folder')}`, loader: 'ts'};
    });
  },
};

const part = `.dist-${process.pid}`;
const {metafile} = await build({
  entryPoints: ['src/main.ts', 'src/command-index.ts'],
  absWorkingDir: process.cwd(), outdir: part, bundle: true, splitting: true, format: 'esm', platform: 'node', target: 'node22.18', minifySyntax: true, metafile: true,
  external: ['@tandem/contract', 'zeromq', '@aws-sdk/*', 'typescript', 'ts-node', 'tsx'],
  plugins: [keepPlaces],
  // oclif is CommonJS and asks for node's modules by require
  banner: {js: "import {createRequire as __createRequire} from 'node:module'; const require = __createRequire(import.meta.url);"},
  logLevel: 'warning',
});
// what bin/start.mjs holds against the sources
const inputs = Object.keys(metafile.inputs).filter((path) => !path.includes('node_modules')).sort().map((path) => {
  const {size, mtimeMs} = statSync(path);
  return [path, [size, mtimeMs, createHash('sha256').update(readFileSync(path)).digest('hex')]];
});
writeFileSync(join(part, 'inputs.json'), `${JSON.stringify(Object.fromEntries(inputs), null, 1)}\n`);

// Each file is put in place at once and the entries last, and what runs now keeps the chunks that it has not read yet: nobody meets half a program.
mkdirSync('dist', {recursive: true});
const made = readdirSync(part);
const last = ['command-index.js', 'main.js', 'inputs.json'];
for (const name of [...made.filter((one) => !last.includes(one)), ...last]) renameSync(join(part, name), join('dist', name));
rmSync(part, {recursive: true, force: true});
for (const name of readdirSync('dist')) {
  if (name.endsWith('.js') && !made.includes(name) && Date.now() - statSync(join('dist', name)).mtimeMs > OLD_MS) rmSync(join('dist', name), {force: true});
}
