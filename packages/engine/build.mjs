// Bundles the order lane into one file, and notes which sources are in it (see src/lean-start.ts). libzmq's binding stays outside and loads only when asked for.
import {renameSync, rmSync, statSync, writeFileSync} from 'node:fs';
import {fileURLToPath} from 'node:url';
import {build} from 'esbuild';

process.chdir(fileURLToPath(new URL('.', import.meta.url)));
// made beside and put in place at once: nobody starts half a program
const part = `.dist-${process.pid}`;
const {metafile} = await build({
  stdin: {contents: "import {runLane} from './lane-program.ts'; await runLane(process.argv.slice(2));", resolveDir: 'src', sourcefile: 'main.ts', loader: 'ts'},
  outdir: `${part}/lane`, entryNames: 'main', outExtension: {'.js': '.mjs'}, bundle: true, splitting: true, format: 'esm', platform: 'node', target: 'node22.18',
  external: ['zeromq', './signal*'], metafile: true, logLevel: 'warning',
});
// a source of which nothing is left in the bundle cannot change it
const used = new Set(Object.values(metafile.outputs).flatMap(({inputs}) => Object.entries(inputs).filter(([, {bytesInOutput}]) => bytesInOutput > 0).map(([path]) => path)));
const noted = [...used].filter((path) => path !== 'src/main.ts').sort().map((path) => {
  const {size, mtimeMs} = statSync(path);
  return [path, {bytes: size, mtimeMs}];
});
writeFileSync(`${part}/lane/inputs.json`, `${JSON.stringify({inputs: Object.fromEntries(noted)}, null, 1)}\n`);
rmSync('dist', {recursive: true, force: true});
renameSync(part, 'dist');
