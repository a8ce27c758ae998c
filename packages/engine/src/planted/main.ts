import {startEngineLane} from '../engine-lane.ts';
import {readLaneOptions} from '../lane-options.ts';
import {plantedDefects} from './planted-defects.ts';

// The engine with a planted defect: `node planted/main.ts order --plant <defect> ...`. Never a candidate for anything.
const args = process.argv.slice(2);
const at = args.indexOf('--plant');
const [, name = ''] = at < 0 ? [] : args.splice(at, 2);
const defect = plantedDefects[name];
if (defect === undefined) {
  process.stderr.write(`--plant is none of ${Object.keys(plantedDefects).join(', ')}\n`);
  process.exit(2);
}
const options = readLaneOptions(args);
const lane = await startEngineLane(options, defect());
process.on('SIGTERM', () => { lane.stop(); });
if (options.exitOnStdinEof) process.stdin.on('end', () => { lane.stop(); }).resume();
process.stdout.write(`${JSON.stringify({ready: true, pid: process.pid})}\n`);
await lane.ended;
process.stdin.pause();
