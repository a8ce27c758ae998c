// A thread of its own, because what other tests had compiled before decides what the optimiser does: posts the heap octets that 50,000 warm rows leave behind.
import {parentPort} from 'node:worker_threads';
import {compileForest} from '../src/signal/model/compile-forest.ts';
import {chanceOf, finiteRow, randomForest, randomRow} from './random-forest.ts';

const chance = chanceOf(8);
const forest = randomForest(chance, {family: 'xgboost', features: 9, trees: 40, outputs: 1, growth: 0.9, depth: 6, categorical: false});
const model = compileForest(forest);
const rows = Array.from({length: 100}, (_, at) => at % 2 === 0 ? randomRow(chance, forest) : finiteRow(chance, forest));
const sums = new Float64Array(1);
const run = (count: number): void => { for (let at = 0; at < count; at++) model.raw(rows[at % rows.length] as Float64Array, sums); };
run(50_000);
const before = process.memoryUsage().heapUsed;
run(50_000);
parentPort?.postMessage(process.memoryUsage().heapUsed - before);
