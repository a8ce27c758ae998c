// Bundles the order lane into one file, and notes which sources are in it (see src/lean-start.ts). libzmq's binding stays outside and loads only when asked for.
import {mkdirSync, renameSync, rmSync, statSync, writeFileSync} from 'node:fs';
import {fileURLToPath} from 'node:url';
import {bundleToOneFile} from './emit/one-file.ts';

process.chdir(fileURLToPath(new URL('.', import.meta.url)));
// made beside and put in place at once: nobody starts half a program
const part = `.dist-${process.pid}`;
const {files, sources} = await bundleToOneFile({
  stdin: {contents: "import {runLane} from './lane-program.ts'; await runLane(process.argv.slice(2));", resolveDir: 'src', sourcefile: 'main.ts', loader: 'ts'},
  outdir: `${part}/lane`, entryNames: 'main', outExtension: {'.js': '.mjs'}, splitting: true, external: ['zeromq', './signal*'],
});
mkdirSync(`${part}/lane`, {recursive: true});
for (const {path, text} of files) writeFileSync(path, text);
const noted = sources.map((path) => {
  const {size, mtimeMs} = statSync(path);
  return [path, {bytes: size, mtimeMs}];
});
writeFileSync(`${part}/lane/inputs.json`, `${JSON.stringify({inputs: Object.fromEntries(noted)}, null, 1)}\n`);
rmSync('dist', {recursive: true, force: true});
renameSync(part, 'dist');
