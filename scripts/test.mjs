// `npm test`: types, fences and lint, every package's suite, the Python suite; closes with one line of counts.
// Options: --quick leaves the Python suite out; every other argument goes to vitest.
import {spawn, spawnSync} from 'node:child_process';
import {existsSync, mkdtempSync, readFileSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {closingLine} from './closing-line.mjs';

process.chdir(fileURLToPath(new URL('..', import.meta.url)));
const quick = process.argv.includes('--quick');
const vitestArgs = process.argv.slice(2).filter((arg) => arg !== '--quick');
const scratch = mkdtempSync(join(tmpdir(), 'tandem-test-'));
const tallies = [];
const startedMs = Date.now();

const run = (command, args, env = {}) => spawnSync(command, args, {stdio: ['ignore', 'inherit', 'inherit'], env: {...process.env, TURBO_TELEMETRY_DISABLED: '1', ...env}});
/** A step that either holds or not. */
const step = (name, command, args) => {
  const failed = run(command, args).status === 0 ? 0 : 1;
  tallies.push({name, passed: 1 - failed, failed, skipped: 0});
  if (failed) process.stderr.write(`x ${name} failed: ${command} ${args.join(' ')}\n`);
};

/** Steps that need nothing of each other: two at a time, what each prints in one piece. */
const steps = async (all) => {
  const waiting = [...all];
  const worker = async () => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const [name, command, args] = next;
      const child = spawn(command, args, {stdio: ['ignore', 'pipe', 'pipe'], env: {...process.env, TURBO_TELEMETRY_DISABLED: '1'}});
      const said = [];
      for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => said.push(chunk));
      const status = await new Promise((done) => { child.once('close', done).once('error', () => { done(1); }); });
      process.stdout.write(Buffer.concat(said));
      tallies.push({name, passed: status === 0 ? 1 : 0, failed: status === 0 ? 0 : 1, skipped: 0});
      if (status !== 0) process.stderr.write(`x ${name} failed: ${command} ${args.join(' ')}\n`);
    }
  };
  await Promise.all([worker(), worker()]);
};

step('build', 'turbo', ['run', 'build', '--output-logs=errors-only']);
if (vitestArgs.length === 0) {
  const parts = ['packages/cli', 'packages/shadow', 'packages/engine', 'packages/legacy-bridge', 'packages/zmtp', 'packages/contract', 'reports'];
  await steps([['lint', 'eslint', ['packages', 'reports', 'fences']], ...parts.map((part) => [`types ${part}`, 'tsc', ['-p', part]])]);
}

const vitestFile = join(scratch, 'vitest.json');
run('vitest', ['run', '--reporter=default', '--reporter=json', `--outputFile.json=${vitestFile}`, ...vitestArgs]);
if (existsSync(vitestFile)) {
  const result = JSON.parse(readFileSync(vitestFile, 'utf8'));
  const suites = result.testResults.filter((file) => file.status === 'failed' && file.assertionResults.length === 0).length;
  tallies.push({name: 'vitest', passed: result.numPassedTests, failed: result.numFailedTests + suites, skipped: result.numPendingTests + result.numTodoTests});
} else tallies.push({name: 'vitest', passed: 0, failed: 1, skipped: 0});

if (!quick && vitestArgs.length === 0) {
  const prepared = spawnSync('node', ['scripts/python.mjs', '--dev'], {stdio: ['ignore', 'pipe', 'inherit'], encoding: 'utf8'});
  const python = prepared.stdout.trim();
  if (prepared.status !== 0 || python === '') {
    process.stderr.write('? the Python suite was skipped: no Python with pytest could be made ready (see above)\n');
    tallies.push({name: 'pytest', passed: 0, failed: 0, skipped: 1});
  }
  else {
    const pytest = spawnSync(python, ['-m', 'pytest', '-q', '--no-header', '-p', 'no:cacheprovider'], {cwd: 'packages/legacy-bridge/python', stdio: ['ignore', 'pipe', 'inherit'], encoding: 'utf8'});
    process.stdout.write(pytest.stdout);
    const count = (word) => Number(new RegExp(`(\\d+) ${word}`).exec(pytest.stdout.trim().split('\n').at(-1) ?? '')?.[1] ?? 0);
    tallies.push({name: 'pytest', passed: count('passed'), failed: count('failed') + count('error') + (pytest.status === 0 || count('failed') > 0 ? 0 : 1), skipped: count('skipped')});
  }
}
rmSync(scratch, {recursive: true, force: true});

process.stdout.write(`\n${tallies.map(({name, passed, failed, skipped}) => `  ${failed === 0 ? 'ok' : 'x '} ${name}: ${passed} passed, ${failed} failed, ${skipped} skipped`).join('\n')}\n`);
process.stdout.write(`tests took ${Math.round((Date.now() - startedMs) / 1000)} s\n${closingLine(tallies)}\n`);
process.exit(tallies.some(({failed}) => failed > 0) || tallies.every(({passed}) => passed === 0) ? 1 : 0);
