// Runs what CI runs and closes with one line of counts over everything. Each part prints its own output.
import {spawn} from 'node:child_process';
import {fileURLToPath} from 'node:url';
import {closingLine} from './closing-line.mjs';

process.chdir(fileURLToPath(new URL('..', import.meta.url)));
const COUNTS = /^(?:\w+: )?(\d+) passed, (\d+) failed(?:, (\d+) skipped)?$/;

/** Runs `npm run <args>`; its closing counts, or one check by its exit code. */
const part = (name, args, limitS, expectedExit = 0) => new Promise((done) => {
  process.stdout.write(`\n== ${name}: npm ${args.join(' ')}\n`);
  const startedMs = Date.now();
  const child = spawn('npm', args, {stdio: ['ignore', 'pipe', 'inherit'], env: {...process.env, TURBO_TELEMETRY_DISABLED: '1'}});
  const timer = setTimeout(() => child.kill('SIGTERM'), limitS * 1000);
  let counts = null, rest = '';
  child.stdout.on('data', (chunk) => {
    process.stdout.write(chunk);
    const lines = (rest + chunk).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) counts = COUNTS.exec(line.trim()) ?? counts;
  });
  child.on('close', (code) => {
    clearTimeout(timer);
    const held = code === expectedExit;
    process.stdout.write(`== ${name}: ${held ? 'ok' : `x exit ${code}, expected ${expectedExit}`} after ${Math.round((Date.now() - startedMs) / 1000)} s\n`);
    const [passed, failed, skipped] = counts === null ? [0, 0, 0] : [counts[1], counts[2], counts[3] ?? 0].map(Number);
    done({name, passed: passed + (held ? 1 : 0), failed: failed + (held ? 0 : 1), skipped});
  });
});

const tallies = [await part('tests', ['test'], 900)];
tallies.push(await part('demo finds the planted bugs', ['run', 'demo'], 180, 10));
tallies.push(await part('demo turns green', ['run', 'demo', '--', '--fixed'], 240));
tallies.push(await part('demo returns by itself', ['run', 'demo', '--', '--fault'], 240, 12));
tallies.push(await part('deep batteries, bounded', ['run', 'test:deep', '--', '--suites', 'canary-faults,same-against-same,gate-throughput,endpoint/garbage', '--budget', '120', '--seed', '20261120'], 600));
process.stdout.write(`\n${closingLine(tallies)}\n`);
process.exit(tallies.some(({failed}) => failed > 0) ? 1 : 0);
