// CPU of a message in the tap's process, PUSH/PULL at full speed between two processes with our own sockets (they fill the tap's reads; slow ends wake
// it for a few messages each): full observer with a copy of each message, headers only, splice.
//   node packages/zmtp/bench/wire-tap-cost.bench.ts [messages] [octets] [rounds] [ipc|tcp]
// The last line is one JSON object.
import {Bench, here, median, type Worker} from './bench-processes.ts';
import type {WireCounts} from '../src/index.ts';

const [countText = '300000', sizeText = '200', roundsText = '5', kind = 'ipc'] = process.argv.slice(2);
const [count, size, rounds] = [Number(countText), Number(sizeText), Number(roundsText)];
const modes = ['observe', 'headers', 'splice'] as const;
type Report = {cpuNs: number; rssBytes: number; counts: WireCounts};

const bench = new Bench();
try {
  const real = modes.map((mode, at) => (kind === 'ipc' ? bench.ipc(`real-${mode}`) : `tcp://127.0.0.1:${39_600 + at}`));
  const bound = await bench.start(process.execPath, here('link-flood.ts'), 'pull', ...real);
  const taps: Worker[] = [];
  for (const [at, mode] of modes.entries()) {
    taps.push(await bench.start(process.execPath, here('wire-tap-process.ts'), kind === 'ipc' ? bench.ipc(mode) : 'tcp://127.0.0.1:*', real[at]!, mode));
  }
  const fronts = await Promise.all(taps.map(async (tap) => (await tap.ready).split(' ')[1]!));
  const connected = await bench.start(process.execPath, here('link-flood.ts'), 'push', ...fronts);
  const figures = modes.map(() => ({cpuNs: [] as number[], perSecond: [] as number[], lost: 0, observed: 0}));
  for (let round = 0; round <= rounds; round++) {
    const order = round % 2 === 0 ? [...modes.keys()] : [...modes.keys()].reverse();
    for (const link of order) {
      const before = await taps[link]!.ask<Report>({});
      const taking = bound.ask<{count: number; perSecond: number}>({link, count});
      await connected.ask({link, count, size});
      const taken = await taking;
      const after = await taps[link]!.ask<Report>({});
      const figure = figures[link]!;
      figure.lost += count - taken.count;
      figure.observed = after.counts.up.observed;
      if (round === 0) continue; // warms up
      figure.cpuNs.push((after.cpuNs - before.cpuNs) / count);
      figure.perSecond.push(taken.perSecond);
    }
  }
  const result: Record<string, unknown> = {bench: 'wire-tap-cost', kind, messages: count, sizeBytes: size, rounds, node: process.version};
  for (const [at, mode] of modes.entries()) {
    const {cpuNs, perSecond, lost, observed} = figures[at]!;
    const row = {cpuNsMedian: Math.round(median(cpuNs)), cpuNsMin: Math.round(Math.min(...cpuNs)), cpuNsMax: Math.round(Math.max(...cpuNs)), perSecondMedian: Math.round(median(perSecond)), lost, observed};
    result[mode] = row;
    process.stdout.write(`${mode.padEnd(8)} CPU ns a message ${row.cpuNsMedian} (${row.cpuNsMin} to ${row.cpuNsMax}), ${row.perSecondMedian} messages/s, lost ${lost}\n`);
  }
  process.stdout.write(`${JSON.stringify(result)}\n`);
} finally {
  await bench.end();
}
