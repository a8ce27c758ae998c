// `npm test`: types, lint, the Python suite, then every package's suite; closes with one line of counts.
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
// hundreds of programs are started: what one has compiled and stripped of its types the others read
const env = {...process.env, TURBO_TELEMETRY_DISABLED: '1', NODE_COMPILE_CACHE: join(scratch, 'compiled')};
const startedMs = Date.now();

/** Runs to the end; what it prints is kept and shown in one piece, because several run at once. */
const quiet = (command, args, cwd = '.') => new Promise((done) => {
  const child = spawn(command, args, {cwd, stdio: ['ignore', 'pipe', 'pipe'], env});
  const said = {stdout: '', stderr: ''};
  for (const stream of ['stdout', 'stderr']) child[stream].setEncoding('utf8').on('data', (chunk) => { said[stream] += chunk; });
  child.once('error', (error) => { done({status: 1, stdout: '', stderr: `${error.message}\n`}); });
  child.once('close', (status) => { done({status, ...said}); });
});

/** A step that either holds or not. */
const step = async (name, command, args) => {
  const {status, stdout, stderr} = await quiet(command, args);
  process.stdout.write(stdout);
  process.stderr.write(stderr);
  if (status !== 0) process.stderr.write(`x ${name} failed: ${command} ${args.join(' ')}\n`);
  return {name, passed: status === 0 ? 1 : 0, failed: status === 0 ? 0 : 1, skipped: 0};
};

const pythonSuite = async () => {
  const prepared = await quiet('node', ['scripts/python.mjs', '--dev']);
  process.stderr.write(prepared.stderr);
  const python = prepared.stdout.trim();
  if (prepared.status !== 0 || python === '') {
    process.stderr.write('? the Python suite was skipped: no Python with pytest could be made ready (see above)\n');
    return {name: 'pytest', passed: 0, failed: 0, skipped: 1};
  }
  const {status, stdout, stderr} = await quiet(python, ['-m', 'pytest', '-q', '--no-header', '-p', 'no:cacheprovider'], 'packages/legacy-bridge/python');
  process.stdout.write(stdout);
  process.stderr.write(stderr);
  const count = (word) => Number(new RegExp(`(\\d+) ${word}`).exec(stdout.trim().split('\n').at(-1) ?? '')?.[1] ?? 0);
  return {name: 'pytest', passed: count('passed'), failed: count('failed') + count('error') + (status === 0 || count('failed') > 0 ? 0 : 1), skipped: count('skipped')};
};

const vitest = () => {
  const file = join(scratch, 'vitest.json');
  spawnSync('vitest', ['run', '--reporter=default', '--reporter=json', `--outputFile.json=${file}`, ...vitestArgs], {stdio: ['ignore', 'inherit', 'inherit'], env});
  const result = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : null;
  if (result === null) return {name: 'vitest', passed: 0, failed: 1, skipped: 0};
  const suites = result.testResults.filter((one) => one.status === 'failed' && one.assertionResults.length === 0).length;
  return {name: 'vitest', passed: result.numPassedTests, failed: result.numFailedTests + suites, skipped: result.numPendingTests + result.numTodoTests};
};

const whole = vitestArgs.length === 0;
// what types and lint found in a file holds until the file, what it imports or the rules change; a fresh clone has nothing kept and looks at all
const kept = (name) => join('node_modules', '.cache', 'tandem', name);
// nothing of these needs another; the suites come alone, because some compare times
const tallies = await Promise.all([
  step('build', 'turbo', ['run', 'build', '--output-logs=errors-only']),
  ...(whole ? [step('types', 'tsc', ['-p', '.', '--incremental', '--tsBuildInfoFile', kept('types.tsbuildinfo')]), step('lint', 'eslint', ['packages', 'reports', 'fences', '--cache', '--cache-strategy', 'content', '--cache-location', kept('lint')])] : []),
  ...(whole && !quick ? [pythonSuite()] : []),
]);
tallies.push(vitest());
rmSync(scratch, {recursive: true, force: true});

process.stdout.write(`\n${tallies.map(({name, passed, failed, skipped}) => `  ${failed === 0 ? 'ok' : 'x '} ${name}: ${passed} passed, ${failed} failed, ${skipped} skipped`).join('\n')}\n`);
process.stdout.write(`tests took ${Math.round((Date.now() - startedMs) / 1000)} s\n${closingLine(tallies)}\n`);
process.exit(tallies.some(({failed}) => failed > 0) || tallies.every(({passed}) => passed === 0) ? 1 : 0);
