import {message} from './capture-fixture.ts';
import {openLogReader} from './log-reader.ts';
import {openLogWriter} from './log-writer.ts';

/**
 * Writes and reads messages of 200 octets and prints, in MB: what is held after a collection early and late, and the most
 * resident memory in each half. Needs --expose-gc. Arguments: folder, messages.
 */
const [folder = '', count = '1000000'] = process.argv.slice(2);
const total = Number(count);

class MemoryCurve {
  heldEarly = 0;
  heldLate = 0;
  rssFirstHalf = 0;
  rssSecondHalf = 0;

  async at(share: number): Promise<void> {
    const rss = process.memoryUsage.rss() / 1e6;
    if (share <= 0.5) this.rssFirstHalf = Math.max(this.rssFirstHalf, rss);
    else this.rssSecondHalf = Math.max(this.rssSecondHalf, rss);
    if (this.heldEarly === 0 && share >= 0.2) this.heldEarly = await held();
    if (this.heldLate === 0 && share >= 0.95) this.heldLate = await held();
  }
}

/** Memory of buffers is swept in the background: collect, wait, look. */
async function held(): Promise<number> {
  for (let round = 0; round < 3; round += 1) {
    globalThis.gc?.();
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  const {heapUsed, external} = process.memoryUsage();
  return (heapUsed + external) / 1e6;
}

const write = new MemoryCurve();
const writer = await openLogWriter(folder);
const frames = [new Uint8Array(200).fill(97)];
for (let seq = 1; seq <= total; seq += 1) {
  if (!writer.append(message(seq, {frames}))) throw new Error(`message ${seq} was refused`);
  if (seq % 2000 !== 0) continue;
  await new Promise((resolve) => setImmediate(resolve));
  if (writer.pressed) await writer.room();
  if (seq % (total / 100) === 0) await write.at(seq / total);
}
await writer.close();

let read = 0;
const reading = new MemoryCurve();
for await (const batch of (await openLogReader(folder)).batches()) {
  const before = Math.floor((read * 100) / total);
  read += batch.length;
  if (Math.floor((read * 100) / total) !== before) await reading.at(read / total);
}
process.stdout.write(JSON.stringify({read, write, reading}));
