// A wire tap as a process of its own: node wire-tap-process.ts <listen> <upstream> [observe|headers|splice]
// Says "ready <endpoint>", answers each line on stdin with its CPU and counts, ends with stdin. `observe` keeps a copy of every message in a ring.
import {createInterface} from 'node:readline';
import {startWireTap, type WireMessage, type WireMode} from '../src/index.ts';

const [listen = '', upstream = '', mode = 'observe'] = process.argv.slice(2);
const ring = Buffer.alloc(1024 * 1024 + 64 * 1024);
let at = 0;
const message = (seen: WireMessage): void => {
  for (let index = 0; index < seen.partCount; index++) {
    if (at + seen.partBytes(index) > ring.length) at = 0;
    at += seen.copyPart(index, ring, at);
  }
};
const tap = await startWireTap({listen, upstream, mode: mode as WireMode, limits: {messageBytesMax: 1024 * 1024}, sink: {message}});
process.stdout.write(`ready ${tap.endpoint}\n`);
createInterface(process.stdin).on('line', () => {
  const {user, system} = process.cpuUsage();
  process.stdout.write(`${JSON.stringify({cpuNs: (user + system) * 1000, rssBytes: process.memoryUsage.rss(), counts: tap.counts})}\n`);
}).on('close', () => process.exit(0));
