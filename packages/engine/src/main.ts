import {startLean} from './lean-start.ts';

// does not come back where this process can be replaced by a leaner one with the same id
startLean(process.argv.slice(2));
const {runLane} = await import('./lane-program.ts');
await runLane(process.argv.slice(2));
