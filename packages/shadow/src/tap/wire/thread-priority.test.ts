import {readFileSync} from 'node:fs';
import {join} from 'node:path';
import {Worker} from 'node:worker_threads';
import {expect, it} from 'vitest';

const niceOf = (place: string): number => Number(readFileSync(place, 'utf8').split(') ')[1]?.split(' ')[16]);

it.runIf(process.platform === 'linux')('only the thread that gives way does', async () => {
  const before = niceOf('/proc/self/stat');
  const code = `const {parentPort} = require('node:worker_threads'); const {readFileSync} = require('node:fs');
    import(${JSON.stringify(join(import.meta.dirname, 'thread-priority.ts'))}).then(({giveWay}) => { const done = giveWay(); parentPort.postMessage([done, readFileSync('/proc/thread-self/stat', 'utf8')]); });`;
  const worker = new Worker(code, {eval: true});
  const [done, stat] = await new Promise<[boolean, string]>((said, failed) => { worker.once('message', said).once('error', failed); });
  await worker.terminate();
  expect([done, Number(stat.split(') ')[1]?.split(' ')[16])]).toEqual([true, Math.min(19, before + 10)]);
  expect(niceOf('/proc/self/stat')).toBe(before);
});
