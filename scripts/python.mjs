// Prints the path of the Python of this clone, made ready when it is not. `--dev` adds what the Python tests need (locked, hashed).
import {spawnSync} from 'node:child_process';
import {fileURLToPath} from 'node:url';
import {ensurePython} from '../packages/legacy-bridge/src/index.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const say = (text) => process.stderr.write(`setup: ${text}\n`);
try {
  const {path} = await ensurePython({repo: root, surroundings: process.env, onProgress: say});
  if (process.argv.includes('--dev') && spawnSync(path, ['-c', 'import pytest'], {stdio: 'ignore'}).status !== 0) {
    say('installing what the Python tests need ...');
    const pip = spawnSync(path, ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--require-hashes', '-r', 'packages/legacy-bridge/python/requirements-dev.txt'], {cwd: root, stdio: ['ignore', 'ignore', 'inherit']});
    if (pip.status !== 0) {
      say('pytest could not be installed: is the Python index reachable?');
      process.exit(3);
    }
  }
  process.stdout.write(`${path}\n`);
} catch (error) {
  const {what, seen, fix} = error.detail ?? {what: error.message};
  say([what, seen, fix].filter(Boolean).join('; '));
  process.exit(3);
}
