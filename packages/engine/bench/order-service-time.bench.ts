// Service time of the order path in process, no sockets: with JSON at both edges, with batch frames at both edges, and the decision alone.
//   node packages/engine/bench/order-service-time.bench.ts [messages] [rounds]
// Every figure has the cost of reading the clock in it; what that is by itself stands in the first line of a round. A stamp also keeps the processor
// from working on two decisions at once, so `no clock inside` (whole frames with and without deciding, subtracted) is what a decision costs in a stream.
// `a loop without memory` has the length of a decision and runs behind every frame of them: what spreads its time spreads theirs, and is not deducted.
// Runs from one bundle, as the lane does; with TANDEM_LANE_START=plain from the sources.
import {importBundled} from './import-bundled.ts';

const program = new URL('./order-service-time.ts', import.meta.url);
if (process.env['TANDEM_LANE_START'] === 'plain') await import(program.href);
else await importBundled(program);
