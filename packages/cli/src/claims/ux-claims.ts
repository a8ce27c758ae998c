import {spawnSync} from 'node:child_process';
import {join} from 'node:path';
import {packageRoot, repositoryRoot} from '../package-root.ts';
import {decided, notHere, type Claim} from './claim.ts';

const ROUNDS = 7;

/** CPU milliseconds (user + system, children included) of one command, the least of some rounds. */
const leastCpuMs = (args: readonly string[]): number => {
  let least = Infinity;
  for (let round = 0; round <= ROUNDS; round += 1) {
    const child = spawnSync(process.execPath, ['-e', CHILD_CPU, process.execPath, join(packageRoot(), 'bin/tandem.cjs'), ...args], {encoding: 'utf8'});
    if (child.status !== 0) throw new Error(`tandem ${args.join(' ')} exited with ${child.status}: ${child.stderr}`);
    // the first one warms the compile cache
    if (round > 0) least = Math.min(least, Number(child.stdout));
  }
  return least;
};
/** runs a command and prints what the kernel says its children used */
const CHILD_CPU = `
const {spawnSync} = require('node:child_process');
const {readFileSync} = require('node:fs');
const [command, ...args] = process.argv.slice(1);
const run = spawnSync(command, args, {stdio: ['ignore', 'ignore', 'inherit']});
const fields = readFileSync('/proc/self/stat', 'utf8').split(') ')[1].split(' ');
process.stdout.write(String((Number(fields[13]) + Number(fields[14])) * 10));
process.exit(run.status ?? 1);`;

export const uxClaims: readonly Claim[] = [
  ...([['ux.help', ['--help']], ['ux.version', ['--version']], ['ux.command-help', ['replay', '--help']]] as const).map(([id, args]): Claim => ({
    id, area: 'ux', claim: `tandem ${args.join(' ')} uses little CPU`, unit: 'ms', goal: '<= 150',
    measure: () => Promise.resolve(process.platform !== 'linux' ? notHere('needs /proc') : decided('<= 150', leastCpuMs(args), `least CPU of ${ROUNDS} rounds, 10 ms ticks`)),
  })),
  {id: 'ux.demo-warm', area: 'ux', claim: 'npm run demo to the first verdict, warm', unit: 's', goal: '<= 15', measure: () => {
    const startedMs = performance.now();
    const run = spawnSync('npm', ['run', 'demo'], {cwd: repositoryRoot(), encoding: 'utf8', maxBuffer: 16 * 1024 * 1024});
    const seconds = Math.round((performance.now() - startedMs) / 100) / 10;
    return Promise.resolve(run.status === 10 ? decided('<= 15', seconds, 'exit 10, as it should be: two planted bugs') : {figure: seconds, holds: false, conditions: `exit ${run.status}: ${run.stdout.slice(-300)}`});
  }},
];
