// Starts the bundle. In a clone it is made again first when it is older than the sources, so that nobody tries out what is no longer written there.
import {existsSync, readFileSync, statSync} from 'node:fs';
import {dirname} from 'node:path';

const root = dirname(import.meta.dirname);
const isFresh = async () => {
  try {
    for (const [path, [size, mtimeMs, sha256]] of Object.entries(JSON.parse(readFileSync(`${root}/dist/inputs.json`, 'utf8')))) {
      const file = `${root}/${path}`, now = statSync(file);
      if (now.size !== size) return false;
      if (now.mtimeMs === mtimeMs) continue;
      const {createHash} = await import('node:crypto');
      if (createHash('sha256').update(readFileSync(file)).digest('hex') !== sha256) return false;
    }
    return true;
  } catch {
    return false;
  }
};
// help and version are not worth the look at some hundred files
const isWork = ![undefined, '--help', '-h', 'help', '--version', '-V', 'version'].includes(process.argv[2]);
if (isWork && existsSync(`${root}/src/main.ts`) && existsSync(`${root}/build.mjs`) && !await isFresh()) {
  const {spawnSync} = await import('node:child_process');
  const {status} = spawnSync(process.execPath, ['build.mjs'], {cwd: root, stdio: ['ignore', 'ignore', 'inherit']});
  if (status !== 0) process.stderr.write('tandem: the sources could not be bundled (above); this is what they were before\n');
}
await import('../dist/main.js');
