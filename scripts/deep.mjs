// `npm run test:deep`: the heavy suites (fault matrix, fuzzing, soak) with a seed and a budget in seconds for each suite
// that can be bounded, both printed. `--suites a,b` takes those whose path holds one of the words.
import {spawnSync} from 'node:child_process';
import {readFileSync} from 'node:fs';
import {fileURLToPath} from 'node:url';

process.chdir(fileURLToPath(new URL('..', import.meta.url)));
const option = (name, fallback) => {
  const at = process.argv.indexOf(`--${name}`);
  return at > 0 ? process.argv[at + 1] : process.env[`TANDEM_${name.toUpperCase()}`] ?? fallback;
};
// of a test that no budget bounds
const TEST_LIMIT_S = 900;
const seed = option('seed', String(Math.floor(Math.random() * 2 ** 31)));
const budgetS = option('budget', '1200');
process.stdout.write(`deep batteries: seed ${seed}, budget ${budgetS} s (repeat with: npm run test:deep -- --seed ${seed} --budget ${budgetS})\n`);
// every suite that has a deep side says so by reading TANDEM_DEEP
const listed = spawnSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', '*.test.ts'], {encoding: 'utf8'}).stdout.split('\n').filter(Boolean);
const wanted = option('suites', '').split(',').filter(Boolean);
const deep = listed.filter((file) => readFileSync(file, 'utf8').includes('TANDEM_DEEP') && (wanted.length === 0 || wanted.some((part) => file.includes(part))));
process.stdout.write(`${deep.length} suites: ${deep.join(' ')}\n`);
const run = spawnSync('node', ['scripts/test.mjs', '--quick', '--testTimeout', String(Math.max(Number(budgetS), TEST_LIMIT_S) * 1000), ...deep], {
  stdio: 'inherit', env: {...process.env, TANDEM_DEEP: '1', TANDEM_SEED: seed, TANDEM_BUDGET_S: budgetS, TANDEM_BUDGET_MS: String(Number(budgetS) * 1000), TURBO_TELEMETRY_DISABLED: '1'},
});
process.exit(run.status ?? 1);
