import {spawn} from 'node:child_process';
import {createProcessTree} from '../src/measure/process-tree.ts';
import {forgetPortableUsage, readPortableUsage} from '../src/measure/portable-usage.ts';
import {watchHarness} from '../src/measure/harness-watch.ts';

/**
 * What one reading of a lane costs the harness: `node packages/shadow/bench/resource-tick.bench.ts [readings]`.
 * The lane is an idle Node program, alone and with three children. CPU µs per reading.
 */
const readings = Number(process.argv[2] ?? '300');
const IDLE = "process.stdin.resume().on('end', () => process.exit())";
const WITH_CHILDREN = `for (let i = 0; i < 3; i++) require('child_process').spawn(process.execPath, ['-e', ${JSON.stringify(IDLE)}], {stdio: ['pipe', 'ignore', 'ignore']}); ${IDLE}`;

async function costUs(work: () => unknown): Promise<number> {
  const start = process.cpuUsage();
  for (let index = 0; index < readings; index++) await work();
  const used = process.cpuUsage(start);
  return (used.user + used.system) / readings;
}

for (const [title, program] of [['one process', IDLE], ['with three children', WITH_CHILDREN]] as const) {
  const lane = spawn(process.execPath, ['-e', program], {stdio: ['pipe', 'ignore', 'inherit']});
  await new Promise((resolve) => setTimeout(resolve, 600));
  const pid = lane.pid ?? 0;
  const tree = createProcessTree(pid);
  const {processes, threads} = tree.read({pss: false});
  console.log(`${title}: ${String(processes)} processes, ${String(threads)} threads`);
  console.log(`  reading                ${(await costUs(() => tree.read({pss: false}))).toFixed(0).padStart(7)} µs CPU`);
  console.log(`  reading with PSS       ${(await costUs(() => tree.read({pss: true}))).toFixed(0).padStart(7)} µs CPU`);
  console.log(`  pidusage, first only   ${(await costUs(() => readPortableUsage(pid))).toFixed(0).padStart(7)} µs CPU`);
  lane.stdin.end();
  await new Promise((resolve) => lane.once('exit', resolve));
}
forgetPortableUsage();

const watch = watchHarness();
const before = process.cpuUsage();
await new Promise((resolve) => setTimeout(resolve, 2000));
const idle = process.cpuUsage(before);
console.log(`harness watch, idle: ${((idle.user + idle.system) / 2000).toFixed(2)} ms CPU per second, stall floor ${(watch.figures().stallNsMax / 1e6).toFixed(1)} ms`);
watch.stop();
