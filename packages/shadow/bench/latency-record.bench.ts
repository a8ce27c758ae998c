import {quantileInterval} from '../src/judge/quantile-confidence.ts';
import {prepareHistograms} from '../src/measure/histogram-library.ts';
import type {HistogramBuild} from '../src/measure/histogram-library.ts';
import {createLatencyBook} from '../src/measure/latency-book.ts';
import {createLatencyRecorder} from '../src/measure/latency-recorder.ts';

/**
 * What measuring a latency costs the harness: `node packages/shadow/bench/latency-record.bench.ts [rounds]`.
 * CPU ns per call, median and range of the rounds; both builds interleaved.
 */
const rounds = Number(process.argv[2] ?? '7');
const VALUES = 1_000_000;
const deltas = Float64Array.from({length: VALUES}, (_, index) => 10_000 + ((index * 7919) % 1_000_003));

function cpuNsPerCall(calls: number, work: () => void): number {
  const start = process.cpuUsage();
  work();
  const used = process.cpuUsage(start);
  return (used.user + used.system) * 1000 / calls;
}

function line(title: string, figures: readonly number[], unit = 'ns'): void {
  const sorted = [...figures].sort((a, b) => a - b);
  const at = (share: number): string => (sorted[Math.floor(share * (sorted.length - 1))] ?? 0).toFixed(1);
  console.log(`${title.padEnd(44)} ${at(0.5).padStart(9)} ${unit}   [${at(0)}, ${at(1)}]`);
}

await prepareHistograms();
const results = new Map<string, number[]>();
const note = (title: string, figure: number): void => { results.set(title, [...results.get(title) ?? [], figure]); };

for (let round = 0; round < rounds; round++) {
  for (const build of (round % 2 === 0 ? ['wasm', 'js'] : ['js', 'wasm']) as HistogramBuild[]) {
    const recorder = createLatencyRecorder({lane: 'legacy', kind: 'response', build, quantileInterval});
    note(`record, ${build}`, cpuNsPerCall(VALUES, () => { for (let index = 0; index < VALUES; index++) recorder.record(deltas[index] ?? 0); }));
    note(`evidence of 1 M samples, ${build}`, cpuNsPerCall(1, () => { recorder.evidence(); }) / 1e6);
    recorder.destroy();
    const book = createLatencyBook({lanes: ['legacy'], build, quantileInterval});
    const input = {lane: 'legacy' as const, inputSeq: 0, plannedNs: 0, sentNs: 0};
    note(`sent + output (two histograms), ${build}`, cpuNsPerCall(VALUES, () => {
      for (let index = 0; index < VALUES; index++) {
        input.inputSeq = index;
        input.plannedNs = index * 1000;
        input.sentNs = index * 1000 + 50;
        book.sent(input);
        book.output('legacy', index, input.sentNs + (deltas[index] ?? 0));
      }
    }));
    book.destroy();
  }
}
for (const [title, figures] of results) line(title, figures, title.startsWith('evidence') ? 'ms' : 'ns');
